import { Counter, Gauge, type Registry } from "prom-client";
import type { Cache, CacheEvent, Counted } from "./api.ts";

/** Counts what caches do, as `storey_cache_events_total` and gauges beside it. */
export interface Tally {
  readonly counted: Counted;
  /** So far, for one kind of thing or server, or for all of them. */
  total(what: CacheEvent, of?: string): number;
  watch(cache: Cache): void;
}

/** Adding costs a look in a map: a hit happens too often to be worth more. */
export function openTally(registry: Registry): Tally {
  const counts = new Map<string, Map<CacheEvent, number>>();
  const registers = [registry];
  new Counter({
    name: "storey_cache_events_total",
    help: "What the cache did, by kind of thing or by server",
    labelNames: ["of", "what"],
    registers,
    collect() {
      this.reset();
      for (const [of, each] of counts) for (const [what, howMany] of each) this.inc({ of, what }, howMany);
    },
  });
  return {
    counted: (of, what, howMany) => {
      let each = counts.get(of);
      if (!each) {
        each = new Map();
        counts.set(of, each);
      }
      each.set(what, (each.get(what) ?? 0) + howMany);
    },
    total: (what, of) =>
      [...counts].reduce(
        (sum, [name, each]) => sum + (of === undefined || of === name ? (each.get(what) ?? 0) : 0),
        0,
      ),
    watch: (cache) => {
      const gauge = (name: string, help: string, figure: () => number) =>
        new Gauge({
          name,
          help,
          registers,
          collect() {
            this.set(figure());
          },
        });
      gauge(
        "storey_cache_bytes",
        "Roughly what the cache takes of this process' memory",
        () => cache.state().bytes,
      );
      gauge("storey_cache_away", "1 while the shared cache cannot be used", () =>
        cache.state().away ? 1 : 0,
      );
      gauge(
        "storey_cache_owed",
        "Keys the shared cache has not been told to forget",
        () => cache.state().owed,
      );
    },
  };
}
