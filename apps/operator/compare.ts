import { compareLedger } from "./compare-ledger.ts";
import type { Facts, Mismatch, OrderFact, PaymentFact, ReservationFact } from "./fact.ts";

/** Everything in which domains contradict each other. Pure, so that it can be shown what it finds. */
export function compareFacts(facts: Facts): Mismatch[] {
  return [...compareStock(facts), ...compareMoney(facts), ...compareLedger(facts)];
}

/** What an order's reservations must have become, by the order's state. */
const stockStates: Record<OrderFact["state"], readonly ReservationFact["state"][]> = {
  pending: ["held"],
  paid: ["sold"],
  shipped: ["sold"],
  received: ["sold"],
  closed: ["released"],
  // Taken back if it was not shipped yet, gone if it was.
  refunded: ["returned", "sold"],
};

function compareStock({ orders, reservations, checkouts }: Facts): Mismatch[] {
  const found: Mismatch[] = [];
  const byId = new Map(reservations.map((r) => [r.id, r]));
  const explained = new Set<string>();
  for (const order of orders) {
    for (const line of order.lines) {
      explained.add(line.reservation);
      const reservation = byId.get(line.reservation);
      const changedAt = Math.max(order.changedAt, reservation?.changedAt ?? 0);
      const problem = stockProblem(order, line, reservation);
      if (problem)
        found.push({ rule: "stock.follows_orders", offender: order.id, detail: problem, changedAt });
    }
  }
  const steps = new Map(checkouts.map((c) => [c.id, c]));
  for (const r of reservations) {
    if (explained.has(r.id) || (r.state !== "held" && r.state !== "sold")) continue;
    const step = steps.get(r.checkout);
    // A checkout that is being placed explains what it holds; how long it may take, order's own audit says.
    if (r.state === "held" && step?.state === "placing") continue;
    const changedAt = Math.max(r.changedAt, step?.changedAt ?? 0);
    const detail = `${r.quantity} of ${r.sku} are ${r.state} for checkout ${r.checkout}, which has no such order`;
    found.push({ rule: "stock.reserved_for_something", offender: r.id, detail, changedAt });
  }
  return found;
}

function stockProblem(
  order: OrderFact,
  line: OrderFact["lines"][number],
  reservation: ReservationFact | undefined,
): string | undefined {
  if (!reservation) return `${order.state}, but nothing was ever reserved as ${line.reservation}`;
  if (reservation.sku !== line.sku || reservation.quantity !== line.quantity) {
    return `${line.quantity} of ${line.sku} were ordered, ${reservation.quantity} of ${reservation.sku} reserved`;
  }
  if (stockStates[order.state].includes(reservation.state)) return undefined;
  return `${order.state}, but reservation ${reservation.id} is ${reservation.state}`;
}

function compareMoney({ orders, payments }: Facts): Mismatch[] {
  const found: Mismatch[] = [];
  const captured = new Map<string, { payment: PaymentFact; part: PaymentFact["allocations"][number] }[]>();
  for (const payment of payments) {
    if (payment.state !== "captured") continue;
    for (const part of payment.allocations) {
      captured.set(part.order, [...(captured.get(part.order) ?? []), { payment, part }]);
    }
  }
  const known = new Set<string>();
  for (const order of orders) {
    known.add(order.id);
    const parts = captured.get(order.id) ?? [];
    const changedAt = Math.max(order.changedAt, ...parts.map(({ payment }) => payment.changedAt));
    const problem = moneyProblem(order, parts);
    if (problem) found.push({ rule: "money.pays_orders", offender: order.id, detail: problem, changedAt });
  }
  for (const [order, parts] of captured) {
    if (known.has(order)) continue;
    const changedAt = Math.max(...parts.map(({ payment }) => payment.changedAt));
    found.push({
      rule: "money.pays_orders",
      offender: order,
      detail: "paid for, but no such order",
      changedAt,
    });
  }
  return found;
}

function moneyProblem(
  order: OrderFact,
  parts: readonly { payment: PaymentFact; part: PaymentFact["allocations"][number] }[],
): string | undefined {
  const kept = parts.filter(({ part }) => part.refund === "none");
  const keptAmount = kept.reduce((total, { part }) => total + part.amount, 0);
  const isPaid = order.state === "paid" || order.state === "shipped" || order.state === "received";
  const due = isPaid ? order.total : 0;
  if (keptAmount !== due) {
    return `${order.state} with a total of ${order.total}, but ${keptAmount} captured and not given back`;
  }
  if (isPaid && kept[0]?.payment.id !== order.payment)
    return `paid by ${order.payment}, captured by ${kept[0]?.payment.id}`;
  return undefined;
}
