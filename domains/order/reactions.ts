import type { paymentDoor } from "#domains/payment/api";
import { newContext, onBehalfOf } from "#kernel/context";
import type { EventOf } from "#kernel/event";
import { bucketOf, type Id, randomToken } from "#kernel/id";
import { expectDone } from "#kernel/refusal";
import type { Reaction } from "#platform/bus/api";
import type { orderDoor } from "./api.ts";
import type { OrderDeps } from "./deps.ts";

type PaymentTold = EventOf<typeof paymentDoor>;
type OrderTold = EventOf<typeof orderDoor>;

/** What was captured pays what is still pending; whatever else it was meant for goes back. */
export const followPayments = (d: OrderDeps): Reaction => ({
  source: "payment",
  hears: ["payment.captured"] satisfies PaymentTold["type"][],
  // The order's row decides: a capture that comes again, or late, changes nothing.
  ordered: false,
  oneStatement: true,
  buckets: (event) => {
    const { body } = event as PaymentTold;
    return body.allocations.map((allocation) => bucketOf(allocation.order));
  },
  apply: async (transaction, arrivals) => {
    const captures = arrivals.flatMap(({ bucket, event }) => {
      const told = event as PaymentTold;
      return told.body.allocations
        .filter((allocation) => bucketOf(allocation.order) === bucket)
        .map(({ order, amount }) => ({ order, payment: told.body.payment, amount: amount.amount }));
    });
    if (captures.length === 0) return;
    const { paid, surplus } = await d.store.payIn(transaction, captures, d.clock.now());
    // If it fails, this batch comes again and refunds again, which changes nothing.
    await Promise.all(surplus.map(({ payment, order }) => giveBack(d, payment, order, "surplus")));
    if (paid > 0) d.counted("order_paid", paid);
    d.told();
  },
});

/** Order's own events keep the shop's view of its orders, and see to it that a refunded one's money goes back. */
export const followOrders = (d: OrderDeps): Reaction => ({
  source: "order",
  hears: [
    "order.placed",
    "order.paid",
    "order.closed",
    "order.shipped",
    "order.received",
    "order.refunded",
  ] satisfies OrderTold["type"][],
  // The view keeps the newest version it has seen, and a refund asked for twice is made once.
  ordered: false,
  oneStatement: true,
  buckets: (event) => [bucketOf((event as OrderTold).body.shop)],
  apply: async (transaction, arrivals) => {
    const seen = arrivals.map(({ bucket, event }) => {
      const { shop, order, state } = (event as OrderTold).body;
      return { bucket, shop, order, state, version: event.version };
    });
    await d.store.followIn(transaction, seen);
    const refunded = arrivals.filter(({ event }) => event.type === "order.refunded");
    await Promise.all(
      refunded.map(async ({ event }) => {
        const { payment, order } = (event as OrderTold).body;
        if (payment) await giveBack(d, payment, order, "refunded");
      }),
    );
  },
});

async function giveBack(
  d: OrderDeps,
  payment: Id<"payment">,
  order: Id<"order">,
  reason: string,
): Promise<void> {
  const context = newContext({ deadline: d.clock.now() + 10_000, trace: randomToken() });
  expectDone(await d.payment.refund(onBehalfOf(context, "order"), { payment, order, reason }));
}
