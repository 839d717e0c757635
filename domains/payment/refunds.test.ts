import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { type Id, newId, toBigint } from "#kernel/id";
import { expectDone, isRefusal } from "#kernel/refusal";
import { asBuyer, asOrder, assertConserved, type Begun, begin, told } from "#tests/support/payments";
import { openPaymentWorld, type PaymentWorld } from "#tests/support/sandbox";
import { openProviders } from "./module.ts";

let world: PaymentWorld;

async function captured(amounts: readonly number[]): Promise<Begun> {
  const begun = await begin(world, amounts);
  await world.choose(begun.payment.redirectUrl, "late");
  await world.payment.door.refresh(asOrder, { id: begun.payment.id });
  return begun;
}
const refund = (payment: Id<"payment">, order: Id<"order">) =>
  world.payment.door.refund(asOrder, { payment, order, reason: "cancelled" });
const refundedOf = async ({ payment, account }: Begun) =>
  expectDone(await world.payment.door.get(asBuyer(account), { id: payment.id })).refunded.amount;
async function givenBack(payment: Id<"payment">): Promise<unknown> {
  const [row] = await world.test.admin(
    `select refunded::int as amount, (select count(*)::int from sandbox.refund r where r.reference = c.reference)
       as times from sandbox.charge c where reference = '${payment}'`,
  );
  return row;
}

describe("refunds", () => {
  before(async () => {
    world = await openPaymentWorld();
  });
  after(() => world.close());
  afterEach(() => assertConserved(world));

  test("give the part of one order back once, however often it is asked", async () => {
    const begun = await captured([700, 300]);
    const [order] = begun.orders as [Id<"order">];
    const asked = await Promise.all(Array.from({ length: 20 }, () => refund(begun.payment.id, order)));
    assert.deepEqual(new Set(asked), new Set([null]));
    await Promise.all(Array.from({ length: 5 }, () => world.job("payment.refunds")));
    assert.equal(await refund(begun.payment.id, order), null);
    world.clock.forward(600_000);
    await world.job("payment.refunds");
    assert.equal(await refundedOf(begun), 700);
    assert.deepEqual(await givenBack(begun.payment.id), { amount: 700, times: 1 });
    assert.deepEqual(await told(world, begun.payment.id), ["started", "captured", "refunded"]);
  });

  test("that are carried out again before the first try has ended are told once", async () => {
    const begun = await captured([250]);
    const [order] = begun.orders as [Id<"order">];
    await refund(begun.payment.id, order);
    // Each finds the lease of the one before it at its end.
    const tries = Array.from({ length: 8 }, () => {
      world.clock.forward(600_001);
      return world.job("payment.refunds");
    });
    await Promise.all(tries);
    assert.equal(await refundedOf(begun), 250);
    assert.deepEqual(await givenBack(begun.payment.id), { amount: 250, times: 1 });
    assert.deepEqual(await told(world, begun.payment.id), ["started", "captured", "refunded"]);
  });

  test("of all orders of a payment are each told, in versions without a gap", async () => {
    const begun = await captured([1, 20, 300, 4_000]);
    await Promise.all(begun.orders.map((order) => refund(begun.payment.id, order)));
    await world.job("payment.refunds");
    assert.equal(await refundedOf(begun), 4_321);
    const events = await told(world, begun.payment.id);
    assert.deepEqual(events.slice(2), Array(4).fill("refunded"));
    const bodies = await world.test.admin(`select body from payment.outbox
      where aggregate = ${toBigint(begun.payment.id)} and type = 'payment.refunded'`);
    const parts = bodies.map(({ body }) => body as { order: string; refunded: { amount: number } });
    assert.deepEqual(
      new Map(parts.map(({ order, refunded }) => [order, refunded.amount])),
      new Map(begun.orders.map((order, i) => [order, [1, 20, 300, 4_000][i]])),
    );
  });

  test("wait for a provider that is away, and are carried out when it is back", async () => {
    const begun = await captured([1_500]);
    const [order] = begun.orders as [Id<"order">];
    await world.stopSandbox();
    const logged = world.logged.length;
    assert.equal(await refund(begun.payment.id, order), null);
    await world.job("payment.refunds");
    assert.match(world.logged[logged] ?? "", /could not be asked for the refund of 1500 USD/);
    // It rests five seconds, then ten.
    await world.job("payment.refunds");
    world.clock.forward(5_001);
    await world.job("payment.refunds");
    world.clock.forward(9_000);
    await world.job("payment.refunds");
    assert.equal(world.logged.length, logged + 2);
    await world.startSandbox();
    assert.equal(await refundedOf(begun), 0);
    world.clock.forward(1_001);
    await world.job("payment.refunds");
    assert.equal(await refundedOf(begun), 1_500);
  });

  test("whose answer was lost are not carried out twice", async () => {
    const begun = await captured([640, 60]);
    const [order] = begun.orders as [Id<"order">];
    const { sandbox } = openProviders({
      sandbox: { key: world.key, pageUrl: "", apiUrl: world.sandboxUrl, clock: world.clock },
    });
    // What the first try did before the process died.
    const key = `${begun.payment.id}-${order}`;
    const asked = { reference: begun.payment.id, amount: { amount: 640, currency: "USD" }, key };
    assert.equal(await sandbox?.refund(asked), "done");
    await refund(begun.payment.id, order);
    await world.job("payment.refunds");
    assert.equal(await refundedOf(begun), 640);
    assert.deepEqual(await givenBack(begun.payment.id), { amount: 640, times: 1 });
  });

  test("of what was never captured, or never meant for that order, are refused", async () => {
    const pending = await begin(world, [100]);
    const begun = await captured([100]);
    const [order] = begun.orders as [Id<"order">];
    for (const outcome of [
      await refund(pending.payment.id, pending.orders[0]!),
      await refund(begun.payment.id, pending.orders[0]!),
      await refund(newId(4, Date.now()), order),
    ]) {
      assert.ok(isRefusal(outcome));
      assert.equal(outcome.refusal, "payment.not_found");
    }
  });

  test("that a provider refuses stay due, and the audit names them after an hour", async () => {
    const begun = await captured([900]);
    const [order] = begun.orders as [Id<"order">];
    const charge = `update sandbox.charge set refunded = %, id = id where reference = '${begun.payment.id}'`;
    await world.test.admin(charge.replace("%", "1"));
    await refund(begun.payment.id, order);
    await world.job("payment.refunds");
    assert.match(world.logged.at(-1) ?? "", /sandbox refused the refund of 900 USD/);
    world.clock.forward(3_600_001);
    const { broken } = expectDone(await world.payment.door.audit(asOrder, {}));
    assert.deepEqual(
      broken.map(({ rule, offender }) => [rule, offender]),
      [["payment.refund_overdue", begun.payment.id]],
    );
    await world.test.admin(charge.replace("%", "0"));
    await world.job("payment.refunds");
    assert.equal(await refundedOf(begun), 900);
  });
});
