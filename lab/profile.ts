import { setTimeout as pause } from "node:timers/promises";
import { randomFor } from "#demo/random";
import { runClosedLoop } from "./generate/closed-loop.ts";
import { type Counted, type Counters, openCounters, type StatementTotal } from "./raw/counters.ts";
import type { Checkout } from "./shop/acknowledged.ts";
import { type Api, openApi } from "./shop/api.ts";
import { type Buyer, prepareBuyers, signIn } from "./shop/buyers.ts";
import { type Catalogue, fetchCatalogue } from "./shop/catalogue.ts";
import { ownProvider, type Payment, type Provider } from "./shop/provider.ts";
import type { RunningShop } from "./shop/running.ts";
import { stockUp } from "./shop/stock-up.ts";
import { askQuote, beginPayment, place, putIntoCart, sayAddress } from "./workloads/purchase.ts";

export interface ProfileOptions {
  readonly shop: RunningShop;
  /** The name of the shop's database on its server. */
  readonly database: string;
  /** At once, each with whole purchases. */
  readonly buyers: number;
  readonly seconds: number;
  /** How often all buyers go through a purchase step by step. */
  readonly rounds: number;
  readonly seed: number;
  readonly operator?: { readonly email: string; readonly password: string };
  say(line: string): void;
}

/** What one of a kind cost. */
export interface Cost extends Counted {
  readonly name: string;
}

export interface Profile {
  readonly purchases: number;
  readonly purchase: Cost;
  /** Of each step by itself, everybody at the same one, with what it only begins and without what runs anyhow. */
  readonly steps: readonly Cost[];
  /** What a second without visitors costs. */
  readonly idle: Cost;
  /** For one purchase, by the time they take. */
  readonly statements: readonly StatementTotal[];
}

/** A purchase under way; each step leaves what the next one needs. */
interface Visit {
  readonly buyer: Buyer;
  key: string;
  skus: readonly string[];
  digest: string;
  checkout?: Checkout;
  payment?: Payment;
}

type Step = readonly [name: string, take: (visit: Visit) => Promise<unknown>];

const settledMs = 1_500;
const longestMs = 60_000;
const idleSeconds = 5;

/** Where the cost of a whole purchase goes: by step, by statement, and what runs anyhow. */
export async function runProfile(options: ProfileOptions): Promise<Profile> {
  const { shop, seed, say } = options;
  const api = openApi(shop.url, options.buyers);
  await using counters = await openCounters(shop, options.database);
  try {
    const catalogue = await fetchCatalogue(api, seed);
    if (options.operator) await stockUp(api, catalogue, await signIn(api, options.operator));
    const run = `${Date.now().toString(36)}-${process.pid}`;
    const { all } = await prepareBuyers(shop.url, options.buyers, run);
    const provider = ownProvider(api, shop.secrets.secret("sandbox"));
    const visits = all.map((buyer): Visit => ({ buyer, key: "", skus: [], digest: "" }));
    const steps = stepsOf({ api, catalogue, provider, seed, run });
    const whole = (visit: Visit) =>
      steps.reduce((before, [, take]) => before.then(() => take(visit)), Promise.resolve<unknown>(undefined));
    const loop = (seconds: number) =>
      runClosedLoop({
        callers: visits.length,
        forMs: seconds * 1_000,
        once: async (caller) => void (await whole(visits[caller] as Visit)),
      });
    say("warming up");
    await loop(Math.max(2, options.seconds / 2));
    await quiet(counters);
    await counters.forgetStatements();
    say("whole purchases");
    const before = await counters.read();
    const { operations } = await loop(options.seconds);
    await quiet(counters);
    const purchase = costOf("whole purchase", before, await counters.read(), operations);
    const statements = (await counters.statements(60)).map((s) => per(s, operations));
    const still = await counters.read();
    await pause(idleSeconds * 1_000);
    const idle = costOf("a second without visitors", still, await counters.read(), idleSeconds);
    say("step by step");
    const costs = await stepwise({ counters, steps, visits, idle, rounds: options.rounds });
    return { purchases: operations, purchase, steps: costs, idle, statements };
  } finally {
    await api.close();
  }
}

/** Until no event waits: work that a request only begins is a part of its cost. */
async function carriedOn(counters: Counters): Promise<void> {
  const startedAt = performance.now();
  while (await counters.isWaiting()) {
    if (performance.now() - startedAt > longestMs)
      throw new Error("events wait and are not carried on: see the log");
    await pause(20);
  }
}

async function quiet(counters: Counters): Promise<void> {
  await carriedOn(counters);
  await pause(settledMs);
}

function stepsOf(with_: {
  api: Api;
  catalogue: Catalogue;
  provider: Provider;
  seed: number;
  run: string;
}): readonly Step[] {
  const { api, catalogue, provider, seed, run } = with_;
  const random = randomFor("profile", seed);
  let begun = 0;
  const means = ({ key }: Visit) => ({ api, key });
  return [
    [
      "first line into the cart",
      (visit) => {
        visit.key = `${run}-${begun++}`;
        visit.skus = catalogue.twoOfOneShop(random);
        return putIntoCart(means(visit), visit.buyer, visit.skus[0] ?? "", 1);
      },
    ],
    ["second line", (visit) => putIntoCart(means(visit), visit.buyer, visit.skus[1] ?? "", 1)],
    ["address", (visit) => sayAddress(means(visit), visit.buyer)],
    [
      "quote",
      async (visit) => {
        visit.digest = await askQuote(means(visit), visit.buyer);
      },
    ],
    [
      "checkout",
      async (visit) => {
        visit.checkout = await place(means(visit), visit.buyer, visit.digest);
      },
    ],
    [
      "payment",
      async (visit) => {
        visit.payment = await beginPayment(means(visit), visit.buyer, visit.checkout as Checkout);
      },
    ],
    ["callback", (visit) => provider.capture(visit.payment as Payment)],
  ];
}

/** Everybody at the same step, round after round; what would have run anyhow is taken off. */
async function stepwise(with_: {
  counters: Counters;
  steps: readonly Step[];
  visits: readonly Visit[];
  idle: Counted;
  rounds: number;
}): Promise<Cost[]> {
  const { counters, steps, visits, idle, rounds } = with_;
  const sums = new Map<string, Counted>();
  for (let round = 0; round < rounds; round++) {
    for (const [name, take] of steps) {
      const before = await counters.read();
      await Promise.all(visits.map(take));
      await carriedOn(counters);
      const all = difference(before, await counters.read());
      const used = map(all, (value, of) => value - idle[of] * all.seconds);
      const sum = sums.get(name);
      sums.set(name, sum ? map(used, (value, of) => value + sum[of]) : used);
    }
  }
  return [...sums].map(([name, sum]) => ({ name, ...divided(sum, rounds * visits.length) }));
}

const map = (a: Counted, change: (value: number, name: keyof Counted) => number): Counted => ({
  seconds: change(a.seconds, "seconds"),
  application: change(a.application, "application"),
  database: change(a.database, "database"),
  statements: change(a.statements, "statements"),
  commits: change(a.commits, "commits"),
  wal: change(a.wal, "wal"),
});
const difference = (before: Counted, after: Counted) => map(after, (value, name) => value - before[name]);
const divided = (a: Counted, by: number) => map(a, (value) => value / by);

const costOf = (name: string, before: Counted, after: Counted, times: number): Cost => ({
  name,
  ...divided(difference(before, after), times),
});

const per = (s: StatementTotal, purchases: number): StatementTotal => ({
  ...s,
  calls: s.calls / purchases,
  ms: s.ms / purchases,
  wal: s.wal / purchases,
});
