import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { expectDone } from "#kernel/refusal";
import { buyer, categories, type Merchant, merchant, order, pay, sell } from "../support/people.ts";
import { openShop, type TestShop } from "../support/shop.ts";
import { until } from "../support/until.ts";

/** Longer than a slow machine needs for any step before the clock is put ahead by it. */
const payWithinMs = 600_000;

describe("a purchase from three shops", () => {
  let shop: TestShop;
  const sellers: Merchant[] = [];
  before(async () => {
    shop = await openShop();
    await categories(shop);
    for (let i = 0; i < 3; i++) sellers.push(await merchant(shop));
  });
  after(() => shop.close());

  it("makes three orders and one payment, each shop's money kept apart", async () => {
    const wishes = [];
    for (const [i, seller] of sellers.entries()) {
      const product = await sell(shop, seller, { amount: 1_000 * (i + 1), stock: 5 });
      wishes.push({ sku: product.skus[0]!.id, quantity: 2 });
    }
    const who = await buyer(shop);
    const checkout = expectDone(await order(who, wishes));
    assert.equal(checkout.orders.length, 3);
    const totals = checkout.orders.map((o) => o.total.amount);
    assert.deepEqual([...totals].sort(), [2_490, 4_490, 6_490]);
    assert.equal(
      checkout.total.amount,
      totals.reduce((a, b) => a + b),
    );

    const payment = await pay(shop, who, checkout.id);
    assert.equal(payment.amount.amount, checkout.total.amount);
    const now = expectDone(await who.api.order.checkout({ id: checkout.id }));
    assert.deepEqual(
      now.orders.map((o) => [o.state, o.payment]),
      now.orders.map(() => ["paid", payment.id]),
    );
    for (const seller of sellers) {
      const theirs = expectDone(await seller.api.order.ofShop({ shop: seller.shop }));
      assert.equal(theirs.items.length, 1);
      const balance = expectDone(await seller.api.settlement.balance({ shop: seller.shop }));
      assert.equal(balance.escrow.amount, theirs.items[0]?.total.amount);
      assert.equal(balance.payable.amount, 0);
    }

    // One is refunded, one goes all the way, one stays paid; each shop sees its own only.
    const [first, second] = now.orders;
    expectDone(await who.api.order.refund({ id: first!.id }));
    const sender = sellers.find((s) => s.shop === second!.shop)!;
    expectDone(await sender.api.order.ship({ id: second!.id, carrier: "Post", trackingNumber: "1" }));
    expectDone(await who.api.order.receive({ id: second!.id }));
    await shop.bus.quiet();
    const refunded = await untilRefunded(shop, who, payment.id, first!.total.amount);
    assert.equal(refunded, first!.total.amount);
    assert.deepEqual((await shop.audit(1_000)).broken, []);
  });

  it("closes what is not paid in time and gives the stock back", async () => {
    let aheadMs = 0;
    const hurried = await openShop({ clock: { now: () => Date.now() + aheadMs }, payWithinMs });
    try {
      await categories(hurried);
      const seller = await merchant(hurried);
      const sku = (await sell(hurried, seller, { stock: 3 })).skus[0]!.id;
      const who = await buyer(hurried);
      const checkout = expectDone(await order(who, [{ sku, quantity: 3 }]));
      assert.equal(expectDone(await seller.api.inventory.level({ sku })).available, 0);
      const id = checkout.orders[0]!.id;
      aheadMs = payWithinMs;
      await until(async () => expectDone(await who.api.order.get({ id })).state === "closed");
      await hurried.bus.quiet();
      assert.equal(expectDone(await seller.api.inventory.level({ sku })).available, 3);
      assert.deepEqual((await hurried.audit(500)).broken, []);
    } finally {
      await hurried.close();
    }
  });
});

async function untilRefunded(
  shop: TestShop,
  who: Awaited<ReturnType<typeof buyer>>,
  id: Awaited<ReturnType<typeof pay>>["id"],
  amount: number,
): Promise<number> {
  let refunded = 0;
  await until(async () => {
    await shop.bus.quiet();
    refunded = expectDone(await who.api.payment.get({ id })).refunded.amount;
    return refunded >= amount;
  });
  await shop.bus.quiet();
  return refunded;
}
