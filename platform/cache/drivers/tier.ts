import type { Clock } from "#kernel/clock";
import { type Cache, type Entry, type Fill, type Found, keysAtOnce, lastPart } from "../api.ts";
import type { InProcess } from "./in-process.ts";

export interface TierSettings {
  readonly near: InProcess;
  /** What all processes share; without it there is nothing to ask, and nobody to hear from. */
  readonly far?: Cache | undefined;
  readonly clock: Clock;
  readonly ages?: Partial<TierAges>;
}

export interface TierAges {
  /**
   * For so long the memory of this process is believed without asking or having heard: what others dropped shows for
   * so long at most.
   */
  readonly nearMs: number;
  /** And for so long while there is nobody to ask. */
  readonly awayMs: number;
}

/**
 * With the 150 ms of a rendered answer (apps/server/cached-answers.ts) an old price shows for less than 1 s, and for
 * less than 5 s while the far cache is away, also where no drop is heard at all.
 */
export const defaultAges: TierAges = { nearMs: 500, awayMs: 3_500 };

const noLease = "-";
/** In the rest of this time readers are served while one looks again. */
const duePart = 0.6;

/** The memory of this process in front of a cache that all processes share. */
export function openTier({ near, far, clock, ages }: TierSettings): Cache {
  const { nearMs, awayMs } = { ...defaultAges, ...ages };
  far?.onDropped((keys) => near.forget(keys));

  /** What is kept here, if it may be believed; `age` in milliseconds since it was known not to have been dropped. */
  function believed(key: string): { entry: Entry; age: number } | undefined {
    const kept = near.kept(key);
    if (!kept) return undefined;
    const line = far?.line?.();
    const heardUpTo = line && kept.knownAt >= line.since ? line.upTo : 0;
    const age = clock.now() - Math.max(kept.knownAt, heardUpTo);
    if (age < nearMs) return { entry: kept.entry, age };
    return far && age < awayMs && far.state().away ? { entry: kept.entry, age } : undefined;
  }

  async function ask(from: Cache, keys: readonly string[]): Promise<Found[]> {
    const knownAt = clock.now();
    const here = await near.getMany(keys);
    const there: Found[] = [];
    for (let i = 0; i < keys.length; i += keysAtOnce) {
      there.push(...(await from.getMany(keys.slice(i, i + keysAtOnce))));
    }
    return keys.map((key, i) => {
      const { entry, lease, since = here[i]?.since } = there[i] ?? { entry: undefined, lease: undefined };
      const nearLease = here[i]?.lease;
      if (entry) near.keep(key, entry, nearLease, knownAt);
      const found = entry ?? (lease === undefined ? believed(key)?.entry : undefined);
      return { entry: found, lease: `${nearLease} ${lease ?? noLease}`, since };
    });
  }

  return {
    peek: (key) => {
      const there = believed(key);
      if (!there) return undefined;
      const { at, until } = there.entry;
      const isInLastPart = until - clock.now() < (until - at) * lastPart;
      return { entry: there.entry, due: there.age > nearMs * duePart || isInLastPart };
    },
    getMany: async (keys) => {
      if (far) return ask(far, keys);
      const here = await near.getMany(keys);
      return here.map((found, i) => {
        const there = believed(keys[i] ?? "");
        // Whoever looks again before it is too old is to read it again: there is nobody else to ask.
        const entry = there && there.age <= nearMs * duePart ? there.entry : undefined;
        return { ...found, entry, lease: `${found.lease} ${noLease}` };
      });
    },
    setMany: async (fills) => {
      const others: Fill[] = [];
      for (const { key, entry, lease = "" } of fills) {
        const [nearLease, farLease] = lease.split(" ");
        near.keep(key, entry, nearLease, entry.at);
        if (farLease !== undefined && farLease !== noLease) others.push({ key, entry, lease: farLease });
      }
      if (others.length > 0) await far?.setMany(others);
    },
    drop: async (keys, position) => {
      near.forget(keys, position);
      await far?.drop(keys, position);
    },
    onDropped: (heard) => far?.onDropped(heard),
    state: () => {
      const there = far?.state();
      return { ...near.state(), away: there?.away ?? false, owed: there?.owed ?? 0 };
    },
    close: async () => {
      await Promise.all([near.close(), far?.close()]);
    },
  };
}
