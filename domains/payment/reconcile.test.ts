import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { toBigint } from "#kernel/id";
import { expectDone } from "#kernel/refusal";
import { asBuyer, assertConserved, begin, stateOf, told } from "#tests/support/payments";
import { openPaymentWorld, type PaymentWorld } from "#tests/support/sandbox";

let world: PaymentWorld;
const day = 24 * 3_600_000;

describe("reconciliation", () => {
  before(async () => {
    world = await openPaymentWorld();
  });
  after(() => world.close());
  afterEach(() => assertConserved(world));

  test("finds what was paid though no callback came, once", async () => {
    const begun = await begin(world, [1_111]);
    await world.choose(begun.payment.redirectUrl, "late");
    await world.job("payment.reconcile");
    assert.equal(await stateOf(world, begun), "pending", "asked before its time");
    world.clock.forward(30_001);
    await Promise.all(Array.from({ length: 5 }, () => world.job("payment.reconcile")));
    assert.equal(await stateOf(world, begun), "captured");
    assert.deepEqual(await told(world, begun.payment.id), ["started", "captured"]);
  });

  test("finds what was declined", async () => {
    const begun = await begin(world, [1_111]);
    await world.stopSandbox();
    await world.startSandbox({ delaysMs: { usual: [60_000, 60_000], late: 60_000, doubledPercent: 0 } });
    await world.choose(begun.payment.redirectUrl, "decline");
    world.clock.forward(30_001);
    await world.job("payment.reconcile");
    assert.equal(await stateOf(world, begun), "failed");
  });

  test("gives an attempt up after a day; who pays then has paid all the same", async () => {
    const begun = await begin(world, [2_500]);
    world.clock.forward(day - 1_000);
    await world.job("payment.reconcile");
    assert.equal(await stateOf(world, begun), "pending");
    world.clock.forward(day);
    await world.job("payment.reconcile");
    assert.equal(await stateOf(world, begun), "failed");
    await world.choose(begun.payment.redirectUrl, "pay");
    await world.stopSandbox();
    const heard = world.heard.length;
    world.clock.forward(60_001);
    await world.startSandbox();
    await world.heardAtLeast(heard + 1);
    assert.equal(await stateOf(world, begun), "captured");
    assert.deepEqual(await told(world, begun.payment.id), ["started", "failed", "captured"]);
  });

  test("a provider that does not answer changes nothing, and hides nothing", async () => {
    const begun = await begin(world, [3_000]);
    await world.choose(begun.payment.redirectUrl, "late");
    await world.stopSandbox();
    const shown = await world.payment.door.refresh(asBuyer(begun.account), { id: begun.payment.id });
    assert.equal(expectDone(shown).state, "pending");
    world.clock.forward(30_001);
    await world.job("payment.reconcile");
    assert.match(world.logged.at(-1) ?? "", /could not be asked about payment/);
    assert.equal(await stateOf(world, begun), "pending");
    await world.startSandbox();
    world.clock.forward(31_000);
    await world.job("payment.reconcile");
    assert.equal(await stateOf(world, begun), "captured");
  });

  test("an attempt left alone is asked about a dozen times in its day, not thousands", async () => {
    const begun = await begin(world, [1]);
    let asked = 0;
    for (let age = 0; age < day; asked += 1) {
      const [row] = await world.test.admin(
        `select ask_at, created_at from payment.payment where id = ${toBigint(begun.payment.id)}`,
      );
      const { ask_at: askAt, created_at: createdAt } = row as { ask_at: Date; created_at: Date };
      age = askAt.getTime() - createdAt.getTime();
      if (age >= day) break;
      world.clock.forward(askAt.getTime() - world.clock.now());
      await world.job("payment.reconcile");
    }
    assert.ok(asked >= 5 && asked <= 15, `asked ${asked} times`);
    assert.equal(await stateOf(world, begun), "pending");
  });
});
