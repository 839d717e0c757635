import { parseTime } from "#kernel/clock";
import { sum } from "#kernel/money";
import type { Order, Unpaid } from "../client/buying.ts";
import { newKey } from "../server/form.ts";

/** What of one checkout's orders can still be paid; null if nothing can. */
export function unpaidOf(orders: readonly Order[], nowMs: number): Unpaid | null {
  const due = orders.filter((order) => order.state === "pending" && parseTime(order.payBy) > nowMs);
  const [first] = due;
  if (!first) return null;
  return {
    checkout: first.checkout,
    total: sum(
      due.map((order) => order.total),
      first.total.currency,
    ),
    payBy: first.payBy,
    withinMs: parseTime(first.payBy) - nowMs,
    orders: byShopName(due).map(({ id, shopName, total }) => ({ id, shopName, total })),
    key: newKey(),
  };
}

/** Orders by checkout, in the order in which they came. */
export const checkoutsOf = (orders: readonly Order[]): Order[][] => [
  ...Map.groupBy(orders, (order) => order.checkout).values(),
];

/**
 * A page of orders without the last checkout, which may go on beyond it and then comes whole with the next page. A
 * checkout that fills the page alone is shown as far as it goes.
 */
export function wholeCheckouts(page: { readonly items: readonly Order[]; readonly next: string | null }) {
  const { items, next } = page;
  const last = next ? items.at(-1) : undefined;
  const shown = items.filter((order) => order.checkout !== last?.checkout);
  const end = shown.at(-1);
  return last && end ? { items: shown, next: end.id, isWhole: true } : { items, next, isWhole: !last };
}

/** Shops in the same order on every page: by name. */
export const byShopName = <Named extends { readonly shopName: string }>(list: readonly Named[]): Named[] =>
  [...list].sort((a, b) => a.shopName.localeCompare(b.shopName, "en"));
