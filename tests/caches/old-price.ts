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

/** Changes the price again and again while readers look on both servers, signed in and not. */
export async function watch(
  pair: Pair,
  changes: number,
  betweenMs: number,
  about: { readonly before?: () => Promise<unknown>; readonly after?: () => Promise<unknown> } = {},
): Promise<Stale> {
  const { one, two, seller, sellerAtTwo, product, proxyUrl } = pair;
  const id = product.id;
  const replaced = new Map<number, number>();
  const stale: Stale = { byProduct: 0, byList: 0, byPage: 0 };
  const seen = { product: 0, list: 0, page: 0 };
  let goesOn = true;
  const look = async (
    kind: keyof Stale,
    counted: keyof typeof seen,
    read: () => Promise<number | undefined>,
  ) => {
    while (goesOn) {
      const asked = performance.now();
      const amount = await read();
      seen[counted]++;
      const since = amount === undefined ? undefined : replaced.get(amount);
      if (since !== undefined) stale[kind] = Math.max(stale[kind], asked - since);
      await pause(10);
    }
  };
  const shownBy = async (url: string) => {
    const html = await (await fetch(`${url}/p/${id}/${product.slug}`)).text();
    const shown = /data-price-minor="(\d+)"|\$(\d+)\.(\d\d)/.exec(html);
    return shown ? Number(shown[1] ?? `${shown[2]}${shown[3]}`) : undefined;
  };
  const someone = await buyer(one);
  const shops = [one, two];
  const readers = shops.flatMap((shop) => [
    ...[shop.client, shop.client.as({ token: someone.token })].flatMap((client) => [
      look(
        "byProduct",
        "product",
        async () => expectDone(await client.catalog.get({ id })).skus[0]?.price.amount,
      ),
      look("byList", "list", async () => {
        const { items } = expectDone(await client.search.list({ category: "cups" }));
        return items.find((hit) => hit.product === id)?.price.amount;
      }),
    ]),
    look("byPage", "page", () => shownBy(shop.url)),
  ]);
  if (proxyUrl)
    readers.push(
      look("byPage", "page", () => shownBy(proxyUrl)),
      look("byList", "list", async () => {
        const answer = await fetch(`${proxyUrl}/api/v1/products?category=cups`);
        const { items } = (await answer.json()) as {
          items: { product: string; price: { amount: number } }[];
        };
        return items.find((hit) => hit.product === id)?.price.amount;
      }),
    );
  let before = product.skus[0]!.price.amount;
  try {
    before = expectDone(await seller.api.catalog.get({ id })).skus[0]!.price.amount;
    for (let i = 1; i <= changes; i++) {
      const amount = before + 1;
      await about.before?.();
      const skus = [{ code: "CUP-0", options: { Size: "0" }, price: { amount, currency: "USD" } }];
      expectDone(await seller.api.catalog.change({ id, skus }));
      replaced.set(before, performance.now());
      // The merchant never sees the old one, on either server.
      for (const who of [sellerAtTwo, seller]) {
        assert.equal(expectDone(await who.api.catalog.get({ id })).skus[0]?.price.amount, amount);
      }
      before = amount;
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

/** Says for how long, and fails where it was for longer. */
export function within(stale: Stale, limitMs: number, t: { diagnostic(text: string): void }): void {
  t.diagnostic(`an old price was shown for ${JSON.stringify(stale)} ms after the change was acknowledged`);
  for (const [where, ms] of Object.entries(stale)) assert.ok(ms < limitMs, `${where}: ${ms} ms`);
}
