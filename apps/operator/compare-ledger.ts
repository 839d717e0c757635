import type { EntryFact, Facts, Mismatch, OrderFact } from "./fact.ts";

/** One entry that facts of another domain call for. */
interface Called {
  readonly key: string;
  readonly offender: string;
  readonly amount: number;
  readonly changedAt: number;
  readonly because: string;
}

const keyOf = (kind: string, order: string | null, payment: string | null): string =>
  `${kind} ${order ?? ""} ${payment ?? ""}`;

/** What the ledger must hold, no more and no less: what payment and order tell, entry by entry. */
export function compareLedger({ orders, payments, entries }: Facts): Mismatch[] {
  const called = [...callsOfPayments(payments), ...orders.flatMap(callsOfOrder)];
  const posted = new Map<string, EntryFact[]>();
  for (const entry of entries) {
    const key = keyOf(entry.kind, entry.order, entry.payment);
    posted.set(key, [...(posted.get(key) ?? []), entry]);
  }
  const found: Mismatch[] = [];
  for (const call of called) {
    const there = posted.get(call.key) ?? [];
    posted.delete(call.key);
    const problem = problemOf(call, there);
    const changedAt = Math.max(call.changedAt, ...there.map((entry) => entry.at));
    if (problem)
      found.push({ rule: "ledger.follows_money", offender: call.offender, detail: problem, changedAt });
  }
  for (const [key, [entry]] of posted) {
    if (!entry) continue;
    const detail = `an entry "${key}" that no payment and no order calls for`;
    found.push({ rule: "ledger.follows_money", offender: entry.id, detail, changedAt: entry.at });
  }
  return found;
}

function problemOf(call: Called, there: readonly EntryFact[]): string | undefined {
  const [entry] = there;
  if (!entry) return `${call.because}, but the ledger has no entry "${call.key}"`;
  if (there.length > 1) return `${call.because}, but the ledger has ${there.length} entries "${call.key}"`;
  const moved = entry.legs.filter((leg) => leg.amount > 0).reduce((total, leg) => total + leg.amount, 0);
  return moved === call.amount ? undefined : `${call.because}: ${call.amount}, but the ledger moved ${moved}`;
}

function callsOfPayments(payments: Facts["payments"]): Called[] {
  return payments
    .filter((payment) => payment.state === "captured")
    .flatMap(({ id, changedAt, allocations }) =>
      allocations.flatMap(({ order, amount, refund }) => {
        const call = (kind: string, because: string) => ({
          key: keyOf(kind, order, id),
          offender: order,
          amount,
          changedAt,
          because,
        });
        const captured = call("captured", `payment ${id} captured its part`);
        return refund === "done"
          ? [captured, call("refunded", `payment ${id} gave its part back`)]
          : [captured];
      }),
    );
}

function callsOfOrder(order: OrderFact): Called[] {
  const call = (kind: string, amount: number): Called => ({
    key: keyOf(kind, order.id, null),
    offender: order.id,
    amount,
    changedAt: order.changedAt,
    because: `the order is ${order.state}`,
  });
  const held = call("escrow_in", order.total);
  const released = call("escrow_out", order.total);
  switch (order.state) {
    case "pending":
    case "closed":
      return [];
    case "paid":
    case "shipped":
      return [held];
    case "refunded":
      return [held, released];
    case "received":
      return [held, released, call("received", order.total), call("payable", order.total - order.fee)];
  }
}
