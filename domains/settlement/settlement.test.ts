import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type Caller, newContext } from "#kernel/context";
import type { Event } from "#kernel/event";
import { type Bucket, type Id, newId, toBigint } from "#kernel/id";
import { expectDone, isRefusal } from "#kernel/refusal";
import { openLocalBus } from "#platform/bus/drivers/local";
import { allBuckets } from "#platform/database/api";
import { openTestDatabase, type TestDatabase } from "#tests/support/database";
import { pushedClock } from "#tests/support/sandbox";
import { orderEvents, paymentEvents, toldOrder, usd } from "#tests/support/told";
import { settlementModule } from "./module.ts";

const clock = pushedClock();
const as = (caller: Caller) => newContext({ caller, deadline: Date.now() + 60_000, trace: "test" });
const asDomain = as({ kind: "domain", domain: "test" });
const buyers: Bucket = 12;

describe("the ledger", () => {
  let db: TestDatabase;
  let settlement: ReturnType<typeof settlementModule>;
  let bus: ReturnType<typeof openLocalBus>;
  before(async () => {
    db = await openTestDatabase();
    const store = (domain: string) => db.database.store(domain);
    const shop = { get: async () => ({ currency: "EUR" }) as never };
    settlement = settlementModule({ store: store("settlement"), clock, shop });
    bus = openLocalBus({
      clock,
      log: (message, error) => assert.fail(`${message}: ${error}`),
      members: [
        { domain: "order", store: store("order"), reactions: [] },
        { domain: "payment", store: store("payment"), reactions: [] },
        { domain: "settlement", store: store("settlement"), reactions: settlement.reactions },
      ],
    });
  });
  after(async () => {
    await bus.stop();
    await db.close();
  });

  /** Puts events where their domain would have, and lets the bus carry them to the end. */
  async function tell(domain: "order" | "payment", events: readonly Event[]) {
    for (const { id, type, aggregate, version, body } of events) {
      await db.admin(`insert into "${domain}".outbox values (${buyers}, ${toBigint(id)}, '${type}',
        ${toBigint(aggregate)}, ${version}, now(), '${JSON.stringify(body)}')`);
    }
    await bus.quiet();
  }
  const newShop = () => newId<"shop">(900, Date.now());
  const merchantOf = (shop: Id<"shop">) =>
    as({
      kind: "account",
      account: newId(1, Date.now()),
      session: newId(1, Date.now()),
      operator: false,
      shops: [shop],
    });
  const balance = async (shop: Id<"shop">) => {
    const { escrow, payable } = expectDone(await settlement.door.balance(merchantOf(shop), { shop }));
    return [escrow, payable];
  };
  const checkConservation = async () => {
    const [row] = await db.admin(`select coalesce(sum(amount), 0)::int as total,
      coalesce(sum(amount) filter (where account = 'transit'), 0)::int as transit from settlement.balance`);
    assert.deepEqual(row, { total: 0, transit: 0 });
    assert.deepEqual(expectDone(await settlement.door.audit(asDomain, {})).broken, []);
  };

  test("holds what was paid until it is received, then pays the shop all but the fee", async () => {
    const shop = newShop();
    const order = toldOrder(buyers, shop, 10_000, 500);
    const payments = paymentEvents(buyers, [order], []);
    const orders = orderEvents(order, ["pending", "paid", "shipped", "received"], null);
    await tell("payment", payments);
    await tell("order", orders.slice(0, 2));
    assert.deepEqual(await balance(shop), [usd(10_000), usd(0)]);
    await checkConservation();
    await tell("order", orders.slice(2));
    assert.deepEqual(await balance(shop), [usd(0), usd(9_500)]);
    await checkConservation();
  });

  test("gives a refunded order's money back, and the shop nothing", async () => {
    const shop = newShop();
    const order = toldOrder(buyers, shop, 700, 35);
    await tell("payment", paymentEvents(buyers, [order], [order]));
    await tell("order", orderEvents(order, ["pending", "paid", "refunded"], null));
    assert.deepEqual(await balance(shop), [usd(0), usd(0)]);
    const [escrow] = await db.admin(
      `select amount::int from settlement.balance where account = 'escrow:${order.order}'`,
    );
    assert.deepEqual(escrow, { amount: 0 });
    await checkConservation();
  });

  test("keeps the orders of one payment apart, each in its shop's balance", async () => {
    const shops = [newShop(), newShop(), newShop()] as const;
    const orders = shops.map((shop, i) => toldOrder(buyers, shop, 1_000 * (i + 1), 50 * (i + 1)));
    await tell("payment", paymentEvents(buyers, orders, []));
    for (const order of orders) await tell("order", orderEvents(order, ["pending", "paid"], null));
    assert.deepEqual(await Promise.all(shops.map(balance)), [
      [usd(1_000), usd(0)],
      [usd(2_000), usd(0)],
      [usd(3_000), usd(0)],
    ]);
    await checkConservation();
  });

  test("loses nothing when many post to the same new accounts at once, some of it again", async () => {
    const shop = newShop();
    const orders = Array.from({ length: 40 }, (_, i) => toldOrder(buyers, shop, 100 + i, 5));
    const [, , toItself] = settlement.reactions;
    const sweep = db.database.store("settlement").sweep(allBuckets);
    const post = (some: typeof orders) =>
      sweep.transaction(async (transaction) => {
        const events = some.map(({ order, total }) => ({
          bucket: 900,
          event: {
            ...{ id: newId<"event">(900, Date.now()), type: "settlement.sent", aggregate: order, version: 1 },
            at: Date.now(),
            body: { order, shop, kind: "escrow_in", amount: total },
          },
        }));
        await toItself?.apply(transaction, events);
      });
    const groups = Array.from({ length: 20 }, (_, i) => orders.slice(i * 2, i * 2 + 3));
    await Promise.all(groups.map(post));
    const total = orders.reduce((sum, order) => sum + order.total.amount, 0);
    assert.deepEqual(await balance(shop), [usd(total), usd(0)]);
    await checkConservation();
  });

  test("shows a shop's balance to its staff alone", async () => {
    const shop = newShop();
    const refused = await settlement.door.balance(merchantOf(newShop()), { shop });
    assert.ok(isRefusal(refused));
    assert.equal(refused.refusal, "settlement.not_yours");
  });

  test("a shop that never sold has nothing, in its own currency", async () => {
    const shop = newShop();
    assert.deepEqual(expectDone(await settlement.door.balance(merchantOf(shop), { shop })), {
      shop,
      escrow: { amount: 0, currency: "EUR" },
      payable: { amount: 0, currency: "EUR" },
      updatedAt: null,
    });
  });

  test("facts tell every entry once, page by page, in the order of their ids", async () => {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: { items: { id: string; legs: { amount: number }[] }[]; next: string | null } = expectDone(
        await settlement.door.facts(asDomain, { limit: 3, ...(cursor ? { cursor } : {}) }),
      );
      for (const { id, legs } of page.items) {
        seen.push(id);
        assert.equal(
          legs.reduce((sum, { amount }) => sum + amount, 0),
          0,
        );
      }
      cursor = page.next;
    } while (cursor);
    const [row] = await db.admin("select count(*)::int as n from settlement.entry");
    assert.equal(new Set(seen).size, row?.n);
    assert.deepEqual(seen, [...seen].sort());
  });

  test("an entry that does not sum to zero cannot be written", async () => {
    await assert.rejects(
      db.admin(`insert into settlement.entry values (1, 1, 'captured', 1, 1, 1, 'USD',
        '{clearing,escrow:x}', '{-5,4}', now())`),
      /sums_to_zero/,
    );
  });

  describe("the audit names", () => {
    const broken = async () => {
      const findings = expectDone(await settlement.door.audit(asDomain, {})).broken;
      return findings.map(({ rule, offender }) => ({ rule, offender }));
    };
    /** Damages the data, looks, and puts it back. */
    async function damaged(damage: string, repair: string) {
      await db.admin(damage);
      try {
        return await broken();
      } finally {
        await db.admin(repair);
        assert.deepEqual(await broken(), []);
      }
    }

    test("a balance that is not the sum of its entries", async () => {
      const shop = newShop();
      const order = toldOrder(buyers, shop, 100, 5);
      await tell("payment", paymentEvents(buyers, [order], []));
      await tell("order", orderEvents(order, ["pending", "paid"], null));
      const where = `where account = 'shop-escrow:${shop}'`;
      assert.deepEqual(
        await damaged(
          `update settlement.balance set amount = amount + 1 ${where}`,
          `update settlement.balance set amount = amount - 1 ${where}`,
        ),
        [{ rule: "settlement.balance_is_its_entries", offender: `shop-escrow:${shop} in bucket 900` }],
      );
      assert.deepEqual(
        await damaged(
          `create table settlement.kept as select * from settlement.balance ${where};
           delete from settlement.balance ${where}`,
          "insert into settlement.balance select * from settlement.kept; drop table settlement.kept",
        ),
        [{ rule: "settlement.balance_is_its_entries", offender: `shop-escrow:${shop} in bucket 900` }],
      );
    });

    test("an entry that does not sum to zero", async () => {
      const [row] = await db.admin(
        "select id::text, amounts::text from settlement.entry order by id limit 1",
      );
      const found = await damaged(
        `alter table settlement.entry drop constraint sums_to_zero;
         update settlement.entry set amounts[1] = amounts[1] + 1 where id = ${row?.id}`,
        `update settlement.entry set amounts = '${row?.amounts}' where id = ${row?.id};
         alter table settlement.entry add constraint sums_to_zero
           check (settlement.total(amounts) = 0 and cardinality(amounts) = cardinality(accounts))`,
      );
      assert.deepEqual(found.map(({ rule }) => rule).sort(), [
        "settlement.balance_is_its_entries",
        "settlement.entry_sums_to_zero",
      ]);
    });

    test("money given back that was never captured, once an event can no longer be on its way", async () => {
      const order = toldOrder(buyers, newShop(), 300, 15);
      const [started, captured, refunded] = paymentEvents(buyers, [order], [order]) as [Event, Event, Event];
      const backwards = [started, { ...refunded, version: 2 }, { ...captured, version: 3 }];
      await tell("payment", backwards.slice(0, 2));
      assert.deepEqual(await broken(), []);
      clock.forward(61_000);
      assert.deepEqual(await broken(), [
        { rule: "settlement.nothing_back_beyond_capture", offender: order.order },
        { rule: "settlement.escrow_never_negative", offender: `escrow:${order.order}` },
      ]);
      await tell("payment", backwards.slice(2));
      await checkConservation();
    });

    test("money that left an order's bucket and did not arrive in its shop's", async () => {
      const order = toldOrder(buyers, newShop(), 300, 15);
      await tell("payment", paymentEvents(buyers, [order], []));
      await tell("order", orderEvents(order, ["pending", "paid", "shipped", "received"], null));
      clock.forward(61_000);
      const kept = `kind = 'payable' and order_id = ${toBigint(order.order)}`;
      const found = await damaged(
        `create table settlement.kept as select * from settlement.entry where ${kept};
         delete from settlement.entry where ${kept}`,
        "insert into settlement.entry select * from settlement.kept; drop table settlement.kept",
      );
      assert.ok(
        found.some(({ rule, offender }) => rule === "settlement.arrives" && offender === order.order),
        JSON.stringify(found),
      );
    });
  });
});
