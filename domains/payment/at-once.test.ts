import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { newId } from "#kernel/id";
import { expectDone } from "#kernel/refusal";
import {
  asBuyer,
  asking,
  asOrder,
  assertConserved,
  callBack,
  notice,
  stateOf,
  told,
} from "#tests/support/payments";
import { openPaymentWorld, type PaymentWorld } from "#tests/support/sandbox";

describe("payments of many at the same moment", () => {
  let world: PaymentWorld;
  before(async () => {
    world = await openPaymentWorld();
  });
  after(() => world.close());
  afterEach(() => assertConserved(world));

  const beginForty = async () => {
    const asked = Array.from({ length: 40 }, (_, i) => asking([i + 1, 100]));
    // Each twice, so that the same attempt is asked for while it is being begun.
    const begun = await Promise.all(
      [...asked, ...asked].map((one) => world.payment.door.start(asOrder, one)),
    );
    return asked.map((one, i) => {
      const payment = expectDone(begun[i]!);
      assert.equal(expectDone(begun[i + 40]!).id, payment.id);
      return { asked: one, payment, account: one.account, orders: one.allocations.map(({ order }) => order) };
    });
  };

  test("each is begun once, as it was asked for", async () => {
    for (const { asked, payment, account } of await beginForty()) {
      assert.equal(payment.checkout, asked.checkout);
      assert.equal(payment.amount.amount, asked.allocations[0]!.amount.amount + 100);
      const kept = await world.payment.door.get(asBuyer(account), { id: payment.id });
      assert.deepEqual(expectDone(kept), payment);
      assert.deepEqual(await told(world, payment.id), ["started"]);
    }
  });

  test("each hears every callback about it: money that comes with a refusal counts", async () => {
    const all = await beginForty();
    // The provider knows all of it: what is captured here is charged there.
    await Promise.all(all.map(({ payment }) => world.choose(payment.redirectUrl, "late")));
    const answers = await Promise.all(
      all.flatMap(({ payment }) => [
        callBack(world, notice(payment, { state: "declined" })),
        callBack(world, notice(payment)),
        callBack(world, notice(payment)),
        callBack(world, notice(payment, { amount: 1 })),
        callBack(world, notice(payment, { reference: newId(3, Date.now()) })),
      ]),
    );
    const expected = ["received", "received", "received", "payment.wrong_amount", "payment.not_found"];
    assert.deepEqual(
      answers,
      all.flatMap(() => expected),
    );
    for (const begun of all) {
      assert.equal(await stateOf(world, begun), "captured");
      const states = (await told(world, begun.payment.id)).filter((state) => state !== "failed");
      assert.deepEqual(states, ["started", "captured"]);
    }
  });
});
