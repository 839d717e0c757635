import { randomFor } from "#demo/random";
import type { Api } from "../shop/api.ts";
import type { Buyer } from "../shop/buyers.ts";
import type { Catalogue } from "../shop/catalogue.ts";
import type { Provider } from "../shop/provider.ts";
import { askQuote, beginPayment, type Line, place, putIntoCart, sayAddress } from "../workloads/purchase.ts";
import type { ShopOperation } from "./measure.ts";

/** So many baskets are quoted beforehand: a quote's digest stands for its prices, whoever asks. */
const baskets = 500;

interface Basket {
  readonly lines: readonly Line[];
  readonly digest: string;
}

/** What buyers do: the one request that places an order of two lines at one shop, and the whole purchase of them. */
export async function buyingOperations(with_: {
  api: Api;
  catalogue: Catalogue;
  buyers: readonly Buyer[];
  provider: Provider;
  seed: number;
  run: string;
}): Promise<readonly ShopOperation[]> {
  const { api, catalogue, buyers, provider, seed, run } = with_;
  const random = randomFor("baskets", seed);
  const linesOf = () => catalogue.twoOfOneShop(random).map((sku) => ({ sku, quantity: 1 }));
  const quoted = await quoteAll(api, buyers, Array.from({ length: baskets }, linesOf));
  let asked = 0;
  const buyerOf = (caller: number) => {
    const buyer = buyers[caller % buyers.length];
    if (!buyer) throw new Error("there are no buyers");
    return buyer;
  };
  return [
    {
      name: "checkout",
      how: "POST /checkouts: one shop, two lines",
      callers: 16,
      once: async (caller) => {
        const basket = random.pick(quoted);
        await place({ api, key: `${run}-${asked++}` }, buyerOf(caller), basket.digest, basket.lines);
      },
    },
    {
      name: "whole purchase",
      how: "7 requests: two lines into the cart, address, quote, checkout, payment, its callback",
      callers: Math.min(16, buyers.length),
      once: async (caller) => {
        const means = { api, key: `${run}-${asked++}` };
        const buyer = buyerOf(caller);
        for (const { sku } of linesOf()) await putIntoCart(means, buyer, sku, 1);
        await sayAddress(means, buyer);
        const checkout = await place(means, buyer, await askQuote(means, buyer));
        await provider.capture(await beginPayment(means, buyer, checkout));
      },
    },
  ];
}

async function quoteAll(
  api: Api,
  buyers: readonly Buyer[],
  wanted: readonly (readonly Line[])[],
): Promise<readonly Basket[]> {
  const [buyer] = buyers;
  if (!buyer) throw new Error("there are no buyers");
  const quoted: Basket[] = [];
  for (const lines of wanted) quoted.push({ lines, digest: await askQuote({ api }, buyer, lines) });
  return quoted;
}
