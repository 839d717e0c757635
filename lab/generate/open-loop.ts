import { performance } from "node:perf_hooks";
import { setTimeout as pause, setImmediate as turn } from "node:timers/promises";
import type { Arrival } from "./arrivals.ts";
import { openLatencies, type Percentiles } from "./latencies.ts";

/** An open loop: people come at their own rate, whether or not the shop keeps up. */
export interface OpenLoop {
  /** Who comes when, counted from the start of the warm-up. */
  readonly arrivals: Iterable<Arrival>;
  readonly warmUpMs: number;
  readonly measuredMs: number;
  /**
   * More than these at once would measure the generator's memory: who comes then is turned away and counted.
   */
  readonly mostOpen: number;
  /** How long those still under way may take at the end. */
  readonly lastMs: number;
  /**
   * Does what one arrival came for. `intendedAt` is when it was to begin, on the scale of
   * `performance.now()`: times are counted from there and not from when the generator got round to it (no
   * coordinated omission). Must not reject.
   */
  arrive(arrival: Arrival, intendedAt: number, isMeasured: boolean): Promise<void>;
  /** The warm-up is over. */
  measuring(): void;
}

export interface OpenLoopOutcome {
  /** Of the measured part. */
  readonly arrivals: number;
  readonly turnedAway: number;
  /** Under way when the time was up: grows with the run when the shop is slower than people come. */
  readonly openAtEnd: number;
  readonly openAtStart: number;
  /** Given up after `lastMs`. */
  readonly unfinished: number;
  /** From the end of the warm-up to the last planned arrival, and to the last answer. */
  readonly measuredMs: number;
  readonly untilAnsweredMs: number;
  /** How late the generator itself began, in milliseconds. */
  readonly lateness: Percentiles;
  /** The share of the time in which the generator's event loop was busy, 0 to 1. */
  readonly utilization: number;
}

const nobody: Percentiles = { count: 0, p50: 0, p90: 0, p99: 0, p999: 0, max: 0, mean: 0 };

/** Runs one. Ends when everybody who came has been answered, or `lastMs` after the last came. */
export async function runOpenLoop(loop: OpenLoop): Promise<OpenLoopOutcome> {
  const open = new Set<Promise<void>>();
  const lateness = openLatencies();
  const until = pacer();
  const startedAt = performance.now();
  const measuredFrom = startedAt + loop.warmUpMs;
  let isMeasured = false;
  let arrivals = 0;
  let turnedAway = 0;
  let openAtStart = 0;
  let busyBefore = performance.eventLoopUtilization();

  const beginMeasuring = () => {
    isMeasured = true;
    openAtStart = open.size;
    busyBefore = performance.eventLoopUtilization();
    loop.measuring();
  };
  for (const arrival of loop.arrivals) {
    const intendedAt = startedAt + arrival.atMs;
    await until(intendedAt);
    if (!isMeasured && intendedAt >= measuredFrom) beginMeasuring();
    if (isMeasured) {
      arrivals++;
      lateness.record("begun", performance.now() - intendedAt);
    }
    if (open.size >= loop.mostOpen) {
      if (isMeasured) turnedAway++;
      continue;
    }
    const visit = loop.arrive(arrival, intendedAt, isMeasured).finally(() => open.delete(visit));
    open.add(visit);
  }
  const endedAt = startedAt + loop.warmUpMs + loop.measuredMs;
  await until(endedAt);
  if (!isMeasured) beginMeasuring();
  const { utilization } = performance.eventLoopUtilization(busyBefore);
  const openAtEnd = open.size;
  const unfinished = await answered(open, loop.lastMs);
  return {
    arrivals,
    turnedAway,
    openAtStart,
    openAtEnd,
    unfinished,
    measuredMs: endedAt - measuredFrom,
    untilAnsweredMs: performance.now() - measuredFrom,
    lateness: lateness.percentiles()["begun"] ?? nobody,
    utilization,
  };
}

/**
 * Node's timers are good to a millisecond, and that late an arrival may begin; it is counted to the shop, and
 * shown as lateness. Rejected: spinning until the moment, which takes a core from a shop that shares the
 * machine.
 */
function pacer(): (at: number) => Promise<void> {
  let lastTurn = performance.now();
  return async (at) => {
    // Who is behind would otherwise begin one arrival after the other and never read an answer.
    if (performance.now() - lastTurn > mostWithoutTurnMs) {
      await turn();
      lastTurn = performance.now();
    }
    for (let left = at - performance.now(); left > 0; left = at - performance.now()) {
      await pause(Math.ceil(left));
      lastTurn = performance.now();
    }
  };
}
const mostWithoutTurnMs = 2;

async function answered(open: ReadonlySet<Promise<void>>, lastMs: number): Promise<number> {
  const patience = new AbortController();
  await Promise.race([
    Promise.all(open),
    pause(lastMs, undefined, { signal: patience.signal }).catch(() => undefined),
  ]);
  patience.abort();
  return open.size;
}
