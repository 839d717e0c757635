import type { orderDoor } from "#domains/order/api";
import type { paymentDoor } from "#domains/payment/api";
import type { EventOf } from "#kernel/event";
import { bucketOf } from "#kernel/id";
import { money } from "#kernel/money";
import type { Reaction } from "#platform/bus/api";
import type { settlementDoor } from "./api.ts";
import type { SettlementDeps } from "./deps.ts";
import { arrived, captured, type Posting, received, refunded, type Sent } from "./ledger.ts";

type PaymentTold = EventOf<typeof paymentDoor>;
type OrderTold = EventOf<typeof orderDoor>;
type SettlementTold = EventOf<typeof settlementDoor>;

/*
 * Payment's and order's events come in any order between the two: what one posts never asks whether the
 * other's is there, so that the end is the same whichever came first. Until both are there an escrow may be
 * below zero.
 */

/** What providers took goes into escrow, what they gave back comes out of it. */
export const followPayments = (d: SettlementDeps): Reaction => ({
  source: "payment",
  hears: ["payment.captured", "payment.refunded"] satisfies PaymentTold["type"][],
  ordered: false,
  buckets: (event) => (event as PaymentTold).body.allocations.map((part) => bucketOf(part.order)),
  apply: async (transaction, arrivals) => {
    const postings = arrivals.flatMap(({ bucket, event }) => {
      const { type, body, at } = event as PaymentTold;
      if (type === "payment.captured") {
        return body.allocations
          .filter((part) => bucketOf(part.order) === bucket)
          .map((part) => captured(part.order, body.payment, part.amount, at));
      }
      const isHere = type === "payment.refunded" && bucketOf(body.order) === bucket;
      return isHere ? [refunded(body.order, body.payment, body.refunded, at)] : [];
    });
    await d.store.post(transaction, postings, d.clock.now());
  },
});

/** A received order's money leaves escrow; its shop is told what is held for it, and what is its own. */
export const followOrders = (d: SettlementDeps): Reaction => ({
  source: "order",
  hears: ["order.paid", "order.received", "order.refunded"] satisfies OrderTold["type"][],
  ordered: false,
  buckets: (event) => [bucketOf((event as OrderTold).body.order)],
  apply: async (transaction, arrivals) => {
    const postings: Posting[] = [];
    const sent: Sent[] = [];
    for (const { event } of arrivals) {
      const { type, body, at } = event as OrderTold;
      const { order, shop, total, fee } = body;
      if (type === "order.paid") sent.push({ order, shop, kind: "escrow_in", amount: total });
      if (type === "order.received" || type === "order.refunded") {
        sent.push({ order, shop, kind: "escrow_out", amount: total });
      }
      if (type === "order.received") {
        const net = money(total.amount - fee.amount, total.currency);
        postings.push(received(order, total, fee, at));
        sent.push({ order, shop, kind: "payable", amount: net });
      }
    }
    const now = d.clock.now();
    // Neither asks for the other, so the second is sent before the first is answered.
    await Promise.all([d.store.post(transaction, postings, now), d.store.send(transaction, sent, now)]);
    if (sent.length > 0) d.told();
  },
});

/** What was sent arrives in the shop's bucket. */
export const followItself = (d: SettlementDeps): Reaction => ({
  source: "settlement",
  hears: ["settlement.sent"] satisfies SettlementTold["type"][],
  ordered: false,
  buckets: (event) => [bucketOf((event as SettlementTold).body.shop)],
  apply: async (transaction, arrivals) => {
    const postings = arrivals.map(({ event }) => arrived((event as SettlementTold).body, event.at));
    await d.store.post(transaction, postings, d.clock.now());
  },
});
