import { loadavg } from "node:os";
import { performance } from "node:perf_hooks";
import { type Arrival, randomOf } from "./generate/arrivals.ts";
import { type Latencies, openLatencies } from "./generate/latencies.ts";
import { type OpenLoopOutcome, runOpenLoop } from "./generate/open-loop.ts";
import { judge } from "./generate/saturation.ts";
import { measureStatements } from "./raw/database-limits.ts";
import { measureHttp } from "./raw/http-limit.ts";
import type { Limit } from "./raw/limit.ts";
import { oneStatementOrder, pointRead } from "./raw/statements.ts";
import type { LoadReport } from "./report/load-report.ts";
import { openAcknowledged } from "./shop/acknowledged.ts";
import { type Api, openApi, Unanswered } from "./shop/api.ts";
import { poolOf, prepareBuyers } from "./shop/buyers.ts";
import { fetchCatalogue } from "./shop/catalogue.ts";
import { ownProvider, sandboxPage } from "./shop/provider.ts";
import { untilQuiet } from "./shop/quiet.ts";
import { type Cpu, cpuOf, type RunningShop } from "./shop/running.ts";
import { stockUp } from "./shop/stock-up.ts";
import { browse } from "./workloads/browse.ts";
import { order } from "./workloads/order.ts";
import { shop } from "./workloads/shop.ts";
import { sessionFor, type Visit, type Workload } from "./workloads/workload.ts";

/** Every workload by its name. */
export const workloads: readonly Workload[] = [browse, shop, order];

export interface LoadOptions {
  readonly workload: Workload;
  /** Arrivals of sessions a second. */
  readonly rate: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly seed: number;
  readonly buyers: number;
  /** How long each raw limit is measured; 0 leaves them out. */
  readonly rawSeconds: number;
  readonly url: string;
  /** Its processes, where it runs on this machine; without them there is no CPU and no limit of its database. */
  readonly running?: RunningShop;
  /** Who may give SKUs stock; without one popular things sell out. */
  readonly operator?: { readonly email: string; readonly password: string };
  say(line: string): void;
}

/** Connections to the shop: as many as a proxy would keep, so that requests queue in the shop and not before it. */
const connections = 256;
const mostOpen = 5_000;

/** Drives a shop that runs with a workload and holds it to every order it acknowledged. */
export async function runLoad(options: LoadOptions): Promise<LoadReport> {
  const { workload, seed, say, running } = options;
  const loadBefore = loadavg()[0] ?? 0;
  const api = openApi(options.url, connections);
  try {
    const visits = await prepare(options, api);
    say(`${options.rate} arrivals a second for ${options.warmUpSeconds} + ${options.seconds} s`);
    const counted = openCounts();
    let before: Cpu | undefined;
    const outcome = await runOpenLoop({
      rate: options.rate,
      warmUpMs: options.warmUpSeconds * 1_000,
      measuredMs: options.seconds * 1_000,
      seed,
      mostOpen,
      lastMs: 20_000,
      measuring: () => {
        before = running && cpuOf(running);
        counted.begin();
      },
      arrive: (arrival, intendedAt, isMeasured) =>
        visit(workload, visits(arrival), { counted, intendedAt, isMeasured }),
    });
    const quietMs = await untilQuiet(api);
    const after = running && cpuOf(running);
    say(`looking up ${visits.acknowledged.count().checkouts} acknowledged checkouts`);
    const mismatches = await visits.acknowledged.check(api);
    return reportOf(options, { outcome, counted, visits, before, after, quietMs, mismatches, loadBefore });
  } finally {
    await api.close();
  }
}

type Visits = Awaited<ReturnType<typeof prepare>>;

async function prepare(options: LoadOptions, api: Api) {
  const { workload, seed, say, running, operator } = options;
  const catalogue = await fetchCatalogue(api, seed);
  say(`${catalogue.products.length} products; workload ${workload.name}: ${workload.about}`);
  const run = `${Date.now().toString(36)}-${process.pid}`;
  if (workload.buys && operator) {
    const stocked = await stockUp(api, catalogue, operator);
    if (stocked > 0) say(`${stocked} SKUs given stock to sell`);
  }
  const buyers = workload.buys ? await prepareBuyers(options.url, options.buyers, run) : poolOf([]);
  const provider = running ? ownProvider(api, running.secrets.secret("sandbox")) : sandboxPage(api);
  const acknowledged = openAcknowledged();
  const shared = { api, catalogue, buyers, provider, acknowledged };
  const visitOf = (arrival: Arrival) => ({
    ...shared,
    random: randomOf(seed, arrival),
    key: `${run}-${arrival.index}`,
  });
  return Object.assign(visitOf, { acknowledged, buyers, products: catalogue.products.length });
}

