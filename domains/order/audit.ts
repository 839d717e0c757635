import { isoTime } from "#kernel/clock";
import type { Context } from "#kernel/context";
import type { Id } from "#kernel/id";
import type { OrderDoor } from "./api.ts";
import type { OrderDeps } from "./deps.ts";

/** A step that is this much older than it should get is broken: sweeps look every 2 s, and restart within seconds. */
const graceMs = 60_000;

export async function facts(d: OrderDeps, input: Parameters<OrderDoor["facts"]>[1]) {
  const limit = input.limit ?? 100;
  const items = await d.auditing.page(input.cursor as Id<"order"> | undefined, limit);
  return { items, next: items.length === limit ? (items.at(-1)?.id ?? null) : null };
}

export const checkoutFacts = (d: OrderDeps, c: Context, input: Parameters<OrderDoor["checkoutFacts"]>[1]) =>
  d.auditing.checkouts(c, input.ids);

/** Orders and checkouts that contradict themselves. */
export async function audit(d: OrderDeps) {
  const found = await d.auditing.findings(d.clock.now() - graceMs);
  return {
    checked: found.checked,
    broken: [
      ...found.amounts.map((order) => ({
        rule: "order.amounts_add_up",
        offender: order.id,
        detail: `its total of ${order.total} is not what its lines, shipping, discount and tax make`,
      })),
      ...found.states.map((order) => ({
        rule: "order.history_is_whole",
        offender: order.id,
        detail: `${order.state} at version ${order.version} does not follow from its history, or from its payment`,
      })),
      ...found.empty.map((checkout) => ({
        rule: "order.checkout_has_its_orders",
        offender: checkout.id,
        detail: `${checkout.planned} orders planned, ${checkout.made} there`,
      })),
      ...found.late.map((thing) => ({
        rule: "order.nothing_waits_for_ever",
        offender: thing.id,
        detail: `a ${thing.kind} that is ${thing.state} since ${isoTime(thing.sinceMs)}`,
      })),
    ],
  };
}
