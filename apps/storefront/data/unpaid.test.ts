import assert from "node:assert/strict";
import { test } from "node:test";
import type { Order } from "../client/buying.ts";
import { checkoutsOf, unpaidOf, wholeCheckouts } from "./unpaid.ts";

const now = Date.UTC(2026, 10, 22, 12);
const order = (id: string, checkout: string, shopName = "A", more: Partial<Order> = {}) =>
  ({
    id,
    checkout,
    shopName,
    state: "pending",
    total: { amount: 100, currency: "USD" },
    payBy: new Date(now + 60_000).toISOString(),
    ...more,
  }) as Order;

test("what is unpaid of a checkout are its orders that still wait, in time", () => {
  const orders = [order("1", "c", "Zoo"), order("2", "c", "Ark"), order("3", "c", "B", { state: "closed" })];
  const unpaid = unpaidOf(orders, now);
  assert.deepEqual(
    unpaid?.orders.map(({ shopName }) => shopName),
    ["Ark", "Zoo"],
  );
  assert.deepEqual(unpaid?.total, { amount: 200, currency: "USD" });
  assert.equal(unpaid?.withinMs, 60_000);
  assert.equal(unpaidOf(orders, now + 60_000), null, "too late");
  assert.equal(unpaidOf([order("1", "c", "A", { state: "paid" })], now), null);
});

test("a page of orders ends between two checkouts", () => {
  const items = [order("5", "b"), order("4", "b"), order("3", "a"), order("2", "a")];
  const ids = (page: { readonly items: readonly Order[] }) => page.items.map(({ id }) => id);
  const cut = wholeCheckouts({ items, next: "2" });
  assert.deepEqual([ids(cut), cut.next, cut.isWhole], [["5", "4"], "4", true]);
  const last = wholeCheckouts({ items, next: null });
  assert.deepEqual([ids(last), last.next, last.isWhole], [["5", "4", "3", "2"], null, true]);
  const one = wholeCheckouts({ items: items.slice(2), next: "2" });
  assert.deepEqual([ids(one), one.next, one.isWhole], [["3", "2"], "2", false]);
  assert.deepEqual(
    checkoutsOf(items).map((group) => group.length),
    [2, 2],
  );
});
