import type { Clock } from "#kernel/clock";

/**
 * What takes long to count is told again for so long: as long as anonymous answers may be kept by caches
 * anyway.
 */
const keptMs = 30_000;
/** A shop has some hundred listings that many people look at; the rest may be counted again. */
const keptEntries = 1_000;

/** Answers kept for a short while, those worth keeping; asked at once by many, an answer is made once. */
export interface Recent<Answer> {
  get(key: string, make: () => Promise<Answer>): Promise<Answer>;
}

export function recentAnswers<Answer>(
  clock: Clock,
  isWorthKeeping: (answer: Answer) => boolean,
): Recent<Answer> {
  const kept = new Map<string, { until: number; answer: Answer }>();
  const making = new Map<string, Promise<Answer>>();
  const make = async (key: string, maker: () => Promise<Answer>): Promise<Answer> => {
    try {
      const answer = await maker();
      if (isWorthKeeping(answer)) {
        kept.delete(key);
        kept.set(key, { until: clock.now() + keptMs, answer });
        const [oldest] = kept.keys();
        if (kept.size > keptEntries && oldest !== undefined) kept.delete(oldest);
      }
      return answer;
    } finally {
      making.delete(key);
    }
  };
  return {
    get: (key, maker) => {
      const found = kept.get(key);
      if (found && clock.now() < found.until) return Promise.resolve(found.answer);
      const under = making.get(key) ?? make(key, maker);
      making.set(key, under);
      return under;
    },
  };
}
