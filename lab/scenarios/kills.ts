import { setTimeout as pause } from "node:timers/promises";
import { type Client, openClient } from "#apps/client/client";
import type { Id } from "#kernel/id";
import { isRefusal } from "#kernel/refusal";
import { type Buyer, type Market, openMarket } from "./market.ts";
import { patiently } from "./patience.ts";

/** A running shop of which something can be killed. */
export interface MortalShop {
  readonly url: string;
  /** Finds one of its parts. What it answers kills that with SIGKILL at once, and sees to it that it comes back. */
  aim(victim: string): Promise<() => Promise<void>>;
  /** Waits until every part of it is well. */
  whole(): Promise<void>;
  /** Of a cluster: waits until every database follows the one that leads, and has what that one has begun anew. */
  rejoined?(): Promise<void>;
}

export interface KillsOptions {
  readonly shop: MortalShop;
  /** What is killed, one after the other. */
  readonly victims: readonly string[];
  /** 0 to 1, anew for each call: when to kill. */
  readonly random: () => number;
  readonly say: (line: string) => void;
}

export interface KillsReport {
  readonly victims: readonly string[];
  readonly kills: number;
  /** Kills at a moment when at least one checkout was waiting for its answer. */
  readonly inFlight: number;
  readonly acknowledged: number;
  /** Requests that died without an answer and were sent again with their key. */
  readonly repeated: number;
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  readonly brokenInvariants: readonly string[];
  /** From the kill to the first answer. */
  readonly recoveredAfterMs: readonly number[];
  /** From the kill to the first checkout, begun after it, that was acknowledged. */
  readonly writesAfterMs: readonly number[];
  /** From the kill until every database of a cluster was a part of it again; empty where there is none. */
  readonly rejoinedAfterMs: readonly number[];
}

/** At least this share of the kills must hit a checkout that waits for its answer, or nothing was shown. */
const leastInFlight = 0.8;

/** Nothing lost, nothing doubled, nothing broken, and most kills in the middle of something. */
export const holds = (report: KillsReport): boolean =>
  report.lost.length + report.doubled.length + report.brokenInvariants.length === 0 &&
  report.inFlight >= report.kills * leastInFlight;

const buyersAtOnce = 16;
const answerWithinMs = 30_000;

/** One checkout that somebody wants: sent again with the same key until it has an answer. */
interface Attempt {
  readonly buyer: Buyer;
  readonly key: string;
  readonly body: { lines: { sku: Id<"sku">; quantity: number }[]; address: Id<"address">; quote: string };
  answer?: { checkout: string; orders: string[] };
  /** What it was told last instead of an answer. */
  told?: string;
}

/**
 * 16 buyers place checkouts one after the other; at a moment of chance the victim is killed, brought back, and every
 * checkout that had no answer is sent again with its key. At the end every acknowledged order must exist, none
 * twice, and the audit must be clean.
 */
export async function runKills(options: KillsOptions): Promise<KillsReport> {
  const { shop, victims } = options;
  const client = openClient(shop.url);
  const attempts: Attempt[] = [];
  const recoveredAfterMs: number[] = [];
  const writesAfterMs: number[] = [];
  const rejoinedAfterMs: number[] = [];
  let inFlight = 0;
  let repeated = 0;
  try {
    const market = await openMarket(client, buyersAtOnce);
    for (const [at, victim] of victims.entries()) {
      const rush = startRush(market, attempts);
      await pause(150 + options.random() * 600);
      const kill = await shop.aim(victim);
      if (await momentInFlight(rush.waiting)) inFlight += 1;
      const killedAt = performance.now();
      await kill();
      const since = () => Math.round(performance.now() - killedAt);
      await Promise.all([
        firstAnswer(client).then(() => recoveredAfterMs.push(since())),
        firstCheckout(market, attempts).then(() => writesAfterMs.push(since())),
      ]);
      rush.stop();
      await rush.ended;
      repeated += await finish(attempts);
      if (shop.rejoined) {
        await shop.rejoined();
        rejoinedAfterMs.push(since());
      }
      options.say(
        `${victim} killed, ${at + 1} of ${victims.length}: answering again after ${recoveredAfterMs.at(-1)} ms, ` +
          `taking orders after ${writesAfterMs.at(-1)} ms`,
      );
    }
    await shop.whole();
    const verdict = await verify(client, market, attempts);
    return {
      victims: [...new Set(victims)],
      kills: victims.length,
      inFlight,
      acknowledged: attempts.filter((attempt) => attempt.answer).length,
      repeated,
      recoveredAfterMs,
      writesAfterMs,
      rejoinedAfterMs,
      ...verdict,
    };
  } finally {
    await client.close();
  }
}

