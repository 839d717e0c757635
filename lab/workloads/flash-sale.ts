import { everybody } from "../generate/arrivals.ts";
import { Unanswered } from "../shop/api.ts";
import { askQuote, beginPayment, place } from "./purchase.ts";
import type { Company, Means, Visit, Workload } from "./workload.ts";

/** One piece for ten who want it. */
const wantedBy = 10;

/**
 * One SKU, everybody, at one second: every buyer sends a checkout of one piece, and there is a tenth as many pieces.
 * Whoever is told that it is sold out was answered well. At the end as many are sold as there were, and none is left.
 */
export const flashSale: Workload = {
  name: "flash-sale",
  about: `all buyers (--buyers) want one SKU within one second, and there is a piece for one in ${wantedBy}`,
  buys: true,
  open: openSale,
  arrivals: ({ buyers, warmUpMs }) => everybody(buyers, warmUpMs),
};

async function openSale(means: Means): Promise<Company> {
  const { api, buyers, catalogue, operator } = means;
  const sku = catalogue.products.find(({ skus }) => skus.length > 0)?.skus[0];
  const [somebody] = buyers.all;
  if (!sku || !somebody) throw new Error("a sale needs a product and buyers");
  if (!operator)
    throw new Error("a sale needs somebody who may say how many pieces there are: the demo's operator");
  const pieces = Math.ceil(buyers.all.length / wantedBy);
  await api.text({
    method: "PUT",
    path: `/api/v1/skus/${sku}/stock`,
    token: operator,
    body: { onHand: pieces },
  });
  const lines = [{ sku, quantity: 1 }];
  // A quote's digest stands for its prices, whoever asks.
  const quote = await askQuote({ api }, somebody, lines);
  let sold = 0;
  const run = async (visit: Visit) => {
    const buyer = await visit.buyers.take();
    try {
      const checkout = await visit.step("checkout", () => orSoldOut(place(visit, buyer, quote, lines)));
      visit.tell(checkout ? "sold" : "sold out");
      if (!checkout) return;
      sold++;
      visit.acknowledged.placed(buyer.token, checkout);
      const payment = await visit.step("pay", () => beginPayment(visit, buyer, checkout));
      await visit.step("callback", () => visit.provider.capture(payment));
      visit.acknowledged.paid(checkout.id);
    } finally {
      visit.buyers.giveBack(buyer);
    }
  };
  return {
    sessions: [{ name: "flash sale", weight: 1, buys: true, run }],
    check: async () => {
      const { items } = await api.json<{ items: readonly { available: number }[] }>({
        path: `/api/v1/stock?skus=${sku}`,
      });
      const left = items[0]?.available;
      const wrong: string[] = [];
      if (sold > pieces) wrong.push(`${sold} pieces of ${sku} were sold, and there were ${pieces}`);
      if (sold + (left ?? 0) !== pieces)
        wrong.push(`${sold} of ${pieces} pieces of ${sku} were sold, and ${left} are left`);
      return wrong;
    },
  };
}

async function orSoldOut<T>(placing: Promise<T>): Promise<T | undefined> {
  try {
    return await placing;
  } catch (error) {
    if (error instanceof Unanswered && error.code === "order.out_of_stock") return undefined;
    throw error;
  }
}
