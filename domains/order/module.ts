import { accountOf, actsFor } from "#kernel/context";
import { guarded } from "#kernel/door";
import type { Id } from "#kernel/id";
import { refuse } from "#kernel/refusal";
import type { Module } from "#platform/bus/api";
import type { Store } from "#platform/database/api";
import { type OrderDoor, orderDoor } from "./api.ts";
import { audit, checkoutFacts, facts } from "./audit.ts";
import { auditStore } from "./audit-store.ts";
import type { Neighbours, OrderDeps, Surroundings } from "./deps.ts";
import { closeUnpaid, undoAbandoned } from "./jobs.ts";
import { checkoutOf, pay } from "./pay.ts";
import { place } from "./place.ts";
import { cancel, get, receive, refund, ship } from "./progress.ts";
import { quote } from "./quote.ts";
import { followOrders, followPayments } from "./reactions.ts";
import { orderStore } from "./store.ts";

/** Wires the order domain by hand. */
export function orderModule(with_: Neighbours & Surroundings & { store: Store }): Module<OrderDoor> {
  const store = orderStore(with_.store);
  const d: OrderDeps = { ...with_, store, auditing: auditStore(with_.store) };
  const door = guarded(orderDoor, {
    quote: (c, input) => quote(d, c, input),
    place: (c, input) => place(d, c, input),
    checkout: (c, input) => checkoutOf(d, c, input),
    pay: (c, input) => pay(d, c, input),
    list: async (c, { cursor, limit = 24 }) =>
      paged(await store.ofBuyer(c, accountOf(c), cursor as Id<"order"> | undefined, limit), limit),
    get: (c, input) => get(d, c, input),
    ofShop: async (c, { shop, state, cursor, limit = 24 }) => {
      if (!actsFor(c.caller, shop)) return refuse("order.not_yours", "Ask somebody who works for this shop.");
      return paged(await store.ofShop(c, shop, state, cursor as Id<"order"> | undefined, limit), limit);
    },
    cancel: (c, input) => cancel(d, c, input),
    ship: (c, input) => ship(d, c, input),
    receive: (c, input) => receive(d, c, input),
    refund: (c, input) => refund(d, c, input),
    facts: (_c, input) => facts(d, input),
    checkoutFacts: (c, input) => checkoutFacts(d, c, input),
    audit: () => audit(d),
  });
  return {
    door,
    reactions: [followPayments(d), followOrders(d)],
    jobs: [closeUnpaid(d), undoAbandoned(d)],
  };
}

const paged = <T extends { id: string }>(items: T[], limit: number) => ({
  items,
  next: items.length === limit ? (items.at(-1)?.id ?? null) : null,
});
