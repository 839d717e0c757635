import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { CacheSettings } from "#apps/server/caches";
import { expectDone } from "#kernel/refusal";
import {
  type CacheServer,
  hasMemcached,
  hasRedis,
  startMemcached,
  startRedis,
} from "../support/cache-servers.ts";
import { buyer, codeOf, order, sell } from "../support/people.ts";
import { openShop, type TestShop } from "../support/shop.ts";
import { until } from "../support/until.ts";
import { type Pair, pairOf, watch, within } from "./old-price.ts";

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const bytes = 32_000_000;

/** Two servers on one database, as two processes are. */
async function openPair(cache: CacheSettings): Promise<Pair> {
  const one = await openShop({ cache });
  return pairOf(one, await openShop({ cache, db: one.db }));
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
    await redis.freeze();
    const frozen = await watch(pair, 1, 4_600);
    redis.thaw();
    within(frozen, 5_000, t);
    await pause(2_000);
    within(await watch(pair, 2, 500), 1_000, t);
  });

  it("is never older than five seconds while Redis is dead, and soon right when it is back", async (t) => {
    await redis.kill();
    try {
      within(await watch(pair, 1, 4_600), 5_000, t);
    } finally {
      await redis.again();
    }
    // Both have to find it first, and each other's drops through it.
    await until(async () => Object.values(await watch(pair, 1, 1_200)).every((ms) => ms <= 1_000));
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
