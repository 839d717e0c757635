import type { Clock } from "#kernel/clock";
import type { Cache } from "#platform/cache/api";
import { openInProcess } from "#platform/cache/drivers/in-process";
import { openMemcached } from "#platform/cache/drivers/memcached";
import { openRedis } from "#platform/cache/drivers/redis";
import { openTier, type TierAges } from "#platform/cache/drivers/tier";
import { openReading, type Positions, type Reading } from "#platform/cache/reading";
import { openTally, type Tally } from "#platform/cache/tally";
import { tracedCache, tracedCounts, tracedReading } from "#platform/cache/traced";
import type { Metrics } from "#platform/telemetry/metrics";

/** Where what was read is kept. Without any of it the shop is the same, and asks its database each time. */
export interface CacheSettings {
  /** In the memory of this process; 32 MB beside another cache unless said. */
  readonly inProcess?: { readonly bytes: number };
  /** Shared by all processes, each of which hears what the others drop. */
  readonly redis?: Server & {
    readonly password?: string;
    /** The certificate of the authority that signed the server's (PEM). */
    readonly tls?: { readonly ca: string };
  };
  /** In Redis' place. Nobody hears of drops: for half a second a process may show what another has changed. */
  readonly memcached?: Server;
  /** Whether what the caches do is part of traces. */
  readonly traced?: boolean;
  /** Only tests need others. */
  readonly ages?: Partial<TierAges>;
}

interface Server {
  readonly host: string;
  readonly port: number;
  /** Keeps several shops on one server apart. */
  readonly prefix?: string;
}

export interface Caches {
  readonly reading: Reading;
  readonly tally: Tally;
  /** What rendered answers may take of memory. */
  readonly answersBytes: number;
  /** Calls whenever anything was dropped, here or elsewhere. */
  onAnyDrop(told: () => void): void;
  close(): Promise<void>;
}

const usualBytes = 32_000_000;

/** Opens the caches that the settings name; undefined if they name none. Nothing is waited for. */
export function openCaches(
  settings: CacheSettings,
  metrics: Metrics,
  clock: Clock,
  positions?: Positions,
): Caches | undefined {
  const { inProcess, redis, memcached, ages, traced = false } = settings;
  if (!inProcess && !redis && !memcached) return undefined;
  const tally = openTally(metrics.registry);
  const counted = traced ? tracedCounts(tally.counted) : tally.counted;
  const bytes = inProcess?.bytes ?? usualBytes;
  const near = openInProcess({ clock, bytes: Math.floor(bytes * 0.75) });
  const server = redis
    ? openRedis(redis, { name: "redis", clock, counted })
    : memcached && openMemcached(memcached, { name: "memcached", clock, counted });
  const far = traced && server ? tracedCache(server, redis ? "redis" : "memcached") : server;
  const tellers: (() => void)[] = [];
  const tier = telling(openTier({ near, far, clock, ...(ages ? { ages } : {}) }), tellers);
  tally.watch(tier);
  const reading = openReading({
    shared: tier,
    own: near,
    clock,
    counted,
    ...(positions ? { positions } : {}),
  });
  return {
    reading: traced ? tracedReading(reading) : reading,
    tally: { ...tally, counted },
    answersBytes: Math.floor(bytes * 0.25),
    onAnyDrop: (told) => void tellers.push(told),
    close: () => tier.close(),
  };
}

function telling(cache: Cache, tellers: readonly (() => void)[]): Cache {
  const tell = () => {
    for (const told of tellers) told();
  };
  cache.onDropped(tell);
  return {
    ...cache,
    drop: async (keys, position) => {
      tell();
      await cache.drop(keys, position);
      tell();
    },
  };
}
