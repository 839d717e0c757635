import { isoTime } from "#kernel/clock";
import { actsFor, type Caller } from "#kernel/context";
import type { Id } from "#kernel/id";
import type { Order, OrderState } from "./schema.ts";

/**
 * Everything that can become of an order. The database's conditional update is the one arbiter between them.
 */
export const transitions = {
  pay: { from: ["pending"], to: "paid" },
  close: { from: ["pending"], to: "closed" },
  ship: { from: ["paid"], to: "shipped" },
  receive: { from: ["shipped"], to: "received" },
  refund: { from: ["paid", "shipped"], to: "refunded" },
} as const satisfies Record<string, { from: readonly OrderState[]; to: OrderState }>;

export type Transition = keyof typeof transitions;

/** An order's history when it has become `state`, as its document keeps it. */
export const became = (state: OrderState, atMs: number): Order["history"] => [{ state, at: isoTime(atMs) }];

/** What a captured payment brings to one order. */
export interface Capture {
  readonly order: Id<"order">;
  readonly payment: Id<"payment">;
  readonly amount: number;
}

/** Whether the caller bought it. */
export const isBuyer = (caller: Caller, order: Order): boolean =>
  caller.kind === "account" && caller.account === order.buyer;

/**
 * Whether the caller may see it at all: its buyer, its shop's staff, an operator. To anybody else it does not
 * exist.
 */
export const maySee = (caller: Caller, order: Order): boolean =>
  isBuyer(caller, order) || actsFor(caller, order.shop);

/**
 * Whether the caller may ask for the whole price back: the buyer until it is shipped, the shop until it is
 * received.
 */
export function mayRefund(caller: Caller, order: Order): boolean {
  if (actsFor(caller, order.shop)) return true;
  return isBuyer(caller, order) && order.state !== "shipped";
}
