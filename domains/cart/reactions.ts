import type { orderDoor } from "#domains/order/api";
import type { Clock } from "#kernel/clock";
import type { EventOf } from "#kernel/event";
import { bucketOf } from "#kernel/id";
import type { Reaction } from "#platform/bus/api";
import type { CartStore } from "./store.ts";

type Placed = EventOf<typeof orderDoor>;

/** What was ordered from a cart leaves it; a quantity raised meanwhile leaves the difference. */
export const followOrders = (store: CartStore, clock: Clock): Reaction => ({
  source: "order",
  hears: ["order.placed"] satisfies Placed["type"][],
  // What an order has taken is written down with the order's id.
  ordered: false,
  oneStatement: true,
  buckets: (event) => [bucketOf((event as Placed).body.buyer)],
  apply: async (transaction, arrivals) => {
    const orders = new Map(arrivals.map(({ event }) => [event.aggregate, event as Placed]));
    const bought = [...orders.values()].flatMap(({ at, body: { fromCart, buyer, order, lines } }) =>
      fromCart ? lines.map(({ sku, quantity }) => ({ buyer, order, placedMs: at, sku, quantity })) : [],
    );
    if (bought.length > 0) await store.takeIn(transaction, bought, clock.now());
  },
});
