import { accountOf, type Context, onBehalfOf } from "#kernel/context";
import { refuse } from "#kernel/refusal";
import type { OrderDoor } from "./api.ts";
import type { OrderDeps } from "./deps.ts";

/** Begins to pay whatever of a checkout is still to be paid; one payment for all its orders. */
export async function pay(d: OrderDeps, c: Context, input: Parameters<OrderDoor["pay"]>[1]) {
  const buyer = accountOf(c);
  const orders = (await d.store.ordersOf(c, input.checkout)).filter((order) => order.buyer === buyer);
  if (orders.length === 0) return notYours();
  const now = d.clock.now();
  const due = orders.filter((order) => order.state === "pending" && Date.parse(order.payBy) > now);
  if (due.length === 0) {
    const paid = orders.some((order) => order.payment !== null);
    return paid
      ? refuse("order.already_paid", "Nothing is left to be paid.")
      : refuse("order.closed", "It was not paid in time, or was cancelled. Order again.");
  }
  return d.payment.start(onBehalfOf(c, "order"), {
    checkout: input.checkout,
    account: buyer,
    provider: input.provider,
    allocations: due.map((order) => ({ order: order.id, amount: order.total })),
    returnUrl: input.returnUrl ?? "/pay/return",
  });
}

const notYours = () => refuse("order.checkout_not_found", "There is no such checkout of yours.");

/** A checkout of one's own with its orders as they are now. */
export async function checkoutOf(d: OrderDeps, c: Context, input: Parameters<OrderDoor["checkout"]>[1]) {
  const buyer = accountOf(c);
  const orders = (await d.store.ordersOf(c, input.id)).filter((order) => order.buyer === buyer);
  const [first] = orders;
  if (!first) return notYours();
  const amount = orders.reduce((total, order) => total + order.total.amount, 0);
  return { id: input.id, total: { amount, currency: first.total.currency }, orders };
}
