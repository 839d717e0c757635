import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { CacheSettings } from "#apps/server/caches";
import type { Product } from "#domains/catalog/api";
import { expectDone } from "#kernel/refusal";
import {
  type CacheServer,
  hasMemcached,
  hasRedis,
  startMemcached,
  startRedis,
} from "../support/cache-servers.ts";
import { buyer, categories, codeOf, type Merchant, merchant, order, sell } from "../support/people.ts";
import { openShop, type TestShop } from "../support/shop.ts";

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const bytes = 32_000_000;

/** For how long after a change was acknowledged somebody was shown what had been before, in milliseconds. */
interface Stale {
  byProduct: number;
  byList: number;
  byPage: number;
}

/** Two servers on one database, as two processes are. */
interface Pair {
  readonly one: TestShop;
  readonly two: TestShop;
  readonly seller: Merchant;
  readonly sellerAtTwo: Merchant;
  readonly product: Product;
}

async function openPair(cache: CacheSettings): Promise<Pair> {
  const one = await openShop({ cache });
  const two = await openShop({ cache, db: one.db });
  await categories(one);
  const seller = await merchant(one);
  const product = await sell(one, seller, { amount: 1_000, stock: 3, title: "A cup of changing price" });
  return {
    one,
    two,
    seller,
    sellerAtTwo: { ...seller, api: two.client.as({ token: seller.token }) },
    product,
  };
}

/** Changes the price again and again while readers look on both servers, signed in and not. */
async function watch(pair: Pair, changes: number, betweenMs: number): Promise<Stale> {
  const { one, two, seller, sellerAtTwo, product } = pair;
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
    look("byPage", "page", async () => {
      const html = await (await fetch(`${shop.url}/p/${id}/${product.slug}`)).text();
      const shown = /data-price-minor="(\d+)"|\$(\d+)\.(\d\d)/.exec(html);
      return shown ? Number(shown[1] ?? `${shown[2]}${shown[3]}`) : undefined;
    }),
  ]);
  let before = product.skus[0]!.price.amount;
  try {
    before = expectDone(await seller.api.catalog.get({ id })).skus[0]!.price.amount;
    for (let i = 1; i <= changes; i++) {
      const amount = before + 1;
      const skus = [{ code: "CUP-0", options: { Size: "0" }, price: { amount, currency: "USD" } }];
      expectDone(await seller.api.catalog.change({ id, skus }));
      replaced.set(before, performance.now());
      // The merchant never sees the old one, on either server.
      for (const who of [sellerAtTwo, seller]) {
        assert.equal(expectDone(await who.api.catalog.get({ id })).skus[0]?.price.amount, amount);
      }
      before = amount;
      await pause(betweenMs);
    }
  } finally {
    goesOn = false;
    await Promise.all(readers);
  }
  assert.ok(Math.min(...Object.values(seen)) > 20, `too few looks: ${JSON.stringify(seen)}`);
  return stale;
}

function within(stale: Stale, limitMs: number, t: { diagnostic(text: string): void }): void {
  t.diagnostic(`an old price was shown for ${JSON.stringify(stale)} ms after the change was acknowledged`);
  for (const [where, ms] of Object.entries(stale)) assert.ok(ms < limitMs, `${where}: ${ms} ms`);
}

const skipRedis = hasRedis ? false : "Redis is not installed";

describe("what is read through memory and Redis", { skip: skipRedis }, () => {
  let redis: CacheServer;
  let pair: Pair;
  before(async () => {
    redis = await startRedis();
    pair = await openPair({ inProcess: { bytes }, redis });
  });
  after(async () => {
    redis?.thaw();
    await pair?.two.close();
    await pair?.one.close();
    await redis?.stop();
  });

  it("is never older than a second, and the merchant's own never old", async (t) => {
    within(await watch(pair, 6, 300), 1_000, t);
  });

  it("is never older than five seconds while Redis is frozen, and soon right when it is back", async (t) => {
    redis.freeze();
    const frozen = await watch(pair, 1, 4_600);
    redis.thaw();
    within(frozen, 5_000, t);
    await pause(2_000);
    within(await watch(pair, 2, 500), 1_000, t);
  });

  it("is never older than five seconds while Redis is dead", async (t) => {
    await redis.kill();
    try {
      within(await watch(pair, 1, 4_600), 5_000, t);
    } finally {
      await redis.again();
    }
  });

  it("is dropped by what an import changes", async () => {
    const { one, two, seller } = pair;
    const csv = (price: string) =>
      `Handle,Title,Type,Variant SKU,Variant Price\nimported,Imported cup,cups,IMP,${price}\n`;
    expectDone(
      await seller.api.catalog.importCsv({ shop: seller.shop, csv: csv("10.00"), category: "cups" }),
    );
    const page = expectDone(await seller.api.catalog.ofShop({ shop: seller.shop }));
    const { id } = page.items.find(({ title }) => title === "Imported cup")!;
    const shown = async (shop: TestShop) =>
      expectDone(await shop.client.catalog.get({ id })).skus[0]?.price.amount;
    // Imported products begin as drafts of their shop unless the file says otherwise.
    await seller.api.catalog.change({ id, status: "published" });
    await one.bus.quiet();
    assert.equal(await shown(two), 1_000);
    expectDone(
      await seller.api.catalog.importCsv({ shop: seller.shop, csv: csv("20.00"), category: "cups" }),
    );
    await pause(1_000);
    assert.deepEqual(await Promise.all([shown(one), shown(two)]), [2_000, 2_000]);
  });

  it("shows stock and does not decide it", async () => {
    const { one, two, seller } = pair;
    const product = await sell(one, seller, { stock: 1, title: "The last cup" });
    const [sku] = product.skus.map(({ id }) => id);
    const shown = async () =>
      expectDone(await two.client.inventory.available({ skus: [sku!] })).items[0]?.available;
    assert.equal(await shown(), 1);
    const [first, second] = [await buyer(one), await buyer(two)];
    const outcomes = await Promise.all(
      [first, second].map((who) =>
        order(who, [{ sku: sku!, quantity: 1 }]).then(codeOf, (error: Error) => error.message),
      ),
    );
    assert.equal(outcomes.filter((code) => code === "done").length, 1, outcomes.join());
    await pause(700);
    assert.equal(await shown(), 0);
  });
});

const skipMemcached = hasMemcached ? false : "memcached is not installed";

describe("what is read through memory and memcached", { skip: skipMemcached }, () => {
  let memcached: CacheServer;
  let pair: Pair;
  before(async () => {
    memcached = await startMemcached();
    pair = await openPair({ inProcess: { bytes }, memcached });
  });
  after(async () => {
    await pair?.two.close();
    await pair?.one.close();
    await memcached?.stop();
  });

  it("is never older than a second, though nobody hears of drops", async (t) => {
    within(await watch(pair, 3, 700), 1_000, t);
  });
});

describe("what is read through memory alone", () => {
  let pair: Pair;
  before(async () => {
    pair = await openPair({ inProcess: { bytes } });
  });
  after(async () => {
    await pair?.two.close();
    await pair?.one.close();
  });

  it("is never older than a second, though another process changes it", async (t) => {
    within(await watch(pair, 3, 700), 1_000, t);
  });
});
