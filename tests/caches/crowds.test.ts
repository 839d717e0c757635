import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Product } from "#domains/catalog/api";
import { systemClock } from "#kernel/clock";
import { bucketCount, type Id, newId, randomBucket } from "#kernel/id";
import { expectDone } from "#kernel/refusal";
import { type CacheServer, hasRedis, startRedis } from "../support/cache-servers.ts";
import { type CachedMarket, contextOf, openCachedMarket } from "./market.ts";

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
const digit = (below: number) => alphabet[Math.floor((randomBucket() / bucketCount) * below)] ?? "0";
/** Any of the texts that have the form of an id. */
const randomId = (): Id<"product"> =>
  (digit(8) + Array.from({ length: 12 }, () => digit(32)).join("")) as Id<"product">;
/** What somebody makes up who knows how ids are made: of any moment of the last days. */
const likelyId = (i: number): Id<"product"> => newId(randomBucket(), systemClock.now() - 1_000 * i);

describe("crowds before the caches", { skip: hasRedis ? false : "Redis is not installed" }, () => {
  let market: CachedMarket;
  let redis: CacheServer;
  before(async () => {
    redis = await startRedis();
    market = await openCachedMarket({ inProcess: { bytes: 32_000_000 }, redis }, 60);
  });
  after(async () => {
    await market?.close();
    await redis?.stop();
  });

  const get = async (id: Id<"product">) => market.doors.catalog.get(contextOf(), { id });
  const price = async (product: Product) => expectDone(await get(product.id)).skus[0]?.price.amount;

  it("an unknown id that many ask for reaches the database once", async () => {
    const id = likelyId(1);
    const asked = async (doors: typeof market.doors) => {
      for (let i = 0; i < 300; i++) {
        const answer = await doors.catalog.get(contextOf(), { id });
        assert.equal("refusal" in answer && answer.refusal, "catalog.product_not_found");
      }
    };
    assert.equal((await market.readsOf(() => asked(market.plain))).reads, 300);
    assert.equal((await market.readsOf(() => asked(market.doors))).reads, 1);
  });

  it("thousands of random ids hardly reach the database, also those that look right", async () => {
    const ask = (make: (i: number) => Id<"product">, howMany: number) => async () => {
      for (let from = 0; from < howMany; from += 500) {
        await Promise.all(
          Array.from({ length: 500 }, async (_, i) => {
            const answer = await get(make(from + i));
            assert.equal("refusal" in answer && answer.refusal, "catalog.product_not_found");
          }),
        );
      }
    };
    const random = await market.readsOf(ask(randomId, 10_000));
    assert.ok(random.reads < 150, `${random.reads} reads for 10,000 random ids`);
    const likely = await market.readsOf(ask(likelyId, 5_000));
    assert.ok(likely.reads < 250, `${likely.reads} reads for 5,000 likely ids`);
    assert.ok(likely.mostAtOnce <= 4, `${likely.mostAtOnce} reads at once`);
    // What exists has not been pushed out.
    await price(market.products[0]!);
    const { reads } = await market.readsOf(() => price(market.products[0]!));
    assert.equal(reads, 0);
  });

  it("a hot product that has just been dropped is read once for 200 readers", async () => {
    const [product] = market.products as [Product];
    await price(product);
    const crowd = (doors: typeof market.doors) => () =>
      Promise.all(Array.from({ length: 200 }, () => doors.catalog.get(contextOf(), { id: product.id })));
    assert.equal((await market.readsOf(crowd(market.plain))).reads, 200);
    await market.doors.catalog.change(market.seller, { id: product.id, title: "Hot" });
    // Those who hear of it read too, and forget it once more.
    await market.quiet();
    assert.equal((await market.readsOf(crowd(market.doors))).reads, 1);
    await pause(600);
    assert.equal((await market.readsOf(crowd(market.doors))).reads, 0);
  });

  it("a page of 24 products, half of them known, costs one read", async () => {
    const skus = market.products.slice(0, 24).map((product) => product.skus[0]!.id);
    const ask = (some: Id<"sku">[]) => market.doors.inventory.available(contextOf(), { skus: some });
    await ask(skus.slice(0, 12));
    const { reads } = await market.readsOf(async () => {
      assert.equal(expectDone(await ask(skus)).items.length, 24);
    });
    assert.equal(reads, 1);
  });

  const kinds: readonly [what: string, ask: (doors: typeof market.doors) => Promise<unknown>][] = [
    ["a product", (doors) => doors.catalog.get(contextOf(), { id: market.products[7]!.id })],
    ["the categories", (doors) => doors.catalog.categories(contextOf(), {})],
    ["a shop", (doors) => doors.shop.get(contextOf(), { id: market.shop })],
    ["stock", (doors) => doors.inventory.available(contextOf(), { skus: [market.products[7]!.skus[0]!.id] })],
  ];
  for (const [what, ask] of kinds)
    it(`${what}: a hundred who ask one after the other cost the reads of a few`, async () => {
      const hundred = (doors: typeof market.doors) => async () => {
        for (let i = 0; i < 100; i++) expectDone((await ask(doors)) as object);
      };
      const plain = await market.readsOf(hundred(market.plain));
      assert.ok(plain.reads >= 100, `${plain.reads} reads without a cache`);
      const kept = await market.readsOf(hundred(market.doors));
      // What no change can name is kept for 0.15 s, of which a busy machine makes several.
      assert.ok(kept.reads <= plain.reads / 5, `${kept.reads} reads, ${plain.reads} without a cache`);
    });

  for (const [of, ask] of [
    ["list", () => market.doors.search.list(contextOf(), { category: "cups" })],
    ["find", () => market.doors.search.find(contextOf(), { q: "cup" })],
  ] as const)
    it(`a ${of} of search: a hundred who ask one after the other are told what the first were`, async () => {
      const known = () => market.caches.tally.total("hit_near", of);
      const before = known();
      for (let i = 0; i < 100; i++) expectDone(await ask());
      assert.ok(known() - before >= 80, `${known() - before} hits`);
    });

  it("reads of the database fall by the rate of hits", async () => {
    const events = ["hit_near", "hit_far", "hit_negative", "miss"] as const;
    const figures = () => events.map((what) => market.caches.tally.total(what, "product"));
    await pause(600);
    const from = figures();
    const asked = 3_000;
    const { reads } = await market.readsOf(async () => {
      for (let i = 0; i < asked; i++) {
        const rank = Math.floor(market.products.length * (randomBucket() / bucketCount) ** 3);
        await price(market.products[rank]!);
      }
    });
    const [near = 0, far = 0, negative = 0, misses = 0] = figures().map(
      (figure, i) => figure - (from[i] ?? 0),
    );
    // An early refresh in the background reads too.
    assert.ok(near + far + negative + misses >= asked);
    assert.ok(near + far > 0.9 * asked, `${near} + ${far} hits, ${misses} misses`);
    assert.ok(reads <= misses + 60, `${reads} reads for ${misses} misses`);
  });

  it("Redis dies under load and the database sees no more than four reads at once", async () => {
    let goesOn = true;
    let answered = 0;
    const reader = async (from: number) => {
      for (let i = from; goesOn; i += 7) {
        const product = market.products[i % market.products.length]!;
        assert.equal(await price(product), product.skus[0]!.price.amount);
        answered++;
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    try {
      const seen = await market.readsOf(async () => {
        const readers = Promise.all(Array.from({ length: 100 }, (_, i) => reader(i)));
        await pause(300);
        await redis.kill();
        await pause(1_500);
        goesOn = false;
        await readers;
      });
      assert.ok(seen.mostAtOnce <= 4, `${seen.mostAtOnce} reads at once`);
      assert.ok(seen.reads < answered / 20, `${seen.reads} reads for ${answered} answers`);
      assert.equal(market.caches.tally.total("load_error"), 0);
    } finally {
      goesOn = false;
      await redis.again();
    }
  });
});
