import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { toBigint } from "#kernel/id";
import { expectDone } from "#kernel/refusal";
import { asOrder, assertConserved, type Begun, begin } from "#tests/support/payments";
import { openPaymentWorld, type PaymentWorld } from "#tests/support/sandbox";

let world: PaymentWorld;
let begun: Begun;
let row: string;

describe("the audit of payments names", () => {
  before(async () => {
    world = await openPaymentWorld();
    begun = await begin(world, [700, 300]);
    row = `id = ${toBigint(begun.payment.id)}`;
    await world.choose(begun.payment.redirectUrl, "late");
    await world.payment.door.refresh(asOrder, { id: begun.payment.id });
    const [order] = begun.orders;
    await world.payment.door.refund(asOrder, { payment: begun.payment.id, order: order!, reason: "" });
    await world.job("payment.refunds");
  });
  after(() => world.close());

  /** Damages the data, looks, and puts it back. */
  async function damaged(damage: string, repair: string, offender = begun.payment.id): Promise<string[]> {
    await world.test.admin(damage);
    try {
      const { broken, checked } = expectDone(await world.payment.door.audit(asOrder, {}));
      assert.ok(checked > 0);
      for (const each of broken) assert.equal(each.offender, offender);
      return broken.map(({ rule }) => rule);
    } finally {
      await world.test.admin(repair);
      await assertConserved(world);
    }
  }
  const unconstrained = "alter table payment.payment drop constraint parts_sum;";
  const constrained = `alter table payment.payment add constraint parts_sum
    check (payment.total(parts) = amount and cardinality(parts) = cardinality(orders))`;

  test("parts that do not sum to the amount", async () => {
    assert.deepEqual(
      await damaged(
        `${unconstrained} update payment.payment set parts = '{700,301}' where ${row}`,
        `update payment.payment set parts = '{700,300}' where ${row}; ${constrained}`,
      ),
      ["payment.parts_sum"],
    );
  });

  test("a refund of another amount than was paid for the order", async () => {
    assert.deepEqual(
      await damaged("update payment.refund set amount = 701", "update payment.refund set amount = 700"),
      ["payment.refund_is_its_part"],
    );
  });

  test("a refund of a payment that was never captured", async () => {
    assert.deepEqual(
      await damaged(
        `update payment.payment set state = 'failed' where ${row}`,
        `update payment.payment set state = 'captured' where ${row}`,
      ),
      ["payment.refund_is_its_part"],
    );
  });

  test("more refunded than captured", async () => {
    const rules = await damaged(
      `insert into payment.refund select bucket, payment, 4711, 301, '', 'due', 0, try_at, asked_at, null
       from payment.refund`,
      "delete from payment.refund where order_id = 4711",
    );
    assert.deepEqual(rules, ["payment.refund_is_its_part", "payment.refunds_within_capture"]);
  });

  test("a change that was not told", async () => {
    assert.deepEqual(
      await damaged(
        `update payment.payment set version = 2 where ${row}`,
        `update payment.payment set version = 3 where ${row}`,
      ),
      ["payment.told_every_change"],
    );
  });

  test("an attempt that reconciliation forgot", async () => {
    const { payment } = await begin(world, [5]);
    const where = `where id = ${toBigint(payment.id)}`;
    assert.deepEqual(
      await damaged(
        `update payment.payment set created_at = created_at - interval '4 days' ${where}`,
        `update payment.payment set created_at = created_at + interval '4 days' ${where}`,
        payment.id,
      ),
      ["payment.pending_overdue"],
    );
  });
});

test("facts tell every payment once, with what is refunded of each part", async () => {
  const own = await openPaymentWorld();
  try {
    const all: Begun[] = [];
    for (let i = 0; i < 7; i++) all.push(await begin(own, [100 + i, 50]));
    const paid = all[3]!;
    await own.choose(paid.payment.redirectUrl, "late");
    await own.payment.door.refresh(asOrder, { id: paid.payment.id });
    await own.payment.door.refund(asOrder, {
      payment: paid.payment.id,
      order: paid.orders[1]!,
      reason: "surplus",
    });
    const read = async () => {
      const items = [];
      let cursor: string | undefined;
      do {
        const page = expectDone(
          await own.payment.door.facts(asOrder, { limit: 3, ...(cursor ? { cursor } : {}) }),
        );
        items.push(...page.items);
        cursor = page.next ?? undefined;
      } while (cursor);
      return items;
    };
    const items = await read();
    assert.deepEqual(
      items.map(({ id }) => id),
      all.map(({ payment }) => payment.id).sort(),
    );
    const ofPaid = (some: typeof items) => some.find(({ id }) => id === paid.payment.id);
    assert.equal(ofPaid(items)?.state, "captured");
    assert.deepEqual(ofPaid(items)?.allocations, [
      { order: paid.orders[0], amount: 103, refund: "none" },
      { order: paid.orders[1], amount: 50, refund: "due" },
    ]);
    await own.job("payment.refunds");
    assert.equal(ofPaid(await read())?.allocations[1]?.refund, "done");
    assert.equal(ofPaid(await read())?.version, 3);
    await assertConserved(own);
  } finally {
    await own.close();
  }
});
