import type { Clock } from "#kernel/clock";

/** Values that are kept for moments. */
export interface Brief<T> {
  /** Also one whose time is over and that has not been thrown away yet. */
  get(key: string): T | undefined;
  set(key: string, value: T): void;
  delete(key: string): void;
  clear(): void;
  readonly size: number;
}

export interface BriefSettings<T> {
  readonly clock: Clock;
  /** In milliseconds since 1970. */
  untilOf(value: T): number;
  sizeOf(value: T): number;
  /** What all may come to; the oldest go first. What alone is more than an eighth of it is not kept. */
  readonly atMost: number;
}

/** What nobody pushes out is thrown away at last so long after it came, in milliseconds. */
const sweepMs = 500;

/**
 * Throws values away when their time is over. Left until something pushes them out, as in a cache by size, they
 * outlive V8's young generation: at 24 visits a second the old one was collected every 20 s for their sake, which kept
 * a host of a fifth of a processor busy for 0.8 s each time [m].
 */
export function openBrief<T>({ clock, untilOf, sizeOf, atMost }: BriefSettings<T>): Brief<T> {
  /** In the order of coming. */
  const kept = new Map<string, T>();
  let size = 0;
  let sweeping: NodeJS.Timeout | undefined;

  const remove = (key: string) => {
    const value = kept.get(key);
    if (value === undefined) return;
    size -= sizeOf(value);
    kept.delete(key);
  };
  const sweep = () => {
    const now = clock.now();
    for (const [key, value] of kept) {
      if (untilOf(value) > now && size <= atMost) return;
      remove(key);
    }
  };
  const sweepLater = () => {
    sweeping ??= setTimeout(() => {
      sweeping = undefined;
      sweep();
      if (kept.size > 0) sweepLater();
    }, sweepMs).unref();
  };
  return {
    get: (key) => kept.get(key),
    set: (key, value) => {
      remove(key);
      if (sizeOf(value) > atMost / 8) return;
      kept.set(key, value);
      size += sizeOf(value);
      sweep();
      sweepLater();
    },
    delete: remove,
    clear: () => {
      kept.clear();
      size = 0;
      clearTimeout(sweeping);
      sweeping = undefined;
    },
    get size() {
      return kept.size;
    },
  };
}
