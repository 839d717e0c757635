import assert from "node:assert/strict";
import type { Id } from "#kernel/id";
import { expectDone } from "#kernel/refusal";
import { type Buyer, buyer, order, type Person, pay, person, pressPay } from "../support/people.ts";
import type { TestServer } from "../support/server.ts";
import { openShop, type TestShop } from "../support/shop.ts";
import { until } from "../support/until.ts";
import { fill } from "./fill.ts";

/** What a browser must know to visit a shop's pages. */
export interface Scene {
  readonly url: string;
  /** Of a shop that has nothing in it, and of one whose search has lost its tables. */
  readonly otherUrls?: Readonly<Record<"empty" | "broken", string>>;
  readonly paths: Readonly<Record<PathName, string>>;
  /** Who has which cookies. */
  readonly cookies: Readonly<Record<Visitor, Readonly<Record<string, string>>>>;
}

export type Visitor = "guest" | "ada" | "newcomer" | "surprised" | "debtor";

/** A filled shop, an empty one and a broken one, with people in every situation a page can show. */
export interface World extends Scene {
  close(): Promise<void>;
}

type PathName =
  | "product"
  | "plainProduct"
  | "soldOut"
  | "shop"
  | "pending"
  | "ofMany"
  | "paid"
  | "shipped"
  | "received"
  | "closed"
  | "refunded"
  | "payPaid"
  | "payPending"
  | "payFailed"
  | "sandbox"
  | "sandboxDeclined"
  | "sandboxPaid";

interface Offer {
  readonly product: Id<"product">;
  readonly slug: string;
  readonly shop: Id<"shop">;
  readonly sku: Id<"sku">;
  readonly skus: readonly Id<"sku">[];
}

/**
 * Opens the shops and brings everybody into their situation, all through the public API. Ada has an address, a cart
 * of three shops and an order in each state; the newcomer has one thing in the cart and no more; for the surprised a
 * price has changed and a thing is sold out; the debtor has ordered from three shops and not paid.
 */
export async function openWorld(server?: TestServer): Promise<World> {
  const on = server ? { server } : {};
  const [shop, empty, broken] = [await openShop(on), await openShop(on), await openShop(on)];
  await broken.db.admin("alter schema search rename to lost");
  const merchant = await fill(shop);
  const offers = await offersOf(shop);
  const [ada, surprised, newcomer] = [await buyer(shop), await buyer(shop), await person(shop)];
  const debtor = await buyer(shop);
  const six = fromDifferentShops(offers, 6);
  const [three, others] = [six.slice(0, 3), six.slice(3)];
  const orders = await ordersOf(shop, ada, merchant, three);
  const guestCart = await putAll(shop.client, three);
  await putAll(ada.api, three);
  await putAll(surprised.api, others);
  await putAll(newcomer.api, three.slice(0, 1));
  const wanted = three.map(({ sku }) => ({ sku, quantity: 1 }));
  const unpaid = expectDone(await order(debtor, wanted));
  const soldOut = await surprise(shop, merchant, others);
  const withOptions = offers.find((offer) => offer.skus.length > 4) ?? at(offers, 0);
  const plain = offers.find((offer) => offer.skus.length === 1) ?? at(offers, 0);
  return {
    url: shop.url,
    otherUrls: { empty: empty.url, broken: broken.url },
    cookies: {
      guest: { cart: guestCart },
      ada: { session: ada.token },
      newcomer: { session: newcomer.token },
      surprised: { session: surprised.token },
      debtor: { session: debtor.token },
    },
    paths: {
      ...orders,
      ofMany: `/orders/${at(unpaid.orders, 0).id}`,
      product: pathOf(withOptions),
      plainProduct: pathOf(plain),
      soldOut: pathOf(soldOut),
      shop: `/s/${at(offers, 0).shop}`,
    },
    close: async () => {
      await shop.close();
      await empty.close();
      await broken.close();
    },
  };
}

const pathOf = ({ product, slug }: Offer) => `/p/${product}/${slug}`;

function at<T>(list: readonly T[], index: number): T {
  const found = list[index];
  assert.ok(found !== undefined, "the filled shop has too little in it");
  return found;
}

