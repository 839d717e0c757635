import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { systemClock } from "#kernel/clock";
import type { Id } from "#kernel/id";
import { auditShop } from "./audit.ts";
import { openDrawers } from "./drawers.ts";
import type { AuditedDoors, EntryFact, OrderFact, PaymentFact, ReservationFact } from "./fact.ts";

/** A purchase of one line that was paid, as each domain tells it; everything else about it follows from its number. */
function purchase(number: number) {
  // Far enough apart for ids that are made anew for each domain to be the same ones.
  const id = <Kind extends string>(kind: number, bucket = number % 1024): Id<Kind> =>
    fixedId(bucket, number * 8 + kind) as Id<Kind>;
  const sku = id<"sku">(0, (number * 37) % 1024);
  const [order, checkout, payment] = [id<"order">(1), id<"checkout">(2), id<"payment">(3)];
  const reservation = id<"reservation">(4, (number * 37) % 1024);
  const changedAt = 1_000;
  const entry = (at: number, kind: string, of: Id<"payment"> | null, bucket?: number): EntryFact => ({
    id: id<"entry">(at, bucket),
    kind,
    cause: order,
    order,
    payment: of,
    at: changedAt,
    legs: [
      { account: "from", amount: -1_490, currency: "USD" },
      { account: "to", amount: 1_490, currency: "USD" },
    ],
  });
  const asOrder: OrderFact = {
    ...{ id: order, checkout, shop: id<"shop">(7), state: "paid", version: 2, total: 1_490, fee: 50 },
    ...{ currency: "USD", payment, changedAt, lines: [{ reservation, sku, quantity: 1 }] },
  };
  const asReservation: ReservationFact = {
    ...{ id: reservation, sku, checkout, quantity: 1, state: "sold", changedAt },
  };
  const asPayment: PaymentFact = {
    ...{ id: payment, checkout, state: "captured", currency: "USD", version: 2, changedAt },
    allocations: [{ order, amount: 1_490, refund: "none" }],
  };
  // The shop's view of its escrow lies in the shop's bucket.
  const entries = [entry(5, "captured", payment), entry(6, "escrow_in", null, (number * 101) % 1024)];
  return { asOrder, asReservation, asPayment, entries };
}

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

/** The id of a bucket with this number in place of a time. */
function fixedId(bucket: number, number: number): string {
  let value = (BigInt(number) << 22n) | (BigInt(bucket) << 12n);
  let text = "";
  for (let i = 0; i < 13; i++, value >>= 5n) text = alphabet[Number(value & 31n)] + text;
  return text;
}

type Purchase = ReturnType<typeof purchase>;

/** Doors of a shop with so many purchases, that keep none of them; `change` is what somebody has done to one. */
function doorsOf(
  purchases: number,
  change: (each: Purchase, number: number) => Partial<Purchase> = () => ({}),
) {
  const pages =
    <Item>(of: (each: Purchase) => readonly Item[]) =>
    async (_context: unknown, { cursor = "0" }: { cursor?: string }) => {
      const from = Number(cursor);
      const to = Math.min(from + 100, purchases);
      const items: Item[] = [];
      for (let number = from; number < to; number++) {
        const each = purchase(number);
        items.push(...of({ ...each, ...change(each, number) }));
      }
      return { items, next: to < purchases ? String(to) : null };
    };
  const audit = async () => ({ checked: 0, broken: [] });
  return {
    order: { audit, facts: pages((each) => [each.asOrder]), checkoutFacts: async () => [] },
    inventory: { audit, facts: pages((each) => [each.asReservation]) },
    payment: { audit, facts: pages((each) => [each.asPayment]) },
    settlement: { audit, facts: pages((each) => each.entries) },
  } as unknown as AuditedDoors;
}

test("purchases in which all domains agree are clean, wherever each keeps its part", async () => {
  const report = await auditShop(doorsOf(3_000), systemClock, 1);
  assert.deepEqual(report.broken, []);
  assert.deepEqual(
    [report.checked["reservations"], report.checked["payments"], report.checked["entries"]],
    [3_000, 3_000, 6_000],
  );
});

test("one contradiction among many is found, and named", async () => {
  const change = (each: Purchase, number: number): Partial<Purchase> => {
    if (number === 17) return { asReservation: { ...each.asReservation, state: "released" } };
    if (number === 1_234) return { asPayment: { ...each.asPayment, state: "failed" } };
    return number === 2_900 ? { entries: each.entries.slice(1) } : {};
  };
  const { broken } = await auditShop(doorsOf(3_000, change), systemClock, 1);
  const found = broken.map(({ rule, offender }) => `${rule} ${offender}`).sort();
  const order = (number: number) => purchase(number).asOrder.id;
  // The entry of a payment that was not captured is one too many.
  const [stray] = purchase(1_234).entries;
  assert.deepEqual(
    found,
    [
      `stock.follows_orders ${order(17)}`,
      `money.pays_orders ${order(1_234)}`,
      `ledger.follows_money ${stray?.id}`,
      `ledger.follows_money ${order(2_900)}`,
    ].sort(),
  );
});

test("drawers give back what was laid into them, from the disk too, and leave nothing there", async () => {
  const left = () => readdirSync("/var/tmp").filter((name) => name.startsWith("storey-audit-"));
  const before = left();
  const drawers = openDrawers(10_000);
  const all = Array.from({ length: 500 }, (_, number) => purchase(number));
  for (const { asOrder, asReservation, asPayment, entries } of all) {
    await drawers.lay("orders", [asOrder]);
    await drawers.lay("reservations", [asReservation]);
    await drawers.lay("payments", [asPayment]);
    await drawers.lay("entries", entries);
  }
  const found = [];
  for await (const laid of drawers.each()) {
    assert.equal(laid.orders.length, 1, "each of these buyers has a bucket of their own");
    found.push({ asOrder: laid.orders[0], asReservation: laid.reservations[0], asPayment: laid.payments[0] });
    assert.equal(laid.entries.length, 2);
  }
  const byId = (a: { asOrder?: OrderFact | undefined }, b: { asOrder?: OrderFact | undefined }) =>
    (a.asOrder?.id ?? "") < (b.asOrder?.id ?? "") ? -1 : 1;
  assert.deepEqual(found.sort(byId), all.map(({ entries: _, ...rest }) => rest).sort(byId));
  await drawers.close();
  assert.deepEqual(left(), before);
});

test("memory does not grow with the number of orders", async () => {
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc") as () => void;
  const peak = async (purchases: number) => {
    let most = 0;
    let asked = 0;
    const doors = doorsOf(purchases);
    const facts = doors.order.facts;
    const measured = {
      ...doors,
      order: {
        ...doors.order,
        facts: (...input: Parameters<typeof facts>) => {
          if (asked++ % 50 === 0) {
            gc();
            most = Math.max(most, process.memoryUsage().heapUsed);
          }
          return facts(...input);
        },
      },
    };
    await auditShop(measured, systemClock, 1);
    return most;
  };
  const few = await peak(15_000);
  const many = await peak(45_000);
  assert.ok(many < few + 16e6, `${(few / 1e6).toFixed(0)} MB, then ${(many / 1e6).toFixed(0)} MB`);
});
