import type { Checkout } from "../shop/acknowledged.ts";
import { Unanswered } from "../shop/api.ts";
import { address, type Buyer } from "../shop/buyers.ts";
import type { Payment } from "../shop/provider.ts";
import type { Session, Visit } from "./workload.ts";

/** Two lines into the cart, address, quote, checkout, payment begun, captured, seen paid. */
export const interactionsOfPurchase = 8;

/** A whole purchase by a buyer of the pool: two products by popularity, mostly of two shops, so mostly two orders. */
export const purchase: Session = {
  name: "purchase",
  weight: 1,
  buys: true,
  run: async (visit) => {
    const buyer = await visit.buyers.take();
    const skus = [wanted(visit), wanted(visit)];
    try {
      await buy(visit, buyer, skus);
    } catch (error) {
      // What the next visit of this buyer would find in the cart would not be its own.
      for (const sku of skus) await takeOut(visit, buyer, sku).catch(() => undefined);
      throw error;
    } finally {
      visit.buyers.giveBack(buyer);
    }
  },
};

function wanted({ catalogue, random }: Visit): string {
  for (;;) {
    const { skus } = catalogue.product(random);
    if (skus.length > 0) return random.pick(skus);
  }
}

async function buy(visit: Visit, buyer: Buyer, skus: readonly string[]): Promise<void> {
  for (const sku of skus) await visit.step("cart", () => putIntoCart(visit, buyer, sku, 1));
  await visit.step("address", () => sayAddress(visit, buyer));
  const digest = await visit.step("quote", () => askQuote(visit, buyer));
  const checkout = await visit.step("checkout", () => place(visit, buyer, digest));
  visit.acknowledged.placed(buyer.token, checkout);
  const payment = await visit.step("pay", () => beginPayment(visit, buyer, checkout));
  await visit.step("callback", () => visit.provider.capture(payment));
  visit.acknowledged.paid(checkout.id);
  await visit.step("paid", () => seePaid(visit, buyer, checkout));
}

export type Line = { readonly sku: string; readonly quantity: number };
type Of = Pick<Visit, "api" | "key">;

/** Puts a SKU into the buyer's cart. */
export const putIntoCart = ({ api }: Of, { token }: Buyer, sku: string, quantity: number) =>
  api.text({ method: "PUT", path: `/api/v1/cart/items/${sku}`, token, body: { quantity } });

const takeOut = ({ api }: Of, { token }: Buyer, sku: string) =>
  api.text({ method: "DELETE", path: `/api/v1/cart/items/${sku}`, token });

/** Says where to: the one address of the account is written anew, since an account holds no more than 20. */
export const sayAddress = ({ api }: Of, { token, address: id }: Buyer) =>
  api.text({ method: "PUT", path: `/api/v1/accounts/me/addresses/${id}`, token, body: address });

/** What the lines, or else the cart, would cost: the digest of the quote. */
export async function askQuote(
  { api }: Pick<Of, "api">,
  { token, address: id }: Buyer,
  lines?: readonly Line[],
) {
  const { digest } = await api.json<{ digest: string }>({
    method: "POST",
    path: "/api/v1/quotes",
    token,
    body: { lines, address: id },
  });
  return digest;
}

/** Places the orders of one checkout: of the lines, or else of the cart. */
export const place = ({ api, key }: Of, buyer: Buyer, quote: string, lines?: readonly Line[]) =>
  api.json<Checkout>({
    method: "POST",
    path: "/api/v1/checkouts",
    token: buyer.token,
    key: `checkout-${key}`,
    body: { lines, address: buyer.address, quote },
  });

/** Begins to pay. */
export const beginPayment = ({ api, key }: Of, { token }: Buyer, checkout: { readonly id: string }) =>
  api.json<Payment>({
    method: "POST",
    path: "/api/v1/payments",
    token,
    key: `payment-${key}`,
    body: { checkout: checkout.id, provider: "sandbox", returnUrl: "/orders" },
  });

/** A browser that comes back looks again until it sees the orders paid: after 20 ms, then twice as long each time. */
async function seePaid({ api }: Visit, { token }: Buyer, checkout: Checkout): Promise<void> {
  for (let waitMs = 20; waitMs < 10_000; waitMs *= 2) {
    const { orders } = await api.json<Checkout>({ path: `/api/v1/checkouts/${checkout.id}`, token });
    if (orders.every((order) => order.state !== "pending")) return;
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
  throw new Unanswered("lab.not_paid", 0, `${checkout.id} was not seen paid within 20 s`);
}