/** Things of the filled shop that can be bought, each with its first SKU in stock. */
async function offersOf(shop: TestShop): Promise<Offer[]> {
  const { items } = expectDone(await shop.client.search.list({ limit: 100 }));
  const skus = items.flatMap((item) => item.skus.slice(0, 1));
  const stock = expectDone(await shop.client.inventory.available({ skus })).items;
  const plenty = new Set(stock.filter(({ available }) => available > 9).map(({ sku }) => sku));
  return items.flatMap(({ product, slug, shop: seller, skus: own }) => {
    const [sku] = own;
    return sku && plenty.has(sku) ? [{ product, slug, shop: seller, sku, skus: own }] : [];
  });
}

function fromDifferentShops(offers: readonly Offer[], count: number): Offer[] {
  const byShop = new Map(offers.map((offer) => [offer.shop, offer]));
  const chosen = [...byShop.values()].slice(0, count);
  assert.equal(chosen.length, count, "the filled shop has too few sellers");
  return chosen;
}

/** Puts one of each into a cart; the token of a guest's. */
async function putAll(api: Person["api"], offers: readonly Offer[]): Promise<string> {
  let token = "";
  for (const { sku } of offers) {
    const cart = expectDone(
      await (token ? api.as({ cartToken: token }) : api).cart.put({ sku, quantity: 1 }),
    );
    token = cart.token ?? token;
  }
  return token;
}

async function ordersOf(shop: TestShop, who: Buyer, merchant: Person, offers: readonly Offer[]) {
  const place = async (wanted: readonly Offer[]) =>
    expectDone(
      await order(
        who,
        wanted.map(({ sku }) => ({ sku, quantity: 2 })),
      ),
    );
  const begin = async (checkout: Id<"checkout">) =>
    expectDone(await who.api.order.pay({ checkout, provider: "sandbox" }));
  const one = offers.slice(0, 1);

  const closed = await place(one);
  expectDone(await who.api.order.cancel({ id: at(closed.orders, 0).id }));
  const failed = await place(one);
  const declined = await begin(failed.id);
  await pressPay(shop, declined.redirectUrl, "decline");
  await until(async () => expectDone(await who.api.payment.get({ id: declined.id })).state === "failed");
  const all = await place(offers);
  const captured = await begin(all.id);
  await pressPay(shop, captured.redirectUrl);
  await until(async () => expectDone(await who.api.payment.get({ id: captured.id })).state === "captured");
  await shop.bus.quiet();
  const ids = all.orders.map(({ id }) => id);
  for (const id of ids.slice(0, 2)) {
    expectDone(await merchant.api.order.ship({ id, carrier: "Parcel Post", trackingNumber: "PP123456789" }));
  }
  expectDone(await who.api.order.receive({ id: at(ids, 0) }));
  const refunded = await place(one);
  await pay(shop, who, refunded.id);
  expectDone(await who.api.order.refund({ id: at(refunded.orders, 0).id }));
  const pending = await place(one);
  const open = await begin(pending.id);
  await shop.bus.quiet();
  const path = (id: string) => `/orders/${id}`;
  return {
    pending: path(at(pending.orders, 0).id),
    paid: path(at(ids, 2)),
    shipped: path(at(ids, 1)),
    received: path(at(ids, 0)),
    closed: path(at(closed.orders, 0).id),
    refunded: path(at(refunded.orders, 0).id),
    payPaid: `/pay/return?payment=${captured.id}`,
    payPending: `/pay/return?payment=${open.id}&looks=99`,
    payFailed: `/pay/return?payment=${declined.id}`,
    sandbox: pathWithin(shop, open.redirectUrl),
    sandboxDeclined: pathWithin(shop, declined.redirectUrl),
    sandboxPaid: pathWithin(shop, captured.redirectUrl),
  };
}

function pathWithin(shop: TestShop, redirectUrl: string): string {
  const { pathname, search } = new URL(redirectUrl, shop.url);
  return pathname + search;
}

/** The merchant changes a price and sells out of something that lies in carts; what is sold out now. */
async function surprise(shop: TestShop, merchant: Person, offers: readonly Offer[]): Promise<Offer> {
  const [dearer, gone] = [at(offers, 0), at(offers, 1)];
  const product = expectDone(await shop.client.catalog.get({ id: dearer.product }));
  const skus = product.skus.map(({ id: _, ...sku }) => ({
    ...sku,
    price: { ...sku.price, amount: sku.price.amount + 500 },
  }));
  expectDone(await merchant.api.catalog.change({ id: product.id, skus }));
  for (const sku of gone.skus) {
    const level = expectDone(await merchant.api.inventory.level({ sku }));
    expectDone(await merchant.api.inventory.setStock({ sku, onHand: level.reserved }));
  }
  await shop.bus.quiet();
  return gone;
}
