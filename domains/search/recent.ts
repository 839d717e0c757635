import type { Clock } from "#kernel/clock";

/** A shop has some hundred listings that many people look at; the rest may be counted again. */
const keptEntries = 1_000;

/** Answers told again for a short while; asked at once by many, an answer is made once. */
export interface Recent<Answer> {
  get(key: string, make: () => Promise<Answer>): Promise<Answer>;
  /** What was said of these is no longer so. */
  forget(which: (answer: Answer) => boolean): void;
}

/** `keptMs` says for how long an answer is good. */
export function recentAnswers<Answer>(clock: Clock, keptMs: (answer: Answer) => number): Recent<Answer> {
  const kept = new Map<string, { until: number; answer: Answer }>();
  const making = new Map<string, Promise<Answer>>();
  const make = async (key: string, maker: () => Promise<Answer>): Promise<Answer> => {
    try {
      const answer = await maker();
      kept.delete(key);
      kept.set(key, { until: clock.now() + keptMs(answer), answer });
      const [oldest] = kept.keys();
      if (kept.size > keptEntries && oldest !== undefined) kept.delete(oldest);
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
    forget: (which) => {
      for (const [key, { answer }] of kept) if (which(answer)) kept.delete(key);
    },
  };
}