/** Waits for a moment when somebody waits for an answer: between two checkouts buyers ask for quotes. */
async function momentInFlight(waiting: () => number): Promise<boolean> {
  for (const deadline = performance.now() + 3_000; performance.now() < deadline; ) {
    if (waiting() > 0) return true;
    await pause(1);
  }
  return false;
}

/** Every buyer places one checkout after the other until told to stop, or until one gets no answer. */
function startRush(market: Market, attempts: Attempt[]) {
  let stopped = false;
  let waiting = 0;
  const run = async (buyer: Buyer) => {
    while (!stopped) {
      const attempt: Attempt = { buyer, key: crypto.randomUUID(), body: await market.wish(buyer) };
      attempts.push(attempt);
      waiting += 1;
      try {
        await send(attempt);
      } finally {
        waiting -= 1;
      }
      if (!attempt.answer) return;
    }
  };
  const ended = Promise.all(market.buyers.map((buyer) => run(buyer).catch(() => undefined)));
  return {
    waiting: () => waiting,
    ended,
    stop: () => {
      stopped = true;
    },
  };
}

/** Sends an attempt; a broken connection, or a fault, leaves it without an answer. */
async function send(attempt: Attempt): Promise<void> {
  const outcome = await attempt.buyer.api.order
    .place(attempt.body, { key: attempt.key })
    .catch(() => undefined);
  if (outcome === undefined) return;
  if (isRefusal(outcome)) {
    const mayComeBack = ["request.failed", "request.overloaded", "order.in_progress"].includes(
      outcome.refusal,
    );
    if (!mayComeBack) throw new Error(`a checkout was refused: ${outcome.refusal} ${outcome.message}`);
    attempt.told = `${outcome.refusal}: ${outcome.message}`;
    return;
  }
  attempt.answer = { checkout: outcome.id, orders: outcome.orders.map((order) => order.id) };
}

/** A checkout that nobody had begun before: it is sent until it is acknowledged. */
async function firstCheckout(market: Market, attempts: Attempt[]): Promise<void> {
  const [buyer] = market.buyers;
  if (!buyer) throw new Error("a market without buyers");
  const deadline = performance.now() + answerWithinMs;
  let body: Attempt["body"] | undefined;
  while (!body) {
    body = await market.wish(buyer).catch(() => undefined);
    if (performance.now() > deadline) throw new Error(`no quote within ${answerWithinMs} ms`);
    if (!body) await pause(20);
  }
  const attempt: Attempt = { buyer, key: crypto.randomUUID(), body };
  attempts.push(attempt);
  await finish([attempt]);
}

/** Sends everything without an answer again, until it has one; how many there were. */
async function finish(attempts: readonly Attempt[]): Promise<number> {
  const open = attempts.filter((attempt) => !attempt.answer);
  const deadline = performance.now() + answerWithinMs;
  for (const attempt of open) {
    while (!attempt.answer) {
      if (performance.now() > deadline)
        throw new Error(`no answer within ${answerWithinMs} ms to ${attempt.key}, last told ${attempt.told}`);
      await send(attempt);
      if (!attempt.answer) await pause(20);
    }
  }
  return open.length;
}

async function firstAnswer(client: Client): Promise<void> {
  const deadline = performance.now() + answerWithinMs;
  for (;;) {
    const answered = await client.shop.list({}).then(
      (outcome) => !isRefusal(outcome),
      () => false,
    );
    if (answered) return;
    if (performance.now() > deadline)
      throw new Error(`the shop did not come back within ${answerWithinMs} ms`);
    await pause(20);
  }
}

async function verify(client: Client, market: Market, attempts: readonly Attempt[]) {
  const lost: string[] = [];
  const doubled: string[] = [];
  for (const buyer of market.buyers) {
    const expected = attempts.filter((a) => a.buyer === buyer).flatMap((a) => a.answer?.orders ?? []);
    const there = await everyOrder(buyer);
    lost.push(...expected.filter((id) => !there.includes(id)));
    // An order that nobody was told of is one that was made twice.
    doubled.push(...there.filter((id) => !expected.includes(id)));
  }
  const report = await market.audit(client);
  return {
    lost,
    doubled,
    brokenInvariants: report.broken.map((b) => `${b.rule} ${b.offender}: ${b.detail}`),
  };
}

async function everyOrder(buyer: Buyer): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await patiently(() => buyer.api.order.list({ limit: 100, ...(cursor ? { cursor } : {}) }));
    ids.push(...page.items.map((order) => order.id));
    cursor = page.next ?? undefined;
  } while (cursor);
  return ids;
}
