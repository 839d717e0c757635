/** What is looked for: the highest rate that holds. */
export interface Search {
  /** Where to begin. */
  readonly from: number;
  /** How near the answer has to be to one that does not hold: 1.1 is within a tenth. */
  readonly within: number;
  /** Whatever holds beyond this is not looked for. */
  readonly upTo: number;
}

/** Whether a rate held, and what it was like. */
export interface Tried<T> {
  readonly rate: number;
  readonly held: boolean;
  readonly found: T;
}

/** Where not even this part of the first rate holds, nothing does. */
const halvings = 64;

/**
 * Doubles the rate until it does not hold, then halves the gap (in proportion) until it is small enough. A first rate
 * that does not hold is halved. Answers all that was tried, in order.
 */
export async function highest<T>(
  { from, within, upTo }: Search,
  attempt: (rate: number) => Promise<{ held: boolean; found: T }>,
): Promise<readonly Tried<T>[]> {
  const tried: Tried<T>[] = [];
  let holds = 0;
  let fails = Number.POSITIVE_INFINITY;
  for (let rate = from; ; ) {
    const { held, found } = await attempt(rate);
    tried.push({ rate, held, found });
    if (held) holds = rate;
    else fails = rate;
    if (holds >= upTo || fails <= from / halvings || fails / holds <= within) return tried;
    if (fails === Number.POSITIVE_INFINITY) rate = Math.min(upTo, holds * 2);
    else rate = holds === 0 ? fails / 2 : Math.sqrt(holds * fails);
  }
}
