import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import type { Id } from "#kernel/id";
import { expectDone, isRefusal } from "#kernel/refusal";
import {
  buyer,
  categories,
  codeOf,
  type Merchant,
  merchant,
  order,
  pay,
  pressPay,
  sell,
} from "../support/people.ts";
import { openShop, type TestShop } from "../support/shop.ts";
import { until } from "../support/until.ts";

describe("attacks on the money", () => {
  let shop: TestShop;
  let seller: Merchant;
  let sku: Id<"sku">;
  before(async () => {
    shop = await openShop();
    await categories(shop);
    seller = await merchant(shop);
    sku = (await sell(shop, seller, { stock: 1_000 })).skus[0]!.id;
  });
  after(() => shop.close());

  it("pays once when the callback and the browser's return arrive together", async () => {
    const who = await buyer(shop);
    const checkout = expectDone(await order(who, [{ sku, quantity: 1 }]));
    const payment = expectDone(await who.api.order.pay({ checkout: checkout.id, provider: "sandbox" }));
    await pressPay(shop, payment.redirectUrl);
    const seen = await Promise.all(
      Array.from({ length: 20 }, () => who.api.payment.refresh({ id: payment.id })),
    );
    for (const each of seen) assert.equal(expectDone(each).state, "captured");
    await until(async () => {
      await shop.bus.quiet();
      return expectDone(await who.api.order.checkout({ id: checkout.id })).orders[0]?.state === "paid";
    });
    const paid = expectDone(await who.api.order.checkout({ id: checkout.id })).orders[0]!;
    assert.deepEqual(
      paid.history.map((step) => step.state),
      ["pending", "paid"],
    );
    assert.deepEqual((await shop.audit(1_000)).broken, []);
  });

  it("lets either the cancellation or the payment win, and gives money back that came too late", async () => {
    const outcomes = new Set<string>();
    // In turns the one and the other is given a lead that grows, until each has won at least once.
    for (let i = 0; i < 12 || (outcomes.size < 2 && i < 60); i++) {
      const leadMs = (i % 2 === 0 ? 1 : -1) * i * 6;
      const who = await buyer(shop);
      const checkout = expectDone(await order(who, [{ sku, quantity: 1 }]));
      const id = checkout.orders[0]!.id;
      const payment = expectDone(await who.api.order.pay({ checkout: checkout.id, provider: "sandbox" }));
      const paying = async () => {
        await pressPay(shop, payment.redirectUrl);
        await who.api.payment.refresh({ id: payment.id });
      };
      const [cancelled] = await Promise.all([
        wait(leadMs).then(() => who.api.order.cancel({ id })),
        wait(-leadMs).then(paying),
      ]);
      await until(async () => {
        await shop.bus.quiet();
        const now = expectDone(await who.api.payment.get({ id: payment.id }));
        const { state } = expectDone(await who.api.order.get({ id }));
        return state === "paid" || (state === "closed" && now.refunded.amount === now.amount.amount);
      });
      const { state } = expectDone(await who.api.order.get({ id }));
      assert.equal(
        state === "closed",
        !isRefusal(cancelled),
        `${state}, and cancel said ${codeOf(cancelled)}`,
      );
      outcomes.add(state);
    }
    assert.deepEqual((await shop.audit(1_500)).broken, []);
    assert.deepEqual([...outcomes].sort(), ["closed", "paid"]);
  });

  it("begins no second payment of a checkout that is paid", async () => {
    const who = await buyer(shop);
    const checkout = expectDone(await order(who, [{ sku, quantity: 1 }]));
    await pay(shop, who, checkout.id);
    const again = await who.api.order.pay({ checkout: checkout.id, provider: "sandbox" });
    assert.equal(codeOf(again), "order.already_paid");
  });

  it("starts one payment for one checkout, however often it is asked", async () => {
    const who = await buyer(shop);
    const checkout = expectDone(await order(who, [{ sku, quantity: 1 }]));
    const ask = () => who.api.order.pay({ checkout: checkout.id, provider: "sandbox" });
    const started = await Promise.all(Array.from({ length: 10 }, ask));
    assert.equal(new Set(started.map((payment) => expectDone(payment).id)).size, 1);
  });

  it("lets expiry or payment win, never both", async () => {
    let aheadMs = 0;
    const payWithinMs = 600_000;
    const hurried = await openShop({ clock: { now: () => Date.now() + aheadMs }, payWithinMs });
    try {
      await categories(hurried);
      const merchantThere = await merchant(hurried);
      const cup = (await sell(hurried, merchantThere, { stock: 100 })).skus[0]!.id;
      const begin = async () => {
        const who = await buyer(hurried);
        const checkout = expectDone(await order(who, [{ sku: cup, quantity: 1 }]));
        const payment = expectDone(await who.api.order.pay({ checkout: checkout.id, provider: "sandbox" }));
        return { who, payment, id: checkout.orders[0]!.id };
      };
      const end = async ({ who, payment, id }: Awaited<ReturnType<typeof begin>>) => {
        await pressPay(hurried, payment.redirectUrl);
        await until(async () => {
          const now = expectDone(await who.api.payment.refresh({ id: payment.id }));
          await hurried.bus.quiet();
          const { state } = expectDone(await who.api.order.get({ id }));
          return state === "paid" || (state === "closed" && now.refunded.amount === now.amount.amount);
        });
        return expectDone(await who.api.order.get({ id })).state;
      };
      // One is paid before the time is up, eight about then, one when its order was closed.
      const [early, late, ...racing] = await Promise.all(Array.from({ length: 10 }, begin));
      assert.equal(await end(early!), "paid");
      const pressed = racing.map((one, i) => wait(i * 100).then(() => end(one)));
      aheadMs = payWithinMs;
      await until(async () => expectDone(await late!.who.api.order.get({ id: late!.id })).state === "closed");
      const states = ["paid", await end(late!), ...(await Promise.all(pressed))];
      assert.equal(states[1], "closed");
      assert.deepEqual((await hurried.audit(1_500)).broken, []);
      const level = expectDone(await merchantThere.api.inventory.level({ sku: cup }));
      assert.equal(level.onHand, 100 - states.filter((state) => state === "paid").length);
      assert.equal(level.reserved, 0);
    } finally {
      await hurried.close();
    }
  });
});
