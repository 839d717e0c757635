import { LRUCache } from "lru-cache";
import type { Clock } from "#kernel/clock";
import type { Counts } from "#platform/cache/counts";

/** Says who has asked too often, of all the processes of a shop together. */
export interface Limiter {
  /**
   * Counts one request of `key`, of which `most` are admitted in each window, and answers for how many milliseconds
   * it is to stay away; 0: it is admitted. Answers at once wherever that can be known; never rejects.
   */
  take(key: string, most: number): number | Promise<number>;
  close(): Promise<void>;
}

export interface LimiterSettings {
  readonly clock: Clock;
  readonly windowMs: number;
  /** Among how many processes a limit is shared where they cannot count together. */
  readonly processes: number;
  /** Where they count together; absent: each has its share. */
  readonly counts?: Counts;
}

/** What one client has asked in one window. */
interface Tally {
  readonly endsAt: number;
  /** Counted here, and how much of it the others can know of. */
  own: number;
  told: number;
  /** What all others counted, as far as was heard. */
  others: number;
  /** Nobody could be told the last time. */
  isAlone: boolean;
}

/** How often others are told. A client that does not hurry is never made to wait for it. */
const tellEveryMs = 100;
/** The part of a limit that a process admits before it has told anybody. */
const unheardPart = 1 / 50;
/** About 3 MB. Whoever comes beside them pushes out who has asked nothing for longest. */
const mostTallies = 20_000;

/**
 * Each process counts by itself and tells the others ten times a second, so that a request costs no round trip. Whoever
 * has asked for more than a fiftieth of the limit since is answered after the others were heard; whoever may ask less
 * than fifty times a window, as at a sign-in, always. So the limit is exceeded by a fiftieth for each further process
 * at most. While nobody can be told, each process admits its share (docs/decisions/0011).
 */
export function openLimiter({ clock, windowMs, processes, counts }: LimiterSettings): Limiter {
  const tallies = new LRUCache<string, Tally>({ max: mostTallies });
  const untold = new Map<string, Tally>();
  let timer: NodeJS.Timeout | undefined;
  let telling: Promise<void> | undefined;
  let toldNext: Promise<void> | undefined;

  function tallyOf(key: string): Tally {
    const now = clock.now();
    const known = tallies.get(key);
    if (known && now < known.endsAt) return known;
    // Alone, a window begins with its first request; together all have to mean the same one.
    const endsAt = counts ? windowEnd(key, now, windowMs) : now + windowMs;
    const tally = { endsAt, own: 0, told: 0, others: 0, isAlone: counts === undefined };
    tallies.set(key, tally);
    return tally;
  }

  async function tellAll(counts: Counts): Promise<void> {
    const now = clock.now();
    const some = [...untold].filter(([, tally]) => tally.endsAt > now);
    untold.clear();
    const own = some.map(([key, { endsAt, own }]) => ({
      key: `${endsAt}:${key}`,
      count: own,
      ttlMs: windowMs,
    }));
    const sums = await counts.tell(own);
    for (const [i, [key, tally]] of some.entries()) {
      const [sum, count] = [sums[i], own[i]?.count ?? 0];
      tally.isAlone = sum === undefined;
      if (sum === undefined) {
        untold.set(key, tally);
        continue;
      }
      tally.told = count;
      // A sum that was lost on the server is not lost here.
      tally.others = Math.max(tally.others, sum - count);
      if (tally.own > count) untold.set(key, tally);
    }
    if (untold.size > 0) tellLater(counts);
  }

  /** Ends when everything counted until now was told, or could not be. */
  function tellNow(counts: Counts): Promise<void> {
    toldNext ??= (telling ?? Promise.resolve()).then(() => {
      toldNext = undefined;
      telling = tellAll(counts);
      return telling;
    });
    return toldNext;
  }

  function tellLater(counts: Counts): void {
    timer ??= setTimeout(() => {
      timer = undefined;
      void tellNow(counts);
    }, tellEveryMs).unref();
  }

  const isAdmitted = (tally: Tally, count: number, most: number) => isWithin(tally, count, most, processes);
  const waitMs = ({ endsAt }: Tally) => Math.max(1, endsAt - clock.now());

  return {
    take: (key, most) => {
      const tally = tallyOf(key);
      // Whoever is refused is not counted on: they are let in again when the window ends, however often they ask.
      if (!isAdmitted(tally, tally.own + 1, most)) return waitMs(tally);
      tally.own += 1;
      if (!counts) return 0;
      untold.set(key, tally);
      const { own, told, others, isAlone } = tally;
      const left = Math.min((most - others - own) / processes, most * unheardPart);
      if (isAlone || own - told <= left) {
        tellLater(counts);
        return 0;
      }
      return tellNow(counts).then(() => (isAdmitted(tally, own, most) ? 0 : waitMs(tally)));
    },
    close: async () => {
      clearTimeout(timer);
      await counts?.close();
    },
  };
}

/** Whether the `count`th that was counted here is one of the admitted. */
const isWithin = ({ others, isAlone }: Tally, count: number, most: number, processes: number): boolean =>
  others + count <= most && (!isAlone || count <= Math.ceil(most / processes));

/**
 * When the window of a key ends that `nowMs` lies in, in milliseconds since 1970, the same in every process. Those of
 * different keys end at different times: not all who were refused come back at once.
 */
export function windowEnd(key: string, nowMs: number, windowMs: number): number {
  let hash = 0;
  for (let i = 0; i < key.length; i++) hash = (Math.imul(hash, 31) + key.charCodeAt(i)) >>> 0;
  // Neighbours' sums lie side by side: spread by the golden ratio.
  const shift = (Math.imul(hash, 2_654_435_769) >>> 0) % windowMs;
  return (Math.floor((nowMs + shift) / windowMs) + 1) * windowMs - shift;
}
