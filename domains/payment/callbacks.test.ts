import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { newId } from "#kernel/id";
import { expectDone, isRefusal } from "#kernel/refusal";
import {
  asBuyer,
  asking,
  asOrder,
  assertConserved,
  begin,
  callBack,
  notice,
  stateOf,
  told,
} from "#tests/support/payments";
import { openPaymentWorld, type PaymentWorld } from "#tests/support/sandbox";

let world: PaymentWorld;
const paid = ["started", "captured"];

describe("paying", () => {
  before(async () => {
    world = await openPaymentWorld();
  });
  after(() => world.close());
  afterEach(() => assertConserved(world));

  test("begins one attempt, however often and at once it is asked", async () => {
    const asked = asking([500, 700]);
    const all = await Promise.all(Array.from({ length: 20 }, () => world.payment.door.start(asOrder, asked)));
    assert.equal(new Set(all.map((each) => expectDone(each).id)).size, 1);
    const [first] = all.map(expectDone);
    assert.deepEqual(first?.amount, { amount: 1_200, currency: "USD" });
    assert.deepEqual(await told(world, first!.id), ["started"]);

    const fewer = { ...asked, allocations: asked.allocations.slice(0, 1) };
    assert.notEqual(expectDone(await world.payment.door.start(asOrder, fewer)).id, first?.id);
    const unknown = await world.payment.door.start(asOrder, { ...asked, provider: "nobody" });
    assert.ok(isRefusal(unknown) && unknown.refusal === "payment.unknown_provider");
  });

  test("is captured by the callback that follows the buyer's choice", async () => {
    const heard = world.heard.length;
    const begun = await begin(world, [1_250]);
    const back = await world.choose(begun.payment.redirectUrl, "pay");
    assert.equal(back, `/pay/return?from=test&payment=${begun.payment.id}`);
    await world.heardAtLeast(heard + 1);
    assert.equal(await stateOf(world, begun), "captured");
    assert.deepEqual(await told(world, begun.payment.id), paid);
  });

  test("told twice is captured once, and both callbacks are taken", async () => {
    const heard = world.heard.length;
    const begun = await begin(world, [800, 1]);
    await world.choose(begun.payment.redirectUrl, "twice");
    await world.heardAtLeast(heard + 2);
    assert.deepEqual(
      world.heard.slice(heard).map(({ status }) => status),
      [200, 200],
    );
    assert.deepEqual(await told(world, begun.payment.id), paid);
  });

  test("the browser that is back before the callback finds it captured, for good", async () => {
    const heard = world.heard.length;
    const begun = await begin(world, [4_200]);
    await world.choose(begun.payment.redirectUrl, "late");
    const back = expectDone(
      await world.payment.door.refresh(asBuyer(begun.account), { id: begun.payment.id }),
    );
    assert.equal(back.state, "captured");
    assert.equal(world.heard.length, heard);
    world.clock.forward(61_000);
    await world.stopSandbox();
    await world.startSandbox();
    await world.heardAtLeast(heard + 1);
    assert.equal(world.heard.at(-1)?.status, 200);
    assert.deepEqual(await told(world, begun.payment.id), paid);
  });

  test("callbacks and browsers at the same moment end in one transition, 20 times", async () => {
    // The sandbox's own callback is a minute away, so that these are the only ones.
    for (let round = 0; round < 20; round++) {
      const begun = await begin(world, [round + 1]);
      await world.choose(begun.payment.redirectUrl, "late");
      const raw = notice(begun.payment);
      const refresh = () => world.payment.door.refresh(asBuyer(begun.account), { id: begun.payment.id });
      const outcomes = await Promise.all([
        callBack(world, raw),
        refresh(),
        callBack(world, raw),
        refresh(),
        callBack(world, raw),
      ]);
      for (const outcome of outcomes) {
        if (typeof outcome === "string") assert.equal(outcome, "received");
        else assert.equal(expectDone(outcome).state, "captured");
      }
      assert.deepEqual(await told(world, begun.payment.id), paid);
    }
  });

  test("declined has failed; money that comes after all counts", async () => {
    const heard = world.heard.length;
    const begun = await begin(world, [990]);
    await world.choose(begun.payment.redirectUrl, "decline");
    await world.heardAtLeast(heard + 1);
    assert.equal(await stateOf(world, begun), "failed");
    await world.choose(begun.payment.redirectUrl, "pay");
    await world.heardAtLeast(heard + 2);
    assert.equal(await stateOf(world, begun), "captured");
    assert.deepEqual(await told(world, begun.payment.id), ["started", "failed", "captured"]);
    // The word of the failure, come late, takes nothing back.
    assert.equal(await callBack(world, notice(begun.payment, { state: "declined" })), "received");
    assert.equal(await stateOf(world, begun), "captured");
  });

  test("forged callbacks are refused before anything in them is believed", async () => {
    const begun = await begin(world, [5_000]);
    const raw = notice(begun.payment);
    const now = world.clock.now();
    const forged = [
      { key: "another key" },
      { over: notice(begun.payment, { amount: 1 }) },
      { over: `${raw} ` },
      { at: now - 301_000 },
      { at: now + 301_000 },
      { header: "" },
      { header: "t=1,v1=" },
      { header: `t=${Math.floor(now / 1000)},v1=${"0".repeat(64)}` },
      { header: `v1=${"0".repeat(64)}` },
      { header: "\u0000".repeat(500) },
    ];
    for (const sign of forged) {
      assert.equal(await callBack(world, raw, sign), "payment.bad_signature", JSON.stringify(sign));
    }
    assert.equal(await callBack(world, raw, { provider: "nobody" }), "payment.unknown_provider");
    assert.equal(await callBack(world, raw, { provider: "__proto__" }), "payment.unknown_provider");
    assert.equal(await callBack(world, raw, { provider: "constructor" }), "payment.unknown_provider");
    assert.deepEqual(await told(world, begun.payment.id), ["started"]);
  });

  test("a signed callback that makes no sense is refused", async () => {
    const { payment } = await begin(world, [5_000]);
    const senseless = [
      "",
      "{",
      "null",
      "[]",
      notice(payment, { state: "paid" }),
      notice(payment, { amount: "5000" }),
      notice(payment, { amount: -5_000 }),
      notice(payment, { amount: 50.5 }),
      notice(payment, { amount: 2 ** 53 }),
      notice(payment, { currency: "usd" }),
      notice(payment, { reference: 7 }),
    ];
    for (const raw of senseless) assert.equal(await callBack(world, raw), "payment.bad_callback", raw);
    assert.deepEqual(await told(world, payment.id), ["started"]);
  });

  test("a callback for another amount or currency changes nothing and is logged", async () => {
    const begun = await begin(world, [5_000]);
    const logged = world.logged.length;
    for (const changes of [{ amount: 4_999 }, { amount: 5_001 }, { amount: 0 }, { currency: "EUR" }]) {
      for (const state of ["captured", "declined"]) {
        const raw = notice(begun.payment, { ...changes, state });
        assert.equal(await callBack(world, raw), "payment.wrong_amount");
      }
    }
    assert.equal(world.logged.length, logged + 8);
    assert.equal(world.counted.get("payment_wrong_amount"), 8);
    assert.match(world.logged.at(-1) ?? "", /nothing was changed/);
    assert.equal(await stateOf(world, begun), "pending");
    assert.deepEqual(await told(world, begun.payment.id), ["started"]);
  });

  test("a callback for a payment that does not exist is refused", async () => {
    const { payment } = await begin(world, [5_000]);
    for (const reference of [
      newId(3, Date.now()),
      "",
      "nonsense",
      "'; drop table payment; --",
      "8".repeat(13),
    ]) {
      assert.equal(await callBack(world, notice(payment, { reference })), "payment.not_found", reference);
    }
  });

  test("somebody else's payment is answered like one that does not exist", async () => {
    const { payment } = await begin(world, [5_000]);
    const stranger = asBuyer(newId(9, Date.now()));
    const { door } = world.payment;
    for (const outcome of [
      await door.get(stranger, { id: payment.id }),
      await door.get(stranger, { id: newId(9, Date.now()) }),
      await door.refresh(stranger, { id: payment.id }),
    ]) {
      assert.ok(isRefusal(outcome));
      assert.equal(outcome.refusal, "payment.not_found");
    }
    for (const outcome of [
      await door.start(stranger, asking([1])),
      await door.refund(stranger, { payment: payment.id, order: newId(9, Date.now()), reason: "" }),
      await door.facts(stranger, {}),
    ]) {
      assert.ok(isRefusal(outcome));
      assert.equal(outcome.refusal, "request.forbidden");
    }
  });
});
