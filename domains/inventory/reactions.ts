import type { catalogDoor } from "#domains/catalog/api";
import type { orderDoor } from "#domains/order/api";
import type { Clock } from "#kernel/clock";
import type { EventOf } from "#kernel/event";
import { bucketOf } from "#kernel/id";
import type { Reaction } from "#platform/bus/api";
import { type Settled, verbFor } from "./reservation.ts";
import type { InventoryStore } from "./store.ts";

/** Sold when paid, given back when closed, taken back when refunded before it was shipped. */
export const followOrders = (store: InventoryStore, clock: Clock): Reaction => ({
  source: "order",
  hears: ["order.paid", "order.closed", "order.refunded"] satisfies EventOf<typeof orderDoor>["type"][],
  // A reservation's state decides what an event still does; a refund heard before its payment leaves what both leave.
  ordered: false,
  oneStatement: true,
  buckets: (event) => (event as EventOf<typeof orderDoor>).body.lines.map((line) => bucketOf(line.sku)),
  apply: async (transaction, arrivals) => {
    const settled: Settled[] = [];
    for (const { bucket, event } of arrivals) {
      const { checkout, from, lines } = (event as EventOf<typeof orderDoor>).body;
      const verb = verbFor(event.type, from);
      if (!verb) continue;
      for (const { reservation, sku, quantity } of lines) {
        if (bucketOf(sku) === bucket)
          settled.push({ checkout, verb, line: { id: reservation, sku, quantity } });
      }
    }
    if (settled.length > 0) await store.settleIn(transaction, settled, clock.now());
  },
});

/** Stock is kept of whatever catalog sells. */
export const followCatalog = (store: InventoryStore): Reaction => ({
  source: "catalog",
  hears: ["catalog.changed"] satisfies EventOf<typeof catalogDoor>["type"][],
  ordered: true,
  buckets: (event) => [bucketOf((event as EventOf<typeof catalogDoor>).body.product)],
  apply: async (transaction, arrivals) => {
    const fresh = arrivals.flatMap(({ event }) => {
      const { shop, skus } = (event as EventOf<typeof catalogDoor>).body;
      return skus.map(({ sku, stock }) => ({ sku, shop, stock }));
    });
    if (fresh.length > 0) await store.addIn(transaction, fresh);
  },
});
