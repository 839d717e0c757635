import type { Context } from "#kernel/context";
import { actsFor } from "#kernel/context";
import type { Id } from "#kernel/id";
import { refuse } from "#kernel/refusal";
import type { OrderDoor } from "./api.ts";
import type { OrderDeps } from "./deps.ts";
import { isBuyer, mayRefund, maySee, type Transition, transitions } from "./order.ts";
import type { Order } from "./schema.ts";

/** An order, for its buyer and its shop; to anybody else it does not exist. */
export async function get(d: OrderDeps, c: Context, input: Parameters<OrderDoor["get"]>[1]) {
  const order = await d.store.order(c, input.id);
  return order && maySee(c.caller, order) ? order : notFound();
}

export const cancel = (d: OrderDeps, c: Context, input: Parameters<OrderDoor["cancel"]>[1]) =>
  step(d, c, input.id, "close", (order) => isBuyer(c.caller, order));

export const ship = (d: OrderDeps, c: Context, input: Parameters<OrderDoor["ship"]>[1]) =>
  step(d, c, input.id, "ship", (order) => actsFor(c.caller, order.shop), {
    carrier: input.carrier,
    trackingNumber: input.trackingNumber,
  });

export const receive = (d: OrderDeps, c: Context, input: Parameters<OrderDoor["receive"]>[1]) =>
  step(d, c, input.id, "receive", (order) => isBuyer(c.caller, order));

/** The money goes back by way of order's own event (reactions.ts), so that a crash here cannot lose it. */
export const refund = (d: OrderDeps, c: Context, input: Parameters<OrderDoor["refund"]>[1]) =>
  step(d, c, input.id, "refund", (order) => mayRefund(c.caller, order));

async function step(
  d: OrderDeps,
  c: Context,
  id: Id<"order">,
  transition: Transition,
  may: (order: Order) => boolean,
  shipment?: Order["shipment"],
) {
  const order = await d.store.order(c, id);
  if (!order || !maySee(c.caller, order)) return notFound();
  if (isDone(order, transition, shipment)) return order;
  if (!may(order)) return wrongState(order, transition);
  const moved = await d.store.move(c, id, transition, d.clock.now(), shipment);
  if (moved) {
    d.told();
    d.counted(`order_${moved.state}`, 1);
    return moved;
  }
  const now = await d.store.order(c, id);
  if (now && isDone(now, transition, shipment)) return now;
  return wrongState(now ?? order, transition);
}

/** A repeat of what has been done is answered like the first time. */
function isDone(order: Order, transition: Transition, shipment?: Order["shipment"]): boolean {
  if (order.state !== transitions[transition].to) return false;
  return !shipment || JSON.stringify(shipment) === JSON.stringify(order.shipment);
}

const notFound = () => refuse("order.not_found", "There is no such order of yours.");

const words: Record<Transition, string> = {
  pay: "paid",
  close: "cancelled",
  ship: "shipped",
  receive: "received",
  refund: "refunded",
};
const wrongState = (order: Order, transition: Transition) =>
  refuse("order.wrong_state", `An order that is ${order.state} cannot be ${words[transition]} by you.`, {
    state: order.state,
  });
