import { poisson } from "../generate/arrivals.ts";
import type { Percentiles } from "../generate/latencies.ts";
import { runOpenLoop } from "../generate/open-loop.ts";
import { judge } from "../generate/saturation.ts";
import { longestThoughtMs, type Visits } from "../visits.ts";
import type { ClimbingShop, Reading } from "./shop.ts";
import { type HostUse, usesBetween } from "./use.ts";

/** A rate holds while this is kept. */
export const promise = { p99Ms: 200, errorShare: 0.001 } as const;

export interface StepPlan {
  readonly seed: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
  readonly thinkSeconds: number;
}

/** What the shop was like at one rate of arrivals. */
export interface Step {
  /** Visits a second. */
  readonly rate: number;
  readonly ordersPerSecond: number;
  readonly requestsPerSecond: number;
  readonly latency: Percentiles;
  readonly errors: Readonly<Record<string, number>>;
  readonly errorShare: number;
  /** Until the last answer. */
  readonly hosts: readonly HostUse[];
  readonly orders: number;
  readonly requests: number;
  /** Until no event waited any more, of all hosts together and by kind of component. */
  readonly cpuMs: number;
  readonly cpuMsByKind: Readonly<Record<string, number>>;
  /** Why it does not hold; empty when it does. */
  readonly broken: readonly string[];
  /** The generator could not keep its plan: what was measured may be its own. */
  readonly generatorSaturated: boolean;
  /** HdrHistogram, in microseconds. */
  readonly histogram: string;
}

const mostOpen = 4_000;
/** The slowest hundredth of fewer visits' requests would be one or two of them: a step goes on until so many came. */
const fewestVisits = 150;

/** Sends visitors at a rate and looks at what became of them. */
export async function takeStep(
  shop: ClimbingShop,
  visits: Visits,
  rate: number,
  plan: StepPlan,
): Promise<Step> {
  const lap = visits.lap();
  const { acknowledged, buyers } = visits.means;
  const measuredMs = Math.max(plan.seconds, fewestVisits / rate) * 1_000;
  const warmUpMs = plan.warmUpSeconds * 1_000;
  let reading = shop.read();
  let ordersBefore = 0;
  const waitedBefore = buyers.waited();
  const outcome = await runOpenLoop({
    arrivals: poisson(rate, warmUpMs + measuredMs, plan.seed),
    warmUpMs,
    measuredMs,
    mostOpen,
    lastMs: 15_000 + longestThoughtMs(plan.thinkSeconds),
    measuring: () => {
      reading = shop.read();
      ordersBefore = acknowledged.count().orders;
      lap.begin();
    },
    arrive: (arrival, intendedAt) =>
      lap.send(arrival, intendedAt, { share: (arrival.atMs - warmUpMs) / measuredMs }),
  });
  const orders = acknowledged.count().orders - ordersBefore;
  const [before, answered] = [await reading, await shop.read()];
  await shop.quiet();
  const after = await shop.read();
  const { counted } = lap;
  const verdict = judge(outcome, rate, buyers.waited() - waitedBefore);
  const { sessions, interactions: requests } = counted.ended;
  const latency = counted.latencies.percentiles()["every interaction"];
  if (!latency) throw new Error(`nobody was answered at ${rate} visits a second`);
  const failed = [...counted.errors.values()].reduce((sum, count) => sum + count, 0);
  const errorShare = failed / Math.max(1, failed + sessions);
  return {
    rate,
    orders,
    requests,
    ordersPerSecond: (orders / outcome.untilAnsweredMs) * 1_000,
    requestsPerSecond: (requests / outcome.untilAnsweredMs) * 1_000,
    latency,
    errors: Object.fromEntries(counted.errors),
    errorShare,
    hosts: usesBetween(before.hosts, answered.hosts, answered.atMs - before.atMs),
    ...cpuBetween(before, after),
    broken: brokenBy({ p99: latency.p99, errorShare, fellBehind: verdict.shopFellBehind }),
    generatorSaturated: verdict.generatorSaturated,
    histogram: counted.latencies.encoded()["every interaction"] ?? "",
  };
}

function brokenBy(found: { p99: number; errorShare: number; fellBehind: boolean }): string[] {
  return [
    ...(found.p99 > promise.p99Ms ? [`p99 is ${found.p99.toFixed(0)} ms`] : []),
    ...(found.errorShare > promise.errorShare
      ? [`${(found.errorShare * 100).toFixed(1)} % of visits failed`]
      : []),
    ...(found.fellBehind ? ["it falls behind"] : []),
  ];
}

function cpuBetween(before: Reading, after: Reading): Pick<Step, "cpuMs" | "cpuMsByKind"> {
  const uses = usesBetween(before.hosts, after.hosts, after.atMs - before.atMs);
  return {
    cpuMs: uses.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
    cpuMsByKind: Object.fromEntries(
      Object.entries(after.kinds).map(([kind, ms]) => [kind, ms - (before.kinds[kind] ?? 0)]),
    ),
  };
}
