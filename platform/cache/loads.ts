import { Fault } from "#kernel/refusal";

export interface LoadSettings {
  /** How many loads may be at work at once. */
  readonly atOnce: number;
  /** How many keys one load may take. */
  readonly batch: number;
}

/** Keys that may wait for a load; one more is told to come back. */
const waitingAtMost = 2_000;

interface Waiting<Asked, Answer> {
  readonly asked: Asked;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

/**
 * Keeps what misses a cache from being more than the database can do: so many loads at once, and what comes meanwhile
 * goes into the next load together. Nobody waits in order to be batched.
 */
export function openLoads<Asked, Answer>(
  { atOnce, batch }: LoadSettings,
  load: (asked: readonly Asked[]) => Promise<readonly Answer[]>,
): (asked: Asked) => Promise<Answer> {
  const waiting: Waiting<Asked, Answer>[] = [];
  let running = 0;

  async function next(): Promise<void> {
    running++;
    // What is asked for in the same turn goes along.
    await Promise.resolve();
    const taken = waiting.splice(0, batch);
    try {
      if (taken.length === 0) return;
      const answers = await load(taken.map(({ asked }) => asked));
      for (const [i, each] of taken.entries()) each.resolve(answers[i] as Answer);
    } catch (error) {
      for (const each of taken) each.reject(error);
    } finally {
      running--;
      if (waiting.length > 0) void next();
    }
  }

  return (asked) =>
    new Promise((resolve, reject) => {
      if (waiting.length >= waitingAtMost) {
        reject(new Fault("cache.too_many_loads", "Too much is being read anew.", { safeToRetry: true }));
        return;
      }
      waiting.push({ asked, resolve, reject });
      if (running < atOnce) void next();
    });
}
