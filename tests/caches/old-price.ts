import assert from "node:assert/strict";
import type { Product } from "#domains/catalog/api";
import { expectDone } from "#kernel/refusal";
import { buyer, categories, type Merchant, merchant, sell } from "../support/people.ts";
import type { TestShop } from "../support/shop.ts";

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** For how long after a change was acknowledged somebody was shown what had been before, in milliseconds. */
export interface Stale {
  byProduct: number;
  byList: number;
  byPage: number;
}

/** Two servers on one database, as two processes are. */
export interface Pair {
  readonly one: TestShop;
  readonly two: TestShop;
  readonly seller: Merchant;
  readonly sellerAtTwo: Merchant;
  readonly product: Product;
  /** Where a proxy keeps pages for everybody, if there is one before them. */
  readonly proxyUrl?: string;
}

/** Opens a merchant's shop with one product in it. */
export async function pairOf(one: TestShop, two: TestShop): Promise<Pair> {
  await categories(one);
  const seller = await merchant(one);
  const product = await sell(one, seller, { amount: 1_000, stock: 3, title: "A cup of changing price" });
  const sellerAtTwo = { ...seller, api: two.client.as({ token: seller.token }) };
  return { one, two, seller, sellerAtTwo, product };
}

/** One way of looking at the price, and of what it counts. */
interface Look {
  readonly kind: keyof Stale;
  readonly read: () => Promise<number | undefined>;
}

/** Changes the price again and again while readers look on both servers, signed in and not. */
export async function watch(
  pair: Pair,
  changes: number,
  betweenMs: number,
  about: { readonly before?: () => Promise<unknown>; readonly after?: () => Promise<unknown> } = {},
): Promise<Stale> {
  const replaced = new Map<number, number>();
  const stale: Stale = { byProduct: 0, byList: 0, byPage: 0 };
  const seen: Stale = { byProduct: 0, byList: 0, byPage: 0 };
  let goesOn = true;
  const keepLooking = async ({ kind, read }: Look) => {
    while (goesOn) {
      const asked = performance.now();
      const amount = await read();
      seen[kind]++;
      const since = amount === undefined ? undefined : replaced.get(amount);
      if (since !== undefined) stale[kind] = Math.max(stale[kind], asked - since);
      await pause(10);
    }
  };
  const readers = (await looksAt(pair)).map(keepLooking);
  try {
    let before = await shownToMerchant(pair.seller, pair);
    for (let i = 1; i <= changes; i++) {
      await about.before?.();
      await changePrice(pair, before + 1);
      replaced.set(before, performance.now());
      // The merchant never sees the old one, on either server.
      for (const who of [pair.sellerAtTwo, pair.seller])
        assert.equal(await shownToMerchant(who, pair), before + 1);
      before += 1;
      await pause(betweenMs);
      await about.after?.();
    }
  } finally {
    goesOn = false;
    await Promise.all(readers);
  }
  assert.ok(Math.min(...Object.values(seen)) > 20, `too few looks: ${JSON.stringify(seen)}`);
  return stale;
}

/** Every way in which somebody may look: product, list and page, on both servers and behind the proxy. */
async function looksAt({ one, two, product, proxyUrl }: Pair): Promise<Look[]> {
  const someone = await buyer(one);
  const looks = [one, two].flatMap((shop): Look[] => [
    ...[shop.client, shop.client.as({ token: someone.token })].flatMap((client): Look[] => [
      {
        kind: "byProduct",
        read: async () => expectDone(await client.catalog.get({ id: product.id })).skus[0]?.price.amount,
      },
      {
        kind: "byList",
        read: async () => amountIn(product, expectDone(await client.search.list({ category: "cups" })).items),
      },
    ]),
    { kind: "byPage", read: () => shownOnPage(shop.url, product) },
  ]);
  if (!proxyUrl) return looks;
  const listBehindProxy = async () => {
    const answer = await fetch(`${proxyUrl}/api/v1/products?category=cups`);
    return amountIn(product, ((await answer.json()) as { items: Listed[] }).items);
  };
  return [
    ...looks,
    { kind: "byPage", read: () => shownOnPage(proxyUrl, product) },
    { kind: "byList", read: listBehindProxy },
  ];
}

interface Listed {
  readonly product: string;
  readonly price: { readonly amount: number };
}

const amountIn = (product: Product, items: readonly Listed[]) =>
  items.find((hit) => hit.product === product.id)?.price.amount;

async function shownOnPage(url: string, product: Product): Promise<number | undefined> {
  const html = await (await fetch(`${url}/p/${product.id}/${product.slug}`)).text();
  const shown = /data-price-minor="(\d+)"|\$(\d+)\.(\d\d)/.exec(html);
  return shown ? Number(shown[1] ?? `${shown[2]}${shown[3]}`) : undefined;
}

async function shownToMerchant(who: Merchant, { product }: Pair): Promise<number> {
  return expectDone(await who.api.catalog.get({ id: product.id })).skus[0]!.price.amount;
}

async function changePrice({ seller, product }: Pair, amount: number): Promise<void> {
  const skus = [{ code: "CUP-0", options: { Size: "0" }, price: { amount, currency: "USD" } }];
  expectDone(await seller.api.catalog.change({ id: product.id, skus }));
}

/** Says for how long, and fails where it was for longer. */
export function within(stale: Stale, limitMs: number, t: { diagnostic(text: string): void }): void {
  t.diagnostic(`an old price was shown for ${JSON.stringify(stale)} ms after the change was acknowledged`);
  for (const [where, ms] of Object.entries(stale)) assert.ok(ms < limitMs, `${where}: ${ms} ms`);
}
