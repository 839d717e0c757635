import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "#kernel/clock";
import { freePort } from "#lab/shop/free-port";
import { hasRedis, startRedis } from "#tests/support/cache-servers";
import { openNow } from "#tests/support/left-open";
import { until } from "#tests/support/until";
import { cacheConformance, patient, put, subjectBytes, valueIn } from "../conformance.ts";
import { hurtCache } from "../hurt.ts";
import { openRedis } from "./redis.ts";
import type { RedisPlace } from "./redis-client.ts";
import { openRedisCounts } from "./redis-counts.ts";

const skip = hasRedis ? false : "Redis is not installed";
const open = (place: RedisPlace, circuit = {}) =>
  openRedis(place, { name: "redis", clock: systemClock, counted: () => undefined, circuit });
const entryOf = (value: unknown) => ({ value, at: systemClock.now(), until: systemClock.now() + 60_000 });

async function opened(place: RedisPlace, circuit = {}) {
  const cache = open(place, circuit);
  await until(async () => (await cache.getMany(["any"]))[0]?.lease !== undefined);
  return cache;
}

cacheConformance(
  "Redis",
  async () => {
    const server = await startRedis(subjectBytes / 1_000_000);
    return { open: () => opened({ ...server, prefix: "a:" }, patient), close: () => server.stop() };
  },
  skip,
);

hurtCache(
  "Redis",
  async () => {
    const server = await startRedis();
    return { server, open: () => opened(server), close: () => server.stop() };
  },
  skip,
);

test("what one process drops the others hear at once, and itself not", { skip }, async () => {
  const server = await startRedis();
  const [one, two] = await Promise.all([opened(server, patient), opened(server, patient)]);
  try {
    const heard: string[][] = [[], []];
    one.onDropped((keys) => heard[0]?.push(...keys));
    two.onDropped((keys) => heard[1]?.push(...keys));
    await until(async () => {
      await one.drop(["product:1"]);
      return (heard[1]?.length ?? 0) > 0;
    });
    assert.equal(heard[1]?.[0], "product:1");
    assert.deepEqual(heard[0], []);
  } finally {
    await Promise.all([one.close(), two.close()]);
    await server.stop();
  }
});

test("a server that is full and gives nothing up is read, and forgets what it is told to", {
  skip,
}, async () => {
  const server = await startRedis(3, "noeviction");
  const cache = await opened(server, patient);
  try {
    await put(cache, "price", entryOf("old"));
    const text = "x".repeat(100_000);
    let fillers = 0;
    // Some may not have been taken because the machine was busy.
    await until(async () => {
      for (const last = fillers + 60; fillers < last; fillers++)
        await put(cache, `filler ${fillers}`, entryOf(text));
      return (await valueIn(cache, `filler ${fillers - 1}`)) === undefined;
    });
    assert.equal(await valueIn(cache, "price"), "old");
    await cache.drop(["price"]);
    assert.equal(await valueIn(cache, "price"), undefined);
    assert.deepEqual({ ...cache.state() }, { away: false, entries: 0, bytes: 0, owed: 0 });
  } finally {
    await cache.close();
    await server.stop();
  }
});

test("once closed it asks nobody any more, whatever is still asked of it", async () => {
  const nowhere = { host: "127.0.0.1", port: await freePort() };
  const open = openNow();
  const cache = openRedis(nowhere, { name: "redis", clock: systemClock, counted: () => undefined });
  const counts = openRedisCounts(nowhere, { counted: () => undefined });
  await Promise.all([cache.close(), counts.close()]);
  // More than open a circuit, which is then given a new connection while it is not closed.
  for (let i = 0; i < 5; i++) {
    await cache.drop(["product:1"]);
    await counts.tell([{ key: "client", count: 1, ttlMs: 1_000 }]);
  }
  await open.settled();
});
