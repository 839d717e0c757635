import { type Bucket, bucketOf, type Id } from "#kernel/id";
import type { Money } from "#kernel/money";

/**
 * The accounts, by the names they have in entries. More than zero: the marketplace owes it to whoever the
 * account is for. Less than zero: somebody owes it to the marketplace. Those without a name have a part in
 * every bucket.
 */
export const accounts = {
  /** What providers took in and have not handed over yet: below zero. */
  clearing: "clearing",
  /** What a buyer paid for an order, held until it is received or goes back. */
  escrow: (order: Id<"order">) => `escrow:${order}`,
  /** The marketplace's share of what was received. */
  fee: "fee",
  /** Left the order's bucket for the shop's. The parts of all buckets sum to what is on its way. */
  transit: "transit",
  /** Received by buyers, after the fee: a shop's to have paid out. */
  payable: (shop: Id<"shop">) => `payable:${shop}`,
  /**
   * A shop's view of the escrow of its paid orders, kept in its own bucket; the mirror makes it sum to zero.
   */
  shopEscrow: (shop: Id<"shop">) => `shop-escrow:${shop}`,
  mirror: "shop-escrow-mirror",
} as const;

export type EntryKind = "captured" | "refunded" | "received" | "escrow_in" | "escrow_out" | "payable";

/** What is to be posted: once per bucket, kind, order and payment, however often it is sent. */
export interface Posting {
  readonly bucket: Bucket;
  readonly kind: EntryKind;
  readonly cause: Id<"order"> | Id<"shop">;
  readonly order: Id<"order">;
  readonly payment: Id<"payment"> | null;
  readonly currency: string;
  readonly legs: readonly (readonly [account: string, amount: number])[];
  /** When it happened, in milliseconds since 1970. */
  readonly at: number;
}

/** What reaches the shop's bucket of an order; also the body of `settlement.sent`. */
export interface Sent {
  readonly order: Id<"order">;
  readonly shop: Id<"shop">;
  readonly kind: "escrow_in" | "escrow_out" | "payable";
  readonly amount: Money;
}

const move = (from: string, to: string, { amount }: Money) =>
  [
    [from, -amount],
    [to, amount],
  ] as const;

/** A provider took money for an order, whether or not the order still wants it. */
export const captured = (order: Id<"order">, payment: Id<"payment">, amount: Money, at: number): Posting => ({
  ...inOrder("captured", order, amount, at),
  payment,
  legs: move(accounts.clearing, accounts.escrow(order), amount),
});

/** A provider gave the money for an order back. */
export const refunded = (order: Id<"order">, payment: Id<"payment">, amount: Money, at: number): Posting => ({
  ...inOrder("refunded", order, amount, at),
  payment,
  legs: move(accounts.escrow(order), accounts.clearing, amount),
});

/** A buyer has received an order: the marketplace's share is its own, the rest leaves for the shop. */
export const received = (order: Id<"order">, total: Money, fee: Money, at: number): Posting => ({
  ...inOrder("received", order, total, at),
  legs: [
    [accounts.escrow(order), -total.amount],
    [accounts.fee, fee.amount],
    [accounts.transit, total.amount - fee.amount],
  ],
});

const inOrder = (kind: EntryKind, order: Id<"order">, { currency }: Money, at: number) => ({
  bucket: bucketOf(order),
  kind,
  cause: order,
  order,
  payment: null,
  currency,
  at,
});

/** What arrives in a shop's bucket. */
export function arrived({ order, shop, kind, amount }: Sent, at: number): Posting {
  const legs = {
    escrow_in: move(accounts.mirror, accounts.shopEscrow(shop), amount),
    escrow_out: move(accounts.shopEscrow(shop), accounts.mirror, amount),
    payable: move(accounts.transit, accounts.payable(shop), amount),
  };
  return {
    bucket: bucketOf(shop),
    kind,
    cause: shop,
    order,
    payment: null,
    currency: amount.currency,
    legs: legs[kind],
    at,
  };
}
