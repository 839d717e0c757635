import { createHash } from "node:crypto";
import { isoTime } from "#kernel/clock";
import type { Id } from "#kernel/id";
import { type Money, money, sum } from "#kernel/money";
import type { Payment } from "./api.ts";
import type { Provider } from "./provider.ts";

export type PaymentState = Payment["state"];

/** A part of a payment and the order it pays for. */
export interface Allocation {
  readonly order: Id<"order">;
  readonly amount: Money;
}

/** A payment as it is kept. */
export interface Attempted {
  readonly id: Id<"payment">;
  readonly checkout: Id<"checkout">;
  readonly account: Id<"account">;
  readonly provider: string;
  readonly amount: Money;
  readonly state: PaymentState;
  readonly refunded: number;
  readonly returnUrl: string;
  readonly createdAt: number;
}

/**
 * From which states a payment may become this one. Money that arrives after a failure has arrived all the
 * same, so a failed payment can still be captured; a captured one never changes.
 */
export const becomes: Readonly<Record<"captured" | "failed", readonly PaymentState[]>> = {
  captured: ["pending", "failed"],
  failed: ["pending"],
};

/**
 * What parts of a payment sum to. Parts of several currencies, or two for one order, are a bug of the caller.
 */
export function total(allocations: readonly Allocation[]): Money {
  const [first] = allocations;
  if (!first) throw new Error("a payment pays for at least one order");
  if (new Set(allocations.map((a) => a.order)).size < allocations.length) {
    throw new Error("a payment pays for an order with one part");
  }
  return sum(
    allocations.map((a) => a.amount),
    first.amount.currency,
  );
}

/** Stands for what was asked of whom: equal for the same parts in any order. */
export function digestOf(provider: string, allocations: readonly Allocation[]): string {
  const parts = allocations.map((a) => `${a.order} ${a.amount.amount} ${a.amount.currency}`).sort();
  return createHash("sha256")
    .update([provider, ...parts].join("\n"))
    .digest("hex");
}

/** A payment as its buyer sees it. */
export function shown(payment: Attempted, provider: Provider | undefined): Payment {
  const { id, checkout, amount, state, returnUrl } = payment;
  return {
    id,
    checkout,
    provider: payment.provider,
    amount,
    state,
    refunded: money(payment.refunded, amount.currency),
    redirectUrl:
      state === "pending" && provider
        ? provider.redirectUrl({ payment: id, amount, returnUrl: backWith(id, returnUrl) })
        : "",
    createdAt: isoTime(payment.createdAt),
  };
}

/**
 * The path a buyer comes back to, saying which payment it is about: the shop cannot know it before it begins
 * one.
 */
function backWith(payment: Id<"payment">, returnUrl: string): string {
  const path = new URL(returnUrl, "http://shop.invalid");
  path.searchParams.set("payment", payment);
  return path.pathname + path.search + path.hash;
}
