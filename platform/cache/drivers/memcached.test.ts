import { systemClock } from "#kernel/clock";
import { hasMemcached, startMemcached } from "#tests/support/cache-servers";
import { until } from "#tests/support/until";
import { cacheConformance, patient, subjectBytes } from "../conformance.ts";
import { hurtCache } from "../hurt.ts";
import { type MemcachedPlace, openMemcached } from "./memcached.ts";

const skip = hasMemcached ? false : "memcached is not installed";

async function opened(place: MemcachedPlace, circuit = {}) {
  const settings = { name: "memcached", clock: systemClock, counted: () => undefined, circuit };
  const cache = openMemcached(place, settings);
  await until(async () => (await cache.getMany(["any"]))[0]?.lease !== undefined);
  return cache;
}

cacheConformance(
  "memcached",
  async () => {
    const server = await startMemcached(subjectBytes / 1_000_000);
    return { open: () => opened({ ...server, prefix: "a:" }, patient), close: () => server.stop() };
  },
  skip,
);

hurtCache(
  "memcached",
  async () => {
    const server = await startMemcached();
    return { server, open: () => opened(server), close: () => server.stop() };
  },
  skip,
);
