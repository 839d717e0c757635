import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { auditShop } from "#apps/operator/audit";
import { compose, type Doors } from "#apps/server/compose";
import { systemClock } from "#kernel/clock";
import { fromBigint, type Id, toBigint } from "#kernel/id";
import { expectDone } from "#kernel/refusal";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import {
  type Buyer,
  buyer,
  categories,
  type Merchant,
  merchant,
  order,
  pay,
  sell,
} from "../support/people.ts";
import { openShop, type TestShop } from "../support/shop.ts";

/** Damage that only somebody with the database's keys can do, and the rule that must name it. */
interface Damage {
  readonly what: string;
  readonly rule: string;
  damage(ids: Ids): string;
  mend(ids: Ids): string;
}

interface Ids {
  readonly sku: string;
  readonly order: string;
  readonly reservation: string;
  readonly payment: string;
}

const damages: readonly Damage[] = [
  {
    what: "a piece that was never received",
    rule: "inventory.adds_up",
    damage: ({ sku }) =>
      `alter table inventory.stock drop constraint adds_up; update inventory.stock set on_hand = on_hand + 1 where sku = ${sku}`,
    mend: ({ sku }) =>
      `update inventory.stock set on_hand = on_hand - 1 where sku = ${sku};
       alter table inventory.stock add constraint adds_up check (on_hand = received - sold)`,
  },
  {
    what: "more reserved than there is",
    rule: "inventory.never_negative",
    damage: ({ sku }) =>
      `alter table inventory.stock drop constraint never_negative;
       update inventory.stock set reserved = reserved + 5000 where sku = ${sku}`,
    mend: ({ sku }) =>
      `update inventory.stock set reserved = reserved - 5000 where sku = ${sku};
       alter table inventory.stock add constraint never_negative
         check (reserved >= 0 and sold >= 0 and on_hand >= reserved)`,
  },
  {
    what: "a total that its lines do not make",
    rule: "order.amounts_add_up",
    damage: ({ order }) => `update "order".orders set total = total + 1 where id = ${order}`,
    mend: ({ order }) => `update "order".orders set total = total - 1 where id = ${order}`,
  },
  {
    what: "a state without its history",
    rule: "order.history_is_whole",
    damage: ({ order }) => `update "order".orders set state = 'shipped' where id = ${order}`,
    mend: ({ order }) => `update "order".orders set state = 'paid' where id = ${order}`,
  },
  {
    what: "an order that is gone",
    rule: "order.checkout_has_its_orders",
    damage: ({ order }) =>
      `create table public.gone as select * from "order".orders where id = ${order}; delete from "order".orders where id = ${order}`,
    mend: () => `insert into "order".orders select * from public.gone; drop table public.gone`,
  },
  {
    what: "stock that a paid order never took",
    rule: "stock.follows_orders",
    damage: ({ reservation, sku }) =>
      `update inventory.reservation set state = 'released' where id = ${reservation};
       update inventory.stock set sold = sold - 1, on_hand = on_hand + 1 where sku = ${sku}`,
    mend: ({ reservation, sku }) =>
      `update inventory.reservation set state = 'sold' where id = ${reservation};
       update inventory.stock set sold = sold + 1, on_hand = on_hand - 1 where sku = ${sku}`,
  },
  {
    what: "money for a paid order that was never captured",
    rule: "money.pays_orders",
    damage: ({ payment }) => `update payment.payment set state = 'pending' where id = ${payment}`,
    mend: ({ payment }) => `update payment.payment set state = 'captured' where id = ${payment}`,
  },
  {
    what: "an entry that is gone from the ledger",
    rule: "ledger.follows_money",
    damage: () =>
      `create table public.gone as select * from settlement.entry where kind = 'captured';
       delete from settlement.entry where kind = 'captured'`,
    mend: () => `insert into settlement.entry select * from public.gone; drop table public.gone`,
  },
  {
    what: "an event that waits for one that was lost",
    rule: "events.are_applied",
    damage: () =>
      `insert into search.inbox
       values (1, 'catalog', 1, 7, 1, 'catalog.changed', now() - interval '10 minutes', '{}')`,
    mend: () => "delete from search.inbox",
  },
];

