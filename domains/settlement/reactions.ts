import type { orderDoor } from "#domains/order/api";
import type { paymentDoor } from "#domains/payment/api";
import type { EventOf } from "#kernel/event";
import { bucketOf } from "#kernel/id";
import { type Money, money } from "#kernel/money";
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
  oneStatement: true,
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

/**
 * A received order's money leaves escrow in the order's bucket; in its shop's bucket is kept what is held for the shop,
 * and what is its own. The event reaches both, and each posts its part once.
 */
export const followOrders = (d: SettlementDeps): Reaction => ({
  source: "order",
  hears: ["order.paid", "order.received", "order.refunded"] satisfies OrderTold["type"][],
  ordered: false,
  oneStatement: true,
  buckets: (event) => {
    const { type, body } = event as OrderTold;
    const ofShop = bucketOf(body.shop);
    return type === "order.received" ? [bucketOf(body.order), ofShop] : [ofShop];
  },
  apply: async (transaction, arrivals) => {
    const postings = arrivals.flatMap(({ bucket, event }) =>
      postingsOf(event as OrderTold).filter((posting) => posting.bucket === bucket),
    );
    await d.store.post(transaction, postings, d.clock.now());
  },
});

function postingsOf({ type, body, at }: OrderTold): Posting[] {
  const { order, shop, total, fee } = body;
  const arrives = (kind: Sent["kind"], amount: Money) => arrived({ order, shop, kind, amount }, at);
  if (type === "order.paid") return [arrives("escrow_in", total)];
  if (type === "order.refunded") return [arrives("escrow_out", total)];
  if (type !== "order.received") return [];
  const net = money(total.amount - fee.amount, total.currency);
  return [received(order, total, fee, at), arrives("escrow_out", total), arrives("payable", net)];
}

/** What a process of the version before sent arrives in the shop's bucket. */
export const followItself = (d: SettlementDeps): Reaction => ({
  source: "settlement",
  hears: ["settlement.sent"] satisfies SettlementTold["type"][],
  ordered: false,
  oneStatement: true,
  buckets: (event) => [bucketOf((event as SettlementTold).body.shop)],
  apply: async (transaction, arrivals) => {
    const postings = arrivals.map(({ event }) => arrived((event as SettlementTold).body, event.at));
    await d.store.post(transaction, postings, d.clock.now());
  },
});
