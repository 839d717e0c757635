import { setTimeout as pause } from "node:timers/promises";
import { openClient } from "#apps/client/client";
import type { Id } from "#kernel/id";
import { isRefusal } from "#kernel/refusal";
import { type Buyer, type Market, openMarket } from "./market.ts";

export interface SwitchoversOptions {
  readonly url: string;
  readonly times: number;
  /** Another database leads; how long writes were held, by the word of who did it. */
  switchOver(): Promise<{ readonly from: string; readonly to: string; readonly heldMs: number }>;
  /** Ends when every part of the shop is well. */
  whole(): Promise<void>;
  readonly say: (line: string) => void;
}

export interface SwitchoversReport {
  readonly switchovers: number;
  /** Answered, from the first to the last switchover: quotes, checkouts and lists of orders. */
  readonly requests: number;
  /** What was answered otherwise than it should be, or not at all. */
  readonly failed: readonly string[];
  readonly heldMs: readonly number[];
  /** The longest that anybody waited for an answer, for each switchover. */
  readonly longestMs: readonly number[];
  readonly acknowledged: number;
  readonly lost: readonly string[];
  readonly brokenInvariants: readonly string[];
}

const buyersAtOnce = 8;
/** Of buying before the switchover and after it. */
const aroundMs = 700;
const atMostMs = 2_000;

/** No request failed, no order was lost, and nobody waited for longer than was promised. */
export const isSmooth = (report: SwitchoversReport): boolean =>
  report.failed.length + report.lost.length + report.brokenInvariants.length === 0 &&
  Math.max(...report.heldMs) < atMostMs;

/** Buyers quote, check out and look at their orders all the while, and nothing is sent twice. */
export async function runSwitchovers(options: SwitchoversOptions): Promise<SwitchoversReport> {
  const client = openClient(options.url);
  const failed: string[] = [];
  const heldMs: number[] = [];
  const longestMs: number[] = [];
  const placed = new Map<Buyer, Id<"order">[]>();
  let requests = 0;
  let longest = 0;
  const timed = async <T>(what: string, ask: () => Promise<T>): Promise<T | undefined> => {
    const before = performance.now();
    try {
      const outcome = await ask();
      if (isRefusal(outcome)) failed.push(`${what}: ${outcome.refusal} ${outcome.message}`);
      else return outcome;
    } catch (error) {
      failed.push(`${what}: ${(error as Error).message}`);
    } finally {
      requests += 1;
      longest = Math.max(longest, performance.now() - before);
    }
    return undefined;
  };
  try {
    const market = await openMarket(client, buyersAtOnce);
    for (let at = 1; at <= options.times; at++) {
      await options.whole();
      longest = 0;
      let isOver = false;
      const buying = Promise.all(
        market.buyers.map(async (buyer) => {
          while (!isOver) await buyOnce(market, buyer, timed, placed);
        }),
      );
      try {
        await pause(aroundMs);
        const switched = await options.switchOver();
        heldMs.push(switched.heldMs);
        await pause(aroundMs);
        options.say(
          `${switched.from} to ${switched.to}, ${at} of ${options.times}: held for ${switched.heldMs} ms, ` +
            `nobody waited longer than ${Math.round(longest)} ms`,
        );
      } finally {
        isOver = true;
        await buying;
      }
      longestMs.push(Math.round(longest));
    }
    const { broken } = await market.audit(client);
    return {
      switchovers: options.times,
      requests,
      failed,
      heldMs,
      longestMs,
      acknowledged: [...placed.values()].flat().length,
      lost: await missing(placed),
      brokenInvariants: broken.map((each) => `${each.rule} ${each.offender}: ${each.detail}`),
    };
  } finally {
    await client.close();
  }
}

type Timed = <T>(what: string, ask: () => Promise<T>) => Promise<T | undefined>;

async function buyOnce(market: Market, buyer: Buyer, timed: Timed, placed: Map<Buyer, Id<"order">[]>) {
  const wish = await timed("quote", () => market.wish(buyer));
  if (!wish) return;
  const made = await timed("checkout", () => buyer.api.order.place(wish, { key: crypto.randomUUID() }));
  if (!made || isRefusal(made)) return;
  const ids = made.orders.map(({ id }) => id);
  placed.set(buyer, [...(placed.get(buyer) ?? []), ...ids]);
  const listed = await timed("orders", () => buyer.api.order.list({ limit: 1 }));
  if (!listed || isRefusal(listed)) return;
  if (!listed.items.some(({ id }) => ids.includes(id))) await timed("own order", async () => never());
}

function never(): never {
  throw new Error("the buyer does not see the order just placed");
}

async function missing(placed: ReadonlyMap<Buyer, readonly Id<"order">[]>): Promise<string[]> {
  const lost: string[] = [];
  for (const [buyer, ids] of placed) {
    for (const id of ids) {
      const found = await buyer.api.order.get({ id });
      if (isRefusal(found)) lost.push(id);
    }
  }
  return lost;
}
