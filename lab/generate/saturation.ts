import type { OpenLoopOutcome } from "./open-loop.ts";

/** Whether a run's times may be called the shop's. */
export interface Verdict {
  /** The generator could not keep its own plan: its times are its own and are not reported. */
  readonly generatorSaturated: boolean;
  /** The shop could not keep up: its times grow with the length of the run, and the rate is above its capacity. */
  readonly shopFellBehind: boolean;
  /** Why, in sentences. */
  readonly reasons: readonly string[];
}

/**
 * An event loop busy for more of the time than this queues its own callbacks: at 85 % an M/M/1 queue is
 * 5.7 services long.
 */
const mostUtilization = 0.85;
/** A late p99 beyond this would be a visible part of the shop's own p99 (target: 20 ms). */
const mostLatenessMs = 20;
/** Unfinished work beyond this many milliseconds of arrivals is a queue that grows, not the work in hand. */
const mostBacklogMs = 500;
/** Fewer visits more or less are chance, also where few come. */
const mostBacklog = 10;

/** Judges a run by its generator first: a saturated one can say nothing of the shop. */
export function judge(
  outcome: OpenLoopOutcome,
  rate: number,
  waitedForBuyers = 0,
  shareOfBuying = 1,
): Verdict {
  const { utilization, lateness, turnedAway, openAtEnd, openAtStart, unfinished, arrivals } = outcome;
  const generator: string[] = [];
  if (utilization > mostUtilization) {
    generator.push(
      `its event loop was busy ${percent(utilization)} of the time (at most ${percent(mostUtilization)})`,
    );
  }
  if (lateness.p99 > mostLatenessMs) {
    generator.push(
      `one arrival in a hundred began ${lateness.p99.toFixed(1)} ms late or later (at most ${mostLatenessMs} ms)`,
    );
  }
  const shop: string[] = [];
  const backlogMs = ((openAtEnd - openAtStart) / rate) * 1_000;
  if (backlogMs > mostBacklogMs && openAtEnd - openAtStart > mostBacklog) {
    shop.push(
      `${openAtEnd} visits were open at the end and ${openAtStart} at the beginning: ${Math.round(backlogMs)} ms of arrivals`,
    );
  }
  if (turnedAway > 0) shop.push(`${turnedAway} arrivals found too many open visits and were turned away`);
  if (unfinished > 0) shop.push(`${unfinished} visits never ended`);
  // While the shop keeps up, too few buyers is a mistake of the lab; when it does not, they wait for the shop.
  if (shop.length === 0 && waitedForBuyers > (arrivals * shareOfBuying) / 100) {
    generator.push(`${waitedForBuyers} visits waited for a free buyer: prepare more with --buyers`);
  }
  return {
    generatorSaturated: generator.length > 0,
    shopFellBehind: shop.length > 0,
    reasons: [...generator.map((why) => `generator: ${why}`), ...shop.map((why) => `shop: ${why}`)],
  };
}

const percent = (share: number) => `${Math.round(share * 100)} %`;
