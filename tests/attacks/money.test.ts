import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
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
    // Ever later, until each has won at least once.
    for (let i = 0; i < 12 || (outcomes.size < 2 && i < 60); i++) {
      const who = await buyer(shop);
      const checkout = expectDone(await order(who, [{ sku, quantity: 1 }]));
      const id = checkout.orders[0]!.id;
      const payment = expectDone(await who.api.order.pay({ checkout: checkout.id, provider: "sandbox" }));
      await pressPay(shop, payment.redirectUrl);
      const pause = new Promise((resolve) => setTimeout(resolve, i * 6));
      const [cancelled] = await Promise.all([
        pause.then(() => who.api.order.cancel({ id })),
        who.api.payment.refresh({ id: payment.id }),
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
    const hurried = await openShop({ payWithinMs: 1_200 });
    try {
      await categories(hurried);
      const merchantThere = await merchant(hurried);
      const cup = (await sell(hurried, merchantThere, { stock: 100 })).skus[0]!.id;
      const race = async (payAfterMs: number) => {
        const who = await buyer(hurried);
        const checkout = expectDone(await order(who, [{ sku: cup, quantity: 1 }]));
        const payment = await who.api.order.pay({ checkout: checkout.id, provider: "sandbox" });
        if (isRefusal(payment)) return "closed";
        await new Promise((resolve) => setTimeout(resolve, payAfterMs));
        await pressPay(hurried, payment.redirectUrl);
        const id = checkout.orders[0]!.id;
        await until(async () => {
          const now = expectDone(await who.api.payment.refresh({ id: payment.id }));
          await hurried.bus.quiet();
          const { state } = expectDone(await who.api.order.get({ id }));
          return state === "paid" || (state === "closed" && now.refunded.amount === now.amount.amount);
        });
        return expectDone(await who.api.order.get({ id })).state;
      };
      // Some before the time is up, some about then, some after; nobody begins to pay as late as that.
      const states = await Promise.all(Array.from({ length: 10 }, (_, i) => race(i * 250)));
      // Ten at once may all be too late on a busy machine.
      for (let i = 0; i < 5 && !states.includes("paid"); i++) states.push(await race(0));
      assert.deepEqual([...new Set(states)].sort(), ["closed", "paid"]);
      assert.deepEqual((await hurried.audit(1_500)).broken, []);
      const level = expectDone(await merchantThere.api.inventory.level({ sku: cup }));
      assert.equal(level.onHand, 100 - states.filter((state) => state === "paid").length);
      assert.equal(level.reserved, 0);
    } finally {
      await hurried.close();
    }
  });
});
