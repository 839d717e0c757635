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
/** The first answers of a process are slow and are not judged; this is far beyond what a busy machine adds. */
const slowerMost = 4;
const slowFromSeconds = 0.1;

/** What an application answered between two readings, beside what the release before it answered. */
interface Spans {
  readonly before: Vitals;
  readonly now: Vitals;
  readonly usual: Vitals;
}

/** Whether more answers are failures than can be; undefined when not, or when too little was asked to say. */
export function judgeFailures({ before, now, usual }: Spans): string | undefined {
  const requests = now.requests - before.requests;
  if (requests < fewestRequests) return undefined;
  const share = (now.failures - before.failures) / requests;
  const usualShare = usual.requests > 0 ? usual.failures / usual.requests : 0;
  if (share <= failureShareMost || share <= 2 * usualShare) return undefined;
  return `${(share * 100).toFixed(1)} % of ${requests} answers were failures`;
}

/** Whether answers take much longer than they did; undefined when not, or when too little was asked to say. */
export function judgeTimes({ before, now, usual }: Spans): string | undefined {
  const requests = now.requests - before.requests;
  if (requests < fewestRequests || usual.requests === 0) return undefined;
  const mean = (now.seconds - before.seconds) / requests;
  const usualMean = usual.seconds / usual.requests;
  if (mean <= slowFromSeconds || mean <= slowerMost * usualMean) return undefined;
  return `an answer takes ${Math.round(mean * 1000)} ms, and took ${Math.round(usualMean * 1000)} ms before`;
}
