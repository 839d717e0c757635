import { performance } from "node:perf_hooks";
import { openLatencies, type Percentiles } from "./latencies.ts";

/** So many callers at once, each asking again as soon as it is answered: for capacity and CPU, not for latency. */
export interface ClosedLoop {
  readonly callers: number;
  readonly forMs: number;
  /** Rejects when the operation failed; the loop then ends with that error. */
  once(caller: number, turn: number): Promise<void>;
}

export interface ClosedLoopOutcome {
  readonly operations: number;
  readonly tookMs: number;
  readonly perSecond: number;
  /** From sending to answer: under a closed loop slow answers hide those that were never asked. */
  readonly latency: Percentiles;
}

/** Runs one until the time is up and every caller has been answered. Throws what an operation threw. */
export async function runClosedLoop({ callers, forMs, once }: ClosedLoop): Promise<ClosedLoopOutcome> {
  const latencies = openLatencies();
  const startedAt = performance.now();
  const endsAt = startedAt + forMs;
  let operations = 0;
  let failed = false;
  const caller = async (number: number) => {
    for (let turn = 0; !failed && performance.now() < endsAt; turn++) {
      const askedAt = performance.now();
      try {
        await once(number, turn);
      } catch (error) {
        failed = true;
        throw error;
      }
      latencies.record("once", performance.now() - askedAt);
      operations++;
    }
  };
  await Promise.all(Array.from({ length: callers }, (_, number) => caller(number)));
  const tookMs = performance.now() - startedAt;
  const latency = latencies.percentiles()["once"];
  if (!latency) throw new Error("nothing was done in the time given: give more with --seconds");
  return { operations, tookMs, perSecond: (operations / tookMs) * 1_000, latency };
}
