import { performance } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import type { Random } from "#demo/random";
import { type Arrival, randomOf } from "./generate/arrivals.ts";
import { type Latencies, openLatencies } from "./generate/latencies.ts";
import { openAcknowledged } from "./shop/acknowledged.ts";
import { type Api, Unanswered } from "./shop/api.ts";
import { poolOf, prepareBuyers, signIn } from "./shop/buyers.ts";
import { fetchCatalogue } from "./shop/catalogue.ts";
import { ownProvider, sandboxPage } from "./shop/provider.ts";
import { stockUp } from "./shop/stock-up.ts";
import { type Company, type Means, sessionFor, type Visit, type Workload } from "./workloads/workload.ts";

export interface VisitOptions {
  readonly workload: Workload;
  readonly seed: number;
  readonly buyers: number;
  /** How long a visitor thinks between two interactions, in the mean. */
  readonly thinkSeconds: number;
  readonly url: string;
  /** What the shop's sandbox signs callbacks with; without it its own page is asked, which answers later. */
  readonly sandboxKey?: string;
  /** Who may give SKUs stock; without one popular things sell out. */
  readonly operator?: { readonly email: string; readonly password: string };
  say(line: string): void;
}

/** What came of those who came. */
export interface Counted {
  readonly latencies: Latencies;
  /** Visits that ended early, by the code they ended with. */
  readonly errors: Map<string, number>;
  /** Answers that were right and no success. */
  readonly told: Map<string, number>;
  /** Everything that ended since the warm-up, also what began in it: CPU is used for those too. */
  ended: { sessions: number; interactions: number };
}

export interface Visits {
  readonly means: Means;
  readonly company: Company;
  /** A run with them, counted by itself. */
  lap(): Lap;
}

export interface Lap {
  readonly counted: Counted;
  /** The warm-up is over. */
  begin(): void;
  /** Sends one visitor, whose times count from `intendedAt`. Never rejects. */
  send(arrival: Arrival, intendedAt: number, at: { readonly share: number }): Promise<void>;
}

/** Makes ready what a workload's visitors need. */
export async function openVisits(options: VisitOptions, api: Api): Promise<Visits> {
  const { workload } = options;
  const means = await prepare(options, api);
  const company = await workload.open(means);
  let laps = 0;
  return {
    means,
    company,
    lap: () => {
      const counted = nothingCounted();
      const run = { options, means: { ...means, run: `${means.run}-${laps++}` }, company, counted };
      return {
        counted,
        begin: () => {
          counted.ended = { sessions: 0, interactions: 0 };
        },
        send: (arrival, intendedAt, { share }) => visit(run, arrival, intendedAt, share),
      };
    },
  };
}

const nothingCounted = (): Counted => ({
  latencies: openLatencies(),
  errors: new Map(),
  told: new Map(),
  ended: { sessions: 0, interactions: 0 },
});

async function prepare(options: VisitOptions, api: Api): Promise<Means> {
  const { workload, seed, say, sandboxKey } = options;
  const catalogue = await fetchCatalogue(api, seed);
  say(`${catalogue.products.length} products; workload ${workload.name}: ${workload.about}`);
  const run = `${Date.now().toString(36)}-${process.pid}`;
  const operator = workload.buys && options.operator && (await signIn(api, options.operator));
  if (operator) {
    const stocked = await stockUp(api, catalogue, operator);
    if (stocked > 0) say(`${stocked} SKUs given stock to sell`);
  }
  return {
    api,
    catalogue,
    buyers: workload.buys ? await prepareBuyers(options.url, options.buyers, run) : poolOf([]),
    provider: sandboxKey ? ownProvider(api, sandboxKey) : sandboxPage(api),
    acknowledged: openAcknowledged(),
    run,
    ...(operator ? { operator } : {}),
  };
}

interface Run {
  readonly options: VisitOptions;
  readonly means: Means;
  readonly company: Company;
  readonly counted: Counted;
}

async function visit(
  { options: { workload, seed, thinkSeconds }, means, company, counted }: Run,
  arrival: Arrival,
  intendedAt: number,
  share: number,
): Promise<void> {
  const random = randomOf(seed, arrival);
  const session = sessionFor(company.sessions, random);
  const isMeasured = share >= 0;
  const part = isMeasured ? workload.partOf?.(share) : undefined;
  let from = intendedAt;
  let thoughtMs = 0;
  let isFirst = true;
  const step: Visit["step"] = async (name, work) => {
    if (!isFirst && thinkSeconds > 0) {
      const thinkMs = thinkingTime(random, thinkSeconds) * 1_000;
      thoughtMs += thinkMs;
      from += thinkMs;
      await pause(Math.max(0, from - performance.now()));
    }
    isFirst = false;
    const answer = await work();
    const now = performance.now();
    if (isMeasured) {
      counted.latencies.record("every interaction", now - from);
      if (part) counted.latencies.record(`every interaction ${part}`, now - from);
      counted.latencies.record(name, now - from);
    }
    counted.ended.interactions++;
    from = now;
    return answer;
  };
  const tell = (answer: string) => void (isMeasured && count(counted.told, answer));
  try {
    await session.run({ ...means, random, key: `${means.run}-${arrival.index}`, share, step, tell });
    if (isMeasured && session.name === "purchase") {
      counted.latencies.record("whole purchase", performance.now() - intendedAt - thoughtMs);
    }
    counted.ended.sessions++;
  } catch (error) {
    if (!isMeasured) return;
    count(
      counted.errors,
      error instanceof Unanswered ? error.code : `lab.${(error as Error).message.slice(0, 120)}`,
    );
  }
}

const count = (counts: Map<string, number>, name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);

/** A negative exponential, cut at ten times its mean (TPC-W, clause 5.3.2.1). */
function thinkingTime(random: Random, meanSeconds: number): number {
  return Math.min(-Math.log(1 - random.next()) * meanSeconds, 10 * meanSeconds);
}

/** How long thinking may make a visit: a purchase thinks seven times, the slowest of many three times the mean. */
export const longestThoughtMs = (thinkSeconds: number): number => thinkSeconds * 1_000 * 7 * 3;
