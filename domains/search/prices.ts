import type { Static } from "typebox";
import type { facetsSchema } from "./api.ts";

type Band = Static<typeof facetsSchema>["prices"][number];

/** 0, 1, 2, 5, 10, 20, 50 … : a price's step is the last of them that is not above it. */
const bounds = [0, ...Array.from({ length: 13 }, (_, power) => [1, 2, 5].map((n) => n * 10 ** power)).flat()];

/** The step of a price in minor units; products are counted by it. */
export const stepOf = (amount: number): number => bounds.findLastIndex((bound) => bound <= amount);

/** So many bands at most are shown. */
const bandsAtMost = 6;

/**
 * Price bands from the counts of steps: neighbours with few products are joined until there are few enough.
 * `to` is the highest price of its band (as the filter `priceTo` means it); the first band begins at 0, the
 * last is open.
 */
export function bandsOf(counts: ReadonlyMap<number, number>): Band[] {
  const bands = [...counts]
    .filter(([, count]) => count > 0)
    .sort(([a], [b]) => a - b)
    .map(([step, count]) => ({ step, count }));
  while (bands.length > bandsAtMost) {
    const sums = bands.slice(1).map(({ count }, i) => count + (bands[i]?.count ?? 0));
    const least = sums.indexOf(Math.min(...sums));
    const [first, second] = bands.splice(least, 2);
    if (first && second) bands.splice(least, 0, { step: first.step, count: first.count + second.count });
  }
  return bands.map(({ step, count }, i) => {
    const next = bands[i + 1];
    return {
      from: i === 0 ? 0 : (bounds[step] ?? 0),
      to: next ? (bounds[next.step] ?? 0) - 1 : null,
      count,
    };
  });
}
