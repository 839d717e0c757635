import { loadavg } from "node:os";
import { poisson } from "./generate/arrivals.ts";
import { type OpenLoopOutcome, runOpenLoop } from "./generate/open-loop.ts";
import { judge } from "./generate/saturation.ts";
import { measureStatements } from "./raw/database-limits.ts";
import { measureHttp } from "./raw/http-limit.ts";
import type { Limit } from "./raw/limit.ts";
import { oneStatementOrder, pointRead } from "./raw/statements.ts";
import type { LoadReport } from "./report/load-report.ts";
import { openApi } from "./shop/api.ts";
import { untilQuiet } from "./shop/quiet.ts";
import { type Cpu, cpuOf, type RunningShop } from "./shop/running.ts";
import { type Lap, longestThoughtMs, openVisits, type VisitOptions, type Visits } from "./visits.ts";
import { browse } from "./workloads/browse.ts";
import { doubleEleven } from "./workloads/double-eleven.ts";
import { flashSale } from "./workloads/flash-sale.ts";
import { hostile } from "./workloads/hostile.ts";
import { merchant } from "./workloads/merchant.ts";
import { order } from "./workloads/order.ts";
import { shop } from "./workloads/shop.ts";
import type { Workload } from "./workloads/workload.ts";

/** Every workload by its name. */
export const workloads: readonly Workload[] = [
  browse,
  shop,
  order,
  doubleEleven,
  flashSale,
  merchant,
  hostile,
];

export interface LoadOptions extends VisitOptions {
  /** Its processes, where it runs on this machine; without them there is no CPU and no limit of its database. */
  readonly running?: RunningShop;
  /** Arrivals of sessions a second. */
  readonly rate: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  /** How long each raw limit is measured; 0 leaves them out. */
  readonly rawSeconds: number;
}

/** Connections to the shop: as many as a proxy would keep, so that requests queue in the shop and not before it. */
const connections = 256;
const mostOpen = 5_000;

/** Drives a shop that runs with a workload and holds it to every order it acknowledged. */
export async function runLoad(options: LoadOptions): Promise<LoadReport> {
  const { workload, say, running } = options;
  const loadBefore = loadavg()[0] ?? 0;
  const api = openApi(options.url, connections);
  try {
    const sandboxKey = running?.secrets.secret("sandbox");
    const visits = await openVisits({ ...options, ...(sandboxKey ? { sandboxKey } : {}) }, api);
    const lap = visits.lap();
    say(`${options.rate} arrivals a second for ${options.warmUpSeconds} + ${options.seconds} s`);
    const [warmUpMs, measuredMs] = [options.warmUpSeconds * 1_000, options.seconds * 1_000];
    const plan = { ...options, warmUpMs, measuredMs };
    let before: Cpu | undefined;
    const outcome = await runOpenLoop({
      arrivals: workload.arrivals?.(plan) ?? poisson(plan.rate, warmUpMs + measuredMs, plan.seed),
      warmUpMs,
      measuredMs,
      mostOpen,
      lastMs: 20_000 + longestThoughtMs(options.thinkSeconds),
      measuring: () => {
        before = running && cpuOf(running);
        lap.begin();
      },
      arrive: (arrival, intendedAt) =>
        lap.send(arrival, intendedAt, { share: (arrival.atMs - warmUpMs) / measuredMs }),
    });
    const quietMs = await untilQuiet(api);
    const after = running && cpuOf(running);
    const { acknowledged } = visits.means;
    say(`looking up ${acknowledged.count().checkouts} acknowledged checkouts`);
    const mismatches = [...(await acknowledged.check(api)), ...((await visits.company.check?.()) ?? [])];
    await visits.company.close?.();
    return reportOf(options, { outcome, visits, lap, before, after, quietMs, mismatches, loadBefore });
  } finally {
    await api.close();
  }
}

async function reportOf(
  options: LoadOptions,
  run: {
    outcome: OpenLoopOutcome;
    visits: Visits;
    lap: Lap;
    before: Cpu | undefined;
    after: Cpu | undefined;
    quietMs: number;
    mismatches: readonly string[];
    loadBefore: number;
  },
): Promise<LoadReport> {
  const { outcome, before, after } = run;
  const { company, means } = run.visits;
  const { counted } = run.lap;
  const { sessions, interactions } = counted.ended;
  const used = before &&
    after && {
      application: (after.application - before.application) / interactions,
      database: (after.database - before.database) / interactions,
    };
  const weightOf = (sessions: typeof company.sessions) =>
    sessions.reduce((sum, { weight }) => sum + weight, 0);
  const buying = weightOf(company.sessions.filter(({ buys }) => buys)) / weightOf(company.sessions);
  return {
    workload: options.workload.name,
    settings: {
      rate: options.rate,
      seconds: options.seconds,
      warmUpSeconds: options.warmUpSeconds,
      seed: options.seed,
      buyers: options.buyers,
      thinkSeconds: options.thinkSeconds,
      products: means.catalogue.products.length,
    },
    verdict: judge(outcome, options.rate * (options.workload.surge ?? 1), means.buyers.waited(), buying),
    outcome,
    loadBefore: run.loadBefore,
    sessionsPerSecond: (sessions / outcome.untilAnsweredMs) * 1_000,
    interactionsPerSecond: (interactions / outcome.untilAnsweredMs) * 1_000,
    latencies: counted.latencies.percentiles(),
    histograms: counted.latencies.encoded(),
    told: mostFirst(counted.told),
    errors: mostFirst(counted.errors),
    ...(used ? { cpuMsPerInteraction: used } : {}),
    eventsQuietAfterMs: run.quietMs,
    acknowledged: { ...means.acknowledged.count(), mismatches: run.mismatches },
    limits: await limitsFor(options),
  };
}

const mostFirst = (counts: ReadonlyMap<string, number>) =>
  Object.fromEntries([...counts].sort(([, a], [, b]) => b - a));

async function limitsFor({ rawSeconds, running, seed, say }: LoadOptions): Promise<readonly Limit[]> {
  if (rawSeconds === 0) return [];
  say(`the raw limits of this machine, ${rawSeconds} s each`);
  const forMs = rawSeconds * 1_000;
  const http = await measureHttp(forMs);
  if (!running) return [http];
  return [http, ...(await measureStatements(running.database, [pointRead, oneStatementOrder], forMs, seed))];
}