describe("the audit", () => {
  let shop: TestShop;
  let seller: Merchant;
  let ada: Buyer;
  let sku: Id<"sku">;
  let ids: Ids;

  before(async () => {
    shop = await openShop();
    await categories(shop);
    seller = await merchant(shop);
    sku = (await sell(shop, seller, { stock: 500 })).skus[0]!.id;
    ada = await buyer(shop);
    const checkout = expectDone(await order(ada, [{ sku, quantity: 1 }]));
    const payment = await pay(shop, ada, checkout.id);
    const [reservation] = await shop.db.admin("select id from inventory.reservation");
    ids = {
      sku: toBigint(sku),
      order: toBigint(checkout.orders[0]!.id),
      reservation: String(reservation?.["id"]),
      payment: toBigint(payment.id),
    };
  });
  after(() => shop.close());

  it("finds nothing in a shop where nothing is wrong", async () => {
    const report = await shop.audit(500);
    assert.deepEqual(report.broken, []);
    assert.equal(report.clean, true);
    assert.ok(report.checked["order"]! > 0 && report.checked["entries"]! > 0);
  });

  for (const { what, rule, damage, mend } of damages) {
    it(`names ${what}: ${rule}`, async () => {
      await shop.db.admin(damage(ids));
      try {
        const report = await shop.audit(300);
        const found = report.broken.filter((finding) => finding.rule === rule);
        assert.ok(found.length > 0, `found only ${JSON.stringify(report.broken)}`);
        assert.ok(found.every((finding) => finding.offender.length > 0));
        assert.equal(report.clean, false);
      } finally {
        await shop.db.admin(mend(ids));
      }
      assert.deepEqual((await shop.audit(300)).broken, []);
    });
  }

  it("calls nothing broken that is only on its way", async () => {
    let rushing = true;
    const rush = async () => {
      const who = await buyer(shop);
      while (rushing) {
        const checkout = expectDone(await order(who, [{ sku, quantity: 1 }]));
        const id = checkout.orders[0]!.id;
        if (Math.random() < 0.5) await who.api.order.cancel({ id });
        else await pay(shop, who, checkout.id);
      }
    };
    const rushes = Promise.all([rush(), rush(), rush(), rush()]);
    try {
      for (let i = 0; i < 4; i++) assert.deepEqual((await shop.audit()).broken, []);
    } finally {
      rushing = false;
      await rushes;
    }
    await shop.bus.quiet();
    assert.deepEqual((await shop.audit(1_000)).broken, []);
  });
});

/** Jobs would mend these within seconds: nobody works here, so that nobody is faster than the audit. */
describe("the audit of what was left undone", () => {
  let db: TestDatabase;
  let doors: Doors;
  before(async () => {
    db = await openTestDatabase();
    ({ doors } = compose({
      database: db.database,
      clock: systemClock,
      payWithinMs: 60_000,
      providers: {},
      log: (message, error) => console.error(message, error),
      counted: () => undefined,
    }));
  });
  after(() => db.close());

  const id = (number: number) => fromBigint<string>(String(number));
  const nothing = '{ "amount": 0, "currency": "USD" }';
  const orderDoc = `{ "items": ${nothing}, "shipping": ${nothing}, "discount": ${nothing}, "tax": ${nothing},
    "total": ${nothing}, "lines": [] }`;

  const undone: { what: string; rule: string; offender: string; damage: string; tables: string[] }[] = [
    {
      what: "a checkout that nobody ended",
      rule: "order.nothing_waits_for_ever",
      offender: id(11),
      damage: `insert into "order".checkout (bucket, id, buyer, key, body_hash, state, plan, from_cart, placed_at, changed_at)
        values (0, 11, 1, 'k', 'h', 'placing', '[]', false, now(), now() - interval '2 minutes')`,
      tables: ['"order".checkout'],
    },
    {
      what: "an order whose time to be paid is over",
      rule: "order.nothing_waits_for_ever",
      offender: id(12),
      damage: `insert into "order".checkout (bucket, id, buyer, key, body_hash, state, plan, from_cart, placed_at, changed_at)
        values (0, 11, 1, 'k', 'h', 'placed', '[{}]', false, now(), now());
        insert into "order".orders
          (bucket, id, checkout, buyer, shop, state, version, total, fee, currency, pay_by, changed_at, doc, told, history)
        values (0, 12, 11, 1, 1, 'pending', 1, 0, 0, 'USD', now() - interval '2 minutes', now(), '${orderDoc}',
          '{ "lines": [] }', '[{ "state": "pending" }]')`,
      tables: ['"order".orders', '"order".checkout'],
    },
    {
      what: "stock that is reserved for nothing",
      rule: "stock.reserved_for_something",
      offender: id(13),
      damage: `insert into inventory.stock values (0, 1, 0, 0, 1, 5, 2, 5, 0, 1);
        insert into inventory.reservation values (0, 13, 1, 11, 2, 'held', now() - interval '1 minute')`,
      tables: ["inventory.reservation", "inventory.stock"],
    },
    {
      what: "a reservation of what nobody keeps",
      rule: "inventory.adds_up",
      offender: id(13),
      damage:
        "insert into inventory.reservation values (0, 13, 1, 11, 2, 'sold', now() - interval '1 minute')",
      tables: ["inventory.reservation"],
    },
    {
      what: "more paid to a shop than it earned",
      rule: "settlement.never_negative",
      offender: "payable:x",
      damage: "insert into settlement.balance values (0, 'payable:x', 'USD', -5, now())",
      tables: ["settlement.balance"],
    },
  ];
  for (const { what, rule, offender, damage, tables } of undone)
    it(`names ${what}: ${rule}`, async () => {
      await db.admin(damage);
      try {
        const { broken } = await auditShop(doors, systemClock, 100);
        const found = broken.filter((each) => each.rule === rule).map((each) => each.offender);
        assert.deepEqual(found, [offender], JSON.stringify(broken));
      } finally {
        for (const table of tables) await db.admin(`delete from ${table}`);
      }
      assert.deepEqual((await auditShop(doors, systemClock, 100)).broken, []);
    });
});