interface Counts {
  readonly latencies: Latencies;
  readonly codes: Map<string, number>;
  /** Everything that ended since the warm-up, also what began in it: CPU is used for those too. */
  ended: { sessions: number; interactions: number };
  begin(): void;
}

function openCounts(): Counts {
  const counts: Counts = {
    latencies: openLatencies(),
    codes: new Map(),
    ended: { sessions: 0, interactions: 0 },
    begin: () => {
      counts.ended = { sessions: 0, interactions: 0 };
    },
  };
  return counts;
}

async function visit(
  workload: Workload,
  means: Omit<Visit, "step">,
  at: { counted: Counts; intendedAt: number; isMeasured: boolean },
): Promise<void> {
  const { counted, isMeasured } = at;
  const session = sessionFor(workload, means.random);
  let from = at.intendedAt;
  const step: Visit["step"] = async (name, work) => {
    const answer = await work();
    const now = performance.now();
    if (isMeasured) {
      counted.latencies.record("every interaction", now - from);
      counted.latencies.record(name, now - from);
    }
    counted.ended.interactions++;
    from = now;
    return answer;
  };
  try {
    await session.run({ ...means, step });
    if (isMeasured && workload.buys && session.name === "purchase") {
      counted.latencies.record("whole purchase", performance.now() - at.intendedAt);
    }
    counted.ended.sessions++;
  } catch (error) {
    if (!isMeasured) return;
    const code = error instanceof Unanswered ? error.code : `lab.${(error as Error).message.slice(0, 120)}`;
    counted.codes.set(code, (counted.codes.get(code) ?? 0) + 1);
  }
}

async function reportOf(
  options: LoadOptions,
  run: {
    outcome: OpenLoopOutcome;
    counted: Counts;
    visits: Visits;
    before: Cpu | undefined;
    after: Cpu | undefined;
    quietMs: number;
    mismatches: readonly string[];
    loadBefore: number;
  },
): Promise<LoadReport> {
  const { outcome, counted, visits, before, after } = run;
  const { sessions, interactions } = counted.ended;
  const used = before &&
    after && {
      application: (after.application - before.application) / interactions,
      database: (after.database - before.database) / interactions,
    };
  const buying = options.workload.sessions.find(({ name }) => name === "purchase")?.weight ?? 0;
  const all = options.workload.sessions.reduce((sum, { weight }) => sum + weight, 0);
  return {
    workload: options.workload.name,
    settings: {
      rate: options.rate,
      seconds: options.seconds,
      warmUpSeconds: options.warmUpSeconds,
      seed: options.seed,
      buyers: options.buyers,
      products: visits.products,
    },
    verdict: judge(outcome, options.rate, visits.buyers.waited(), buying / all),
    outcome,
    loadBefore: run.loadBefore,
    sessionsPerSecond: (sessions / outcome.untilAnsweredMs) * 1_000,
    interactionsPerSecond: (interactions / outcome.untilAnsweredMs) * 1_000,
    latencies: counted.latencies.percentiles(),
    histograms: counted.latencies.encoded(),
    errors: Object.fromEntries([...counted.codes].sort(([, a], [, b]) => b - a)),
    ...(used ? { cpuMsPerInteraction: used } : {}),
    eventsQuietAfterMs: run.quietMs,
    acknowledged: { ...visits.acknowledged.count(), mismatches: run.mismatches },
    limits: await limitsFor(options),
  };
}

async function limitsFor({ rawSeconds, running, seed, say }: LoadOptions): Promise<readonly Limit[]> {
  if (rawSeconds === 0) return [];
  say(`the raw limits of this machine, ${rawSeconds} s each`);
  const forMs = rawSeconds * 1_000;
  const http = await measureHttp(forMs);
  if (!running) return [http];
  return [http, ...(await measureStatements(running.database, [pointRead, oneStatementOrder], forMs, seed))];
}
