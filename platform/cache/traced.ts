import { current, during } from "#platform/telemetry/traces";
import type { Cache, Counted } from "./api.ts";
import type { Reading } from "./reading.ts";

/** Each look at a cache of another process becomes a stretch of the trace it is part of, without the keys. */
export function tracedCache(cache: Cache, driver: "redis" | "memcached"): Cache {
  const asks = (what: string, keys: number) => ({
    name: `${driver} ${what}`,
    side: "asks" as const,
    facts: { "db.system.name": driver, "storey.keys": keys },
  });
  return {
    ...cache,
    getMany: (keys) =>
      current()
        ? during(
            asks("get", keys.length),
            () => cache.getMany(keys),
            (found) => ({ "storey.hits": found.filter(({ entry }) => entry !== undefined).length }),
          )
        : cache.getMany(keys),
    setMany: (fills) =>
      current() ? during(asks("set", fills.length), () => cache.setMany(fills)) : cache.setMany(fills),
    drop: (keys, position) =>
      current()
        ? during(asks("drop", keys.length), () => cache.drop(keys, position))
        : cache.drop(keys, position),
  };
}

/** Each question to a cache becomes a stretch, with what `tracedCounts` says of how it was answered. */
export const tracedReading = (reading: Reading): Reading => ({
  source: (kind) => {
    const source = reading.source(kind);
    const asks = { name: `cache ${kind.name}`, side: "here" } as const;
    return {
      one: (context, asked) =>
        current() ? during(asks, () => source.one(context, asked)) : source.one(context, asked),
      many: (context, asked) =>
        current() ? during(asks, () => source.many(context, asked)) : source.many(context, asked),
      drop: (asked, context) =>
        current() ? during(asks, () => source.drop(asked, context)) : source.drop(asked, context),
    };
  },
});

/** What is counted is told to the stretch in whose course it happened too: `cache.hit_near`, `cache.miss` and so on. */
export const tracedCounts =
  (counted: Counted): Counted =>
  (of, what, howMany) => {
    counted(of, what, howMany);
    current()?.count(`cache.${what}`, howMany);
  };
