import { hash } from "node:crypto";
import type { Shop } from "#domains/shop/api";
import { accountOf, type Context, onBehalfOf } from "#kernel/context";
import type { Id } from "#kernel/id";
import { sum } from "#kernel/money";
import { expectDone, isRefusal, refuse } from "#kernel/refusal";
import type { OrderDoor } from "./api.ts";
import type { OrderDeps } from "./deps.ts";
import { addUp, type Offer, priceAtShop, pricesOf, type Wish } from "./price.ts";
import type { Quote } from "./schema.ts";

export const digestOf = (text: string): string => hash("sha256", text).slice(0, 32);

/** What is to be bought: what was asked for, or else what is in the buyer's cart. */
export async function wishesOf(d: OrderDeps, c: Context, asked: readonly Wish[] | undefined) {
  const account = accountOf(c);
  return addUp(asked ?? expectDone(await d.cart.contents(onBehalfOf(c, "order"), { account })));
}

/** What the wishes cost now, and the shops that sell them. Asks catalog once and shop once. */
export async function priceNow(d: OrderDeps, c: Context, wishes: readonly Wish[]) {
  const own = onBehalfOf(c, "order");
  if (wishes.length === 0) return refuse("order.nothing_to_buy", "Put something in the cart first.");
  const offers = expectDone(await d.catalog.skus(own, { ids: wishes.map((w) => w.sku) }));
  const bySku = new Map(offers.map((offer) => [offer.sku, offer]));
  const missing = wishes.filter((w) => !bySku.has(w.sku)).map((w) => w.sku);
  if (missing.length > 0) {
    return refuse("order.sku_not_found", "Take out what cannot be bought any more.", { skus: missing });
  }
  const currencies = new Set(offers.map((offer) => offer.price.currency));
  if (currencies.size > 1) {
    return refuse("order.mixed_currencies", "Buy what is priced in another currency separately.");
  }
  const ids = [...new Set(offers.map((offer) => offer.shop))].sort();
  const found = expectDone(await d.shop.getMany(own, { ids }));
  const shops = new Map(found.map((shop) => [shop.id, shop]));
  const quotes = ids.flatMap((id) => quoteOf(shops.get(id), wishes, bySku));
  const [currency = ""] = currencies;
  return {
    shops,
    quotes,
    digest: digestOf(pricesOf(quotes)),
    total: sum(
      quotes.map((q) => q.total),
      currency,
    ),
  };
}

function quoteOf(shop: Shop | undefined, wishes: readonly Wish[], offers: ReadonlyMap<Id<"sku">, Offer>) {
  if (!shop) throw new Error("catalog sells for a shop that does not exist");
  const wanted = wishes.flatMap(({ sku, quantity }) => {
    const offer = offers.get(sku);
    return offer?.shop === shop.id ? [{ offer, quantity }] : [];
  });
  return [priceAtShop(shop, wanted)];
}

/** A quote for the buyer to look at. Promises prices (through its digest), not stock. */
export async function quote(d: OrderDeps, c: Context, input: Parameters<OrderDoor["quote"]>[1]) {
  const [address, { priced, short }] = await Promise.all([
    addressIn(d, c, input),
    pricesAndStock(d, c, input),
  ]);
  if (isRefusal(address)) return refuse("order.address_not_found", "Choose one of your own addresses.");
  if (isRefusal(priced)) return priced;
  return { digest: priced.digest, shops: priced.quotes, total: priced.total, short } satisfies Quote;
}

type Asked = Parameters<OrderDoor["quote"]>[1];

const addressIn = (d: OrderDeps, c: Context, { address }: Asked) =>
  address && d.account.addressOf(onBehalfOf(c, "order"), { account: accountOf(c), address });

async function pricesAndStock(d: OrderDeps, c: Context, { lines }: Asked) {
  const wishes = await wishesOf(d, c, lines);
  const [priced, short] = await Promise.all([priceNow(d, c, wishes), shortOf(d, c, wishes)]);
  return { priced, short };
}

/** What cannot be had now in the quantity wished for. */
async function shortOf(d: OrderDeps, c: Context, wishes: readonly Wish[]): Promise<Quote["short"]> {
  if (wishes.length === 0) return [];
  const skus = wishes.map(({ sku }) => sku);
  const { items } = expectDone(await d.inventory.available(onBehalfOf(c, "order"), { skus }));
  const available = new Map(items.map((item) => [item.sku, item.available]));
  return wishes
    .map(({ sku, quantity }) => ({ sku, quantity, available: available.get(sku) ?? 0 }))
    .filter((line) => line.available < line.quantity)
    .map(({ sku, available: most }) => ({ sku, available: most }));
}
