import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import fc from "fast-check";
import type { Event } from "#kernel/event";
import { type Id, newId } from "#kernel/id";
import { refuse } from "#kernel/refusal";
import { allBuckets } from "#platform/database/api";
import { openTestDatabase, type TestDatabase } from "#tests/support/database";
import { pushedClock } from "#tests/support/sandbox";
import { orderEvents, paymentEvents, type ToldOrder, toldOrder } from "#tests/support/told";
import { settlementModule } from "./module.ts";

/** How an order of a checkout may end, and what that leaves in the accounts. */
const fates = [
  "received",
  "shipped",
  "paid",
  "refunded",
  "refunded late",
  "closed, money back",
  "closed",
] as const;
type Fate = (typeof fates)[number];

const plan = fc.record({
  orders: fc.array(
    fc.record({
      fate: fc.constantFrom(...fates),
      total: fc.integer({ min: 0, max: 1_000_000 }),
      feePercent: fc.integer({ min: 0, max: 100 }),
      shop: fc.integer({ min: 0, max: 1 }),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  /** A second payment of the whole checkout was captured as well, and goes back. */
  paidTwice: fc.boolean(),
  /** In which order events come, which of them come again, and how many at a time. */
  shuffle: fc.array(fc.nat(), { minLength: 60, maxLength: 60 }),
  repeats: fc.array(fc.nat({ max: 200 }), { maxLength: 10 }),
  batches: fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 60, maxLength: 60 }),
});

describe("any order of arrival, with repeats", () => {
  let db: TestDatabase;
  const clock = pushedClock();
  before(async () => {
    db = await openTestDatabase();
  });
  after(() => db.close());

  test("leaves the same balances, and every entry sums to zero", async () => {
    const store = db.database.store("settlement");
    const shop = { get: async () => refuse("shop.not_found", "") };
    const { door, reactions } = settlementModule({ store, clock, shop });
    const writer = store.sweep(allBuckets);
    const deliver = async (events: readonly { source: string; event: Event }[]) => {
      await writer.transaction(async (transaction) => {
        for (const reaction of reactions) {
          const mine = events.filter(({ source }) => source === reaction.source);
          const arrivals = mine.flatMap(({ event }) =>
            [...new Set(reaction.buckets(event))].map((bucket) => ({ bucket, event })),
          );
          if (arrivals.length > 0) await reaction.apply(transaction, arrivals);
        }
      });
    };
    const deliverAll = async (events: readonly { source: string; event: Event }[], how: Plan) => {
      const all = [...events, ...how.repeats.flatMap((i) => events[i % events.length] ?? [])];
      const order = all.map((event, i) => ({ event, key: how.shuffle[i % 60] ?? 0 }));
      const shuffled = order.sort((a, b) => a.key - b.key).map(({ event }) => event);
      for (let i = 0, b = 0; i < shuffled.length; b++) {
        const size = how.batches[b % 60] ?? 1;
        await deliver(shuffled.slice(i, i + size));
        i += size;
      }
    };

    let run = 0;
    await fc.assert(
      fc.asyncProperty(plan, async (how) => {
        // Buckets of its own for each run: two for the shops, one for the buyer.
        run = (run + 1) % 300;
        const shops = [newId<"shop">(400 + run, Date.now()), newId<"shop">(701 + run, Date.now())];
        const { events, orders } = eventsOf(how, run, shops);
        await db.admin(`truncate settlement.entry, settlement.balance, settlement.outbox`);
        await deliverAll(events, how);
        await deliverAll(await sentOf(db), how);

        const left = await db.admin(`select account, sum(amount)::int as amount from settlement.balance
          where amount <> 0 and account <> 'transit' group by account`);
        const kept = Object.fromEntries(left.map((row) => [row.account, row.amount]));
        assert.deepEqual(kept, expected(orders));
        assert.deepEqual(await sums(db), { entries: 0, balances: 0, transit: 0 });
        clock.forward(120_000);
        assert.deepEqual((await door.audit(context, {})) as unknown, {
          checked: await entries(db),
          broken: [],
        });
      }),
      { numRuns: 40 },
    );
  });
});

const context = {
  caller: { kind: "domain", domain: "audit" },
  deadline: Number.MAX_SAFE_INTEGER,
  idempotencyKey: undefined,
  readToken: new Map(),
  trace: "test",
} as const;

type Plan = typeof plan extends fc.Arbitrary<infer T> ? T : never;

function eventsOf(how: Plan, bucket: number, shops: readonly Id<"shop">[]) {
  const orders = how.orders.map(({ fate, total, feePercent, shop }) => ({
    fate,
    told: toldOrder(bucket, shops[shop] as Id<"shop">, total, Math.floor((total * feePercent) / 100)),
  }));
  const all = orders.map(({ told }) => told);
  const back = orders.filter(({ fate }) => fate.startsWith("refunded") || fate === "closed, money back");
  const paid = orders.filter(({ fate }) => fate !== "closed").map(({ told }) => told);
  const payments =
    paid.length > 0
      ? paymentEvents(
          bucket,
          paid,
          back.map(({ told }) => told),
        )
      : [];
  const twice = how.paidTwice ? paymentEvents(bucket, all, all) : [];
  const payment = (payments[0]?.aggregate ?? null) as Id<"payment"> | null;
  const states = {
    received: ["pending", "paid", "shipped", "received"],
    shipped: ["pending", "paid", "shipped"],
    paid: ["pending", "paid"],
    refunded: ["pending", "paid", "refunded"],
    "refunded late": ["pending", "paid", "shipped", "refunded"],
    "closed, money back": ["pending", "closed"],
    closed: ["pending", "closed"],
  } as const;
  const told = orders.flatMap(({ fate, told }) => orderEvents(told, states[fate], payment));
  return {
    orders,
    events: [
      ...[...payments, ...twice].map((event) => ({ source: "payment", event })),
      ...told.map((event) => ({ source: "order", event })),
    ],
  };
}

/** What should be left: escrow of what is paid and not received, fees, what shops have. */
function expected(orders: readonly { fate: Fate; told: ToldOrder }[]): Record<string, number> {
  const accounts: Record<string, number> = {};
  const add = (account: string, amount: number) => {
    accounts[account] = (accounts[account] ?? 0) + amount;
  };
  for (const { fate, told } of orders) {
    const { amount } = told.total;
    if (fate === "paid" || fate === "shipped") {
      add(`escrow:${told.order}`, amount);
      add(`shop-escrow:${told.shop}`, amount);
      add("shop-escrow-mirror", -amount);
    }
    if (fate === "received") {
      add("fee", told.fee.amount);
      add(`payable:${told.shop}`, amount - told.fee.amount);
    }
    if (fate === "received" || fate === "paid" || fate === "shipped") add("clearing", -amount);
  }
  return Object.fromEntries(Object.entries(accounts).filter(([, amount]) => amount !== 0));
}

async function sentOf(db: TestDatabase): Promise<{ source: string; event: Event }[]> {
  const rows = await db.admin("select id::text, aggregate::text, version, type, body from settlement.outbox");
  return rows.map((row) => ({ source: "settlement", event: { ...row, at: Date.now() } as unknown as Event }));
}

const sums = async (db: TestDatabase) =>
  (
    await db.admin(`select
      (select count(*)::int from settlement.entry where settlement.total(amounts) <> 0) as entries,
      (select coalesce(sum(amount), 0)::int from settlement.balance) as balances,
      (select coalesce(sum(amount), 0)::int from settlement.balance where account = 'transit') as transit`)
  )[0];

const entries = async (db: TestDatabase) =>
  (await db.admin("select count(*)::int as n from settlement.entry"))[0]?.n;
