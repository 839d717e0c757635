import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "#kernel/clock";
import { hasMemcached, hasRedis, startMemcached, startRedis } from "#tests/support/cache-servers";
import { until } from "#tests/support/until";
import type { Cache } from "../api.ts";
import { cacheConformance, patient, pause, put, subjectBytes, valueIn } from "../conformance.ts";
import { hurtCache } from "../hurt.ts";
import { openInProcess } from "./in-process.ts";
import { openMemcached } from "./memcached.ts";
import { openRedis } from "./redis.ts";
import type { RedisPlace } from "./redis-client.ts";
import { openTier, type TierAges } from "./tier.ts";

const clock = systemClock;
const settings = { name: "far", clock, counted: () => undefined };
const patiently = { ...settings, circuit: patient };
const entryOf = (value: unknown) => ({ value, at: clock.now(), until: clock.now() + 60_000 });

async function opened(far: Cache, ages?: Partial<TierAges>) {
  await until(async () => (await far.getMany(["any"]))[0]?.lease !== undefined);
  const near = openInProcess({ clock, bytes: subjectBytes });
  return openTier({ near, far, clock, ...(ages ? { ages } : {}) });
}
const onRedis = (place: RedisPlace, ages?: Partial<TierAges>) => opened(openRedis(place, settings), ages);

const skip = hasRedis ? false : "Redis is not installed";
const skipMemcached = hasMemcached ? false : "memcached is not installed";

cacheConformance(
  "memory before Redis",
  async () => {
    const server = await startRedis();
    return { open: () => opened(openRedis(server, patiently)), close: () => server.stop() };
  },
  skip,
);
cacheConformance(
  "memory before memcached",
  async () => {
    const server = await startMemcached();
    return { open: () => opened(openMemcached(server, patiently)), close: () => server.stop() };
  },
  skipMemcached,
);
cacheConformance(
  "memory before nothing",
  async () => ({
    open: async () =>
      openTier({ near: openInProcess({ clock, bytes: subjectBytes }), clock, ages: { nearMs: 60_000 } }),
    close: async () => undefined,
  }),
  false,
);
hurtCache(
  "memory before Redis",
  async () => {
    const server = await startRedis();
    return { server, open: () => onRedis(server), close: () => server.stop() };
  },
  skip,
);

test("what another process drops is gone from memory at once, or in half a second if nobody tells", async (t) => {
  if (!hasRedis || !hasMemcached) return t.skip("Redis or memcached is not installed");
  const redis = await startRedis();
  const memcached = await startMemcached();
  const pairs = [
    [await opened(openRedis(redis, patiently)), await opened(openRedis(redis, patiently))],
    [await opened(openMemcached(memcached, patiently)), await opened(openMemcached(memcached, patiently))],
  ] as const;
  const took: number[] = [];
  try {
    await pause(100);
    for (const [one, two] of pairs) {
      await put(one, "price", entryOf("old"));
      assert.equal(await valueIn(two, "price"), "old");
      assert.equal(two.peek?.("price")?.entry.value, "old");
      const began = performance.now();
      await one.drop(["price"]);
      await until(async () => two.peek?.("price") === undefined);
      took.push(performance.now() - began);
      assert.equal(await valueIn(two, "price"), undefined);
    }
    assert.ok((took[0] ?? 0) < 200, `heard after ${took[0]} ms`);
    assert.ok((took[1] ?? 0) < 700, `forgotten after ${took[1]} ms`);
  } finally {
    await Promise.all(pairs.flat().map((cache) => cache.close()));
    await redis.stop();
    await memcached.stop();
  }
});

test("memory serves for longer while there is nobody to ask, and not for ever", { skip }, async () => {
  const server = await startRedis();
  const cache = await onRedis(server, { nearMs: 100, awayMs: 800 });
  try {
    await put(cache, "k", entryOf("v"));
    await server.freeze();
    for (let i = 0; i < 4; i++) await valueIn(cache, "absent");
    await pause(150);
    assert.equal(cache.peek?.("k")?.entry.value, "v");
    await pause(900);
    assert.equal(cache.peek?.("k"), undefined);
  } finally {
    server.thaw();
    await cache.close();
    await server.stop();
  }
});

test("while every drop is heard memory need not ask, and after a break it does", { skip }, async () => {
  const server = await startRedis();
  const far = openRedis(server, patiently);
  let asked = 0;
  const counting: Cache = {
    ...far,
    getMany: (keys) => {
      asked++;
      return far.getMany(keys);
    },
  };
  const cache = await opened(counting);
  const other = await onRedis(server);
  try {
    await until(async () => far.line?.() !== undefined);
    await put(cache, "k", entryOf("v"));
    asked = 0;
    await pause(1_500);
    assert.equal(cache.peek?.("k")?.entry.value, "v");
    assert.equal(asked, 0);
    // The line breaks, and something is dropped before there is another.
    const since = far.line?.()?.since ?? 0;
    await other.drop(["another"]);
    server.say("CLIENT KILL TYPE pubsub");
    await until(async () => far.line?.()?.since !== since);
    await other.drop(["k"]);
    await until(async () => (far.line?.()?.since ?? since) !== since);
    await pause(600);
    assert.equal(cache.peek?.("k"), undefined);
    assert.equal(await valueIn(cache, "k"), undefined);
  } finally {
    await Promise.all([cache.close(), other.close()]);
    await server.stop();
  }
});

test("a server with a password is heard again after a break too", { skip }, async () => {
  const server = await startRedis(64, "allkeys-lru", "a secret");
  const far = openRedis({ ...server, password: "a secret" }, patiently);
  try {
    await until(async () => far.line?.() !== undefined);
    await put(far, "k", entryOf("v"));
    assert.equal(await valueIn(far, "k"), "v");
    await server.kill();
    await until(async () => far.line?.() === undefined);
    await server.again();
    await until(async () => far.line?.() !== undefined);
  } finally {
    await far.close();
    await server.stop();
  }
});
