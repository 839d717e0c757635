import { applicationNumbers } from "#topology/application-numbers";
import { textIfGood } from "../answer.ts";

/** What an application has answered to buyers and merchants since it started. */
export interface Vitals {
  readonly requests: number;
  /** Answers of 500 and more, refusals because of overload left out. */
  readonly failures: number;
  readonly seconds: number;
}

/** Reads it from the application's own numbers, with the token of those who watch; nothing where it does not answer. */
export async function vitalsOf(url: string, token: string): Promise<Vitals | undefined> {
  const told = await textIfGood(`${url}/metrics`, token);
  if (told === undefined) return undefined;
  const { requests = 0, failures = 0, answerSeconds = 0 } = applicationNumbers(told);
  return { requests, failures, seconds: answerSeconds };
}

/** A release is judged by what it answered while it was watched. */
const fewestRequests = 20;
/** One answer in fifty that fails is more than any good release has. */
const failureShareMost = 0.02;
/** A start is slow for a moment; this is far beyond it. */
const slowerMost = 4;
const slowFromSeconds = 0.1;

/**
 * What is wrong with an application, judged by what it answered between two readings beside what the release before it
 * answered; undefined when nothing is, or too little was asked to say.
 */
export function judge(spans: { before: Vitals; now: Vitals; usual: Vitals }): string | undefined {
  const requests = spans.now.requests - spans.before.requests;
  if (requests < fewestRequests) return undefined;
  const share = (spans.now.failures - spans.before.failures) / requests;
  const usualShare = spans.usual.requests > 0 ? spans.usual.failures / spans.usual.requests : 0;
  if (share > failureShareMost && share > 2 * usualShare) {
    return `${(share * 100).toFixed(1)} % of ${requests} answers were failures`;
  }
  const mean = (spans.now.seconds - spans.before.seconds) / requests;
  const usualMean = spans.usual.requests > 0 ? spans.usual.seconds / spans.usual.requests : mean;
  if (mean > slowFromSeconds && mean > slowerMost * usualMean) {
    return `an answer takes ${Math.round(mean * 1000)} ms, and took ${Math.round(usualMean * 1000)} ms before`;
  }
  return undefined;
}
