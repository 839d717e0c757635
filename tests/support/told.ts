import type { orderDoor } from "#domains/order/api";
import type { Event, EventOf } from "#kernel/event";
import { type Bucket, type Id, newId } from "#kernel/id";
import { type Money, money, sum } from "#kernel/money";

type OrderState = EventOf<typeof orderDoor>["body"]["state"];

/** An order as far as settlement cares, and the payments that were made for it. */
export interface ToldOrder {
  readonly order: Id<"order">;
  readonly checkout: Id<"checkout">;
  readonly shop: Id<"shop">;
  readonly total: Money;
  readonly fee: Money;
}

export const usd = (amount: number): Money => money(amount, "USD");

/** An order of a buyer in `bucket`. */
export const toldOrder = (bucket: Bucket, shop: Id<"shop">, total: number, fee: number): ToldOrder => ({
  order: newId(bucket, Date.now()),
  checkout: newId(bucket, Date.now()),
  shop,
  total: usd(total),
  fee: usd(fee),
});

/** What order tells as an order becomes each of the states, in their order. */
export function orderEvents(
  told: ToldOrder,
  states: readonly OrderState[],
  payment: Id<"payment"> | null,
): Event[] {
  return states.map((state, i) => ({
    id: newId<"event">(0, Date.now()),
    type: `order.${state === "pending" ? "placed" : state}`,
    aggregate: told.order,
    version: i + 1,
    at: Date.now(),
    body: { ...told, buyer: newId(0, Date.now()), state, from: states[i - 1] ?? null, payment, lines: [] },
  }));
}

/**
 * What payment tells of a payment of several orders that is captured, with some of its parts given back
 * after.
 */
export function paymentEvents(
  bucket: Bucket,
  orders: readonly ToldOrder[],
  back: readonly ToldOrder[],
): Event[] {
  const payment = newId<"payment">(bucket, Date.now());
  const body = {
    payment,
    checkout: orders[0]?.checkout,
    provider: "sandbox",
    amount: sum(
      orders.map((each) => each.total),
      "USD",
    ),
    allocations: orders.map((each) => ({ order: each.order, amount: each.total })),
  };
  const refunds = back.map((each) => ({
    type: "payment.refunded",
    body: { ...body, order: each.order, refunded: each.total },
  }));
  return [{ type: "payment.started", body }, { type: "payment.captured", body }, ...refunds].map(
    (each, i) => ({
      ...each,
      id: newId<"event">(bucket, Date.now()),
      aggregate: payment,
      version: i + 1,
      at: Date.now(),
    }),
  );
}
