import type { Context } from "#kernel/context";
import type { Id } from "#kernel/id";
import { expectDone } from "#kernel/refusal";
import type { AuditedDoors, Facts } from "./fact.ts";

const perPage = 100;

/** Every item of a paged listing of facts. */
async function everyPage<T>(
  page: (cursor: string | undefined) => Promise<{ items: readonly T[]; next: string | null }>,
): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | undefined;
  do {
    const { items, next } = await page(cursor);
    all.push(...items);
    cursor = next ?? undefined;
  } while (cursor);
  return all;
}

/**
 * Reads all facts, what is caused before what causes it: whatever an effect points to has then had its chance to be
 * seen. Then asks what became of the checkouts that hold stock without an order.
 */
export async function gatherFacts(doors: AuditedDoors, context: Context): Promise<Facts> {
  const input = (cursor: string | undefined) => ({ limit: perPage, ...(cursor ? { cursor } : {}) });
  const entries = await everyPage(async (c) => expectDone(await doors.settlement.facts(context, input(c))));
  const reservations = await everyPage(async (c) =>
    expectDone(await doors.inventory.facts(context, input(c))),
  );
  const payments = await everyPage(async (c) => expectDone(await doors.payment.facts(context, input(c))));
  const orders = await everyPage(async (c) => expectDone(await doors.order.facts(context, input(c))));
  const ordered = new Set(orders.map((order) => order.checkout));
  const loose = [
    ...new Set(
      reservations.filter((r) => r.state === "held" && !ordered.has(r.checkout)).map((r) => r.checkout),
    ),
  ];
  const checkouts: Facts["checkouts"][number][] = [];
  for (let i = 0; i < loose.length; i += perPage) {
    const ids: Id<"checkout">[] = loose.slice(i, i + perPage);
    checkouts.push(...expectDone(await doors.order.checkoutFacts(context, { ids })));
  }
  return {
    orders,
    reservations,
    payments,
    entries,
    checkouts,
    counts: { reservations: reservations.length, payments: payments.length, entries: entries.length },
  };
}
