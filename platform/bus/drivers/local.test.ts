import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import type { Event } from "#kernel/event";
import { type Bucket, fromBigint, type Id, newId, toBigint } from "#kernel/id";
import { type Parameter, type Reader, type Statement, type Store, sql } from "#platform/database/api";
import { openTestDatabase, type TestDatabase } from "#tests/support/database";
import { type PushedClock, pushedClock } from "#tests/support/sandbox";
import { until } from "#tests/support/until";
import type { Bus, Reaction } from "../api.ts";
import { openLocalBus } from "./local.ts";

/** Longer than what failed to apply rests. */
const restedMs = 6_000;

type Body = { readonly to: readonly Bucket[] };
interface Heard {
  readonly bucket: Bucket;
  readonly aggregate: Id<string>;
  readonly version: number;
}

// What search hears is written down in its own transaction, without any key: a repeat would be seen.
const writeDown = sql(
  "heard",
  "insert into heard (bucket, aggregate, version) select * from unnest($1::int[], $2::bigint[], $3::int[])",
);

describe("the local bus, from the outbox of shop to the inbox of search", () => {
  let db: TestDatabase;
  let clock: PushedClock;
  /** Aggregates that cannot be applied now. */
  const bad = new Set<Id<string>>();
  const logged: string[] = [];
  const open: Bus[] = [];

  before(async () => {
    db = await openTestDatabase();
    await db.admin(
      `create table search.heard (bucket int, aggregate bigint, version int, place int generated always as identity);
       grant select, insert on search.heard to storey_search`,
    );
  });
  after(() => db.close());
  beforeEach(() => {
    clock = pushedClock();
    bad.clear();
    logged.length = 0;
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((bus) => bus.stop()));
    await db.admin("truncate shop.outbox, search.outbox, search.inbox, search.applied, search.heard");
  });

  const reaction: Reaction = {
    source: "shop",
    hears: ["shop.changed"],
    ordered: true,
    buckets: (event) => (event.body as Body).to,
    apply: async (transaction, events) => {
      await transaction.all(writeDown, [
        events.map(({ bucket }) => bucket),
        events.map(({ event }) => toBigint(event.aggregate)),
        events.map(({ event }) => event.version),
      ]);
      const found = events.find(({ event }) => bad.has(event.aggregate));
      if (found) throw new Error(`${found.event.aggregate} cannot be applied`);
    },
  };
  const openBus = (with_: { shop?: Store; reaction?: Partial<Reaction> } = {}): Bus => {
    const members = [
      { domain: "shop", store: with_.shop ?? db.database.store("shop"), reactions: [] },
      {
        domain: "search",
        store: db.database.store("search"),
        reactions: [{ ...reaction, ...with_.reaction }],
      },
    ];
    const bus = openLocalBus({ members, clock, log: (message) => logged.push(message) });
    open.push(bus);
    return bus;
  };

  const tell = async (
    aggregate: Id<string>,
    versions: readonly number[],
    to: readonly Bucket[] = [7],
    told = "shop.changed",
  ) => {
    const rows = versions.map((version) => {
      const event: Omit<Event, "at"> = {
        id: newId(7, Date.now()),
        type: told,
        aggregate,
        version,
        body: { to },
      };
      const { id, type, body } = event;
      return `(7, ${toBigint(id)}, '${type}', ${toBigint(aggregate)}, ${version}, now(), '${JSON.stringify(body)}')`;
    });
    await db.admin(`insert into shop.outbox values ${rows.join(", ")}`);
  };
  const aggregateOf = () => newId<string>(7, Date.now());
  const heard = async (): Promise<Heard[]> => {
    const rows = await db.admin("select bucket, aggregate::text, version from search.heard order by place");
    return rows.map((row) => ({
      bucket: Number(row["bucket"]),
      aggregate: fromBigint(String(row["aggregate"])),
      version: Number(row["version"]),
    }));
  };
  const versionsOf = async (aggregate: Id<string>, bucket = 7) =>
    (await heard()).filter((h) => h.aggregate === aggregate && h.bucket === bucket).map((h) => h.version);
  const left = async (box: string) => Number((await db.admin(`select count(*) as n from ${box}`))[0]?.["n"]);

  it("delivers each event once, in the order of versions, and leaves nothing behind", async () => {
    const [a, b] = [aggregateOf(), aggregateOf()];
    await tell(a, [1, 2, 3]);
    await tell(b, [1, 2]);
    await openBus().quiet();
    assert.deepEqual(await versionsOf(a), [1, 2, 3]);
    assert.deepEqual(await versionsOf(b), [1, 2]);
    assert.deepEqual([await left("shop.outbox"), await left("search.inbox")], [0, 0]);
  });

  it("applies what touches several buckets once in each", async () => {
    const a = aggregateOf();
    await tell(a, [1, 2], [3, 900, 3]);
    await openBus().quiet();
    assert.deepEqual(
      [await versionsOf(a, 3), await versionsOf(a, 900)],
      [
        [1, 2],
        [1, 2],
      ],
    );
    assert.equal((await heard()).length, 4);
  });

  it("ignores what is told again, long after or in the same batch", async () => {
    const a = aggregateOf();
    const bus = openBus();
    await tell(a, [1, 1, 2, 2]);
    await bus.quiet();
    await tell(a, [1, 2, 3]);
    await bus.quiet();
    assert.deepEqual(await versionsOf(a), [1, 2, 3]);
    assert.equal(await left("search.inbox"), 0);
  });

  it("waits for what is missing, and holds up nobody else meanwhile", async () => {
    const [late, other] = [aggregateOf(), aggregateOf()];
    const bus = openBus();
    await tell(late, [3]);
    await tell(late, [2]);
    await tell(other, [1]);
    await bus.quiet();
    assert.deepEqual([await versionsOf(late), await versionsOf(other)], [[], [1]]);
    clock.forward(60_000);
    const waiting = (await bus.lag()).find(({ domain, box }) => domain === "search" && box === "inbox");
    assert.equal(waiting?.waiting, 2);
    assert.ok(waiting.oldestMs >= 60_000);
    await tell(late, [1]);
    await bus.quiet();
    assert.deepEqual(await versionsOf(late), [1, 2, 3]);
  });

  it("lets a bad event block its own aggregate alone, until it can be applied", async () => {
    const [broken, ...fine] = Array.from({ length: 12 }, aggregateOf);
    assert.ok(broken);
    bad.add(broken);
    const bus = openBus();
    for (const each of [...fine.slice(0, 6), broken, ...fine.slice(6)]) await tell(each, [1, 2]);
    await bus.quiet();
    for (const each of fine) assert.deepEqual(await versionsOf(each), [1, 2]);
    assert.deepEqual(await versionsOf(broken), [], "what failed left no trace");
    assert.ok(
      logged.some((line) => line.includes(broken) && line.includes("shop.changed")),
      logged.join("\n"),
    );
    await tell(fine[0]!, [3]);
    await bus.quiet();
    assert.deepEqual(await versionsOf(fine[0]!), [1, 2, 3]);
    bad.clear();
    clock.forward(restedMs);
    await bus.quiet();
    assert.deepEqual(await versionsOf(broken), [1, 2]);
    assert.equal(await left("search.inbox"), 0);
  });

  it("does nothing twice when it dies between copying and deleting", async () => {
    const a = aggregateOf();
    await tell(a, [1, 2]);
    const dying = openBus({ shop: dyingAt(db.database.store("shop"), "outbox_drop") });
    await dying.quiet();
    assert.equal(await left("shop.outbox"), 2, "it died before it could delete");
    await dying.quiet();
    assert.deepEqual(await versionsOf(a), [1, 2], "what was copied is applied");
    await dying.stop();
    await tell(a, [3]);
    await openBus().quiet();
    assert.deepEqual(await versionsOf(a), [1, 2, 3]);
    assert.deepEqual([await left("shop.outbox"), await left("search.inbox")], [0, 0]);
  });

  it("applies each once when two processes carry and apply at the same time", async () => {
    const many = Array.from({ length: 60 }, aggregateOf);
    for (const each of many) await tell(each, [1, 2, 3], [5, 6]);
    const buses = [openBus(), openBus(), openBus()];
    for (const bus of buses) bus.start();
    await until(async () => {
      await Promise.all(buses.map((bus) => bus.quiet()));
      return (await left("shop.outbox")) + (await left("search.inbox")) === 0;
    });
    for (const each of many) {
      assert.deepEqual(
        [await versionsOf(each, 5), await versionsOf(each, 6)],
        [
          [1, 2, 3],
          [1, 2, 3],
        ],
      );
    }
  });

  it("carries one event within some milliseconds, and many together", async () => {
    const a = aggregateOf();
    const bus = openBus();
    await bus.quiet();
    await tell(a, [1]);
    const toldAt = performance.now();
    bus.told("shop");
    await until(async () => (await versionsOf(a)).length === 1);
    assert.ok(performance.now() - toldAt < 900, "it did not wait for the next look");
    const many = Array.from({ length: 100 }, aggregateOf);
    for (const each of many) await tell(each, [1, 2]);
    await bus.quiet();
    assert.equal((await heard()).length, 201);
  });

  describe("of the types that are not heard", () => {
    it("passes nothing on, and waits for none of them", async () => {
      const a = aggregateOf();
      const bus = openBus();
      await tell(a, [1], [7], "shop.opened");
      await tell(a, [2]);
      await bus.quiet();
      await tell(a, [3], [7], "shop.closed");
      await bus.quiet();
      await tell(a, [4]);
      await bus.quiet();
      assert.deepEqual(await versionsOf(a), [2, 4]);
      assert.deepEqual([await left("shop.outbox"), await left("search.inbox")], [0, 0]);
    });

    it("still waits for one that is missing, since what is missing may be one that is heard", async () => {
      const a = aggregateOf();
      const bus = openBus();
      await tell(a, [1], [7], "shop.opened");
      await tell(a, [3]);
      await bus.quiet();
      assert.deepEqual(await versionsOf(a), []);
      await tell(a, [2], [7], "shop.closed");
      await bus.quiet();
      assert.deepEqual(await versionsOf(a), [3]);
      assert.equal(await left("search.inbox"), 0);
    });

    it("hears one that is added from then on, also of aggregates that it knew before", async () => {
      const [a, b] = [aggregateOf(), aggregateOf()];
      const before = openBus();
      await tell(a, [1]);
      await tell(a, [2], [7], "shop.closed");
      await tell(b, [1], [7], "shop.opened");
      await before.quiet();
      await before.stop();
      const after = openBus({ reaction: { hears: ["shop.changed", "shop.closed", "shop.opened"] } });
      await tell(a, [3], [7], "shop.closed");
      await tell(b, [2], [7], "shop.opened");
      await after.quiet();
      assert.deepEqual([await versionsOf(a), await versionsOf(b)], [[1, 3], [2]]);
    });
  });

  describe("where order does not matter", () => {
    const unordered = { reaction: { ordered: false } };

    it("delivers what comes, waits for nothing and remembers nothing", async () => {
      const a = aggregateOf();
      const bus = openBus(unordered);
      await tell(a, [3]);
      await tell(a, [7], [7], "shop.closed");
      await bus.quiet();
      await tell(a, [1]);
      await bus.quiet();
      assert.deepEqual(await versionsOf(a), [3, 1]);
      const boxes = ["shop.outbox", "search.inbox", "search.applied"];
      assert.deepEqual(await Promise.all(boxes.map(left)), [0, 0, 0]);
    });

    it("applies by one statement alone, and refuses a second, which would commit apart from it", async () => {
      const [fine, bad] = [aggregateOf(), aggregateOf()];
      const twice: Reaction["apply"] = async (transaction, events) => {
        await reaction.apply(transaction, events);
        if (events.some(({ event }) => event.aggregate === bad)) await reaction.apply(transaction, events);
      };
      const bus = openBus({ reaction: { ordered: false, oneStatement: true, apply: twice } });
      await tell(fine, [1]);
      await bus.quiet();
      await tell(bad, [1]);
      await bus.quiet();
      assert.deepEqual(await versionsOf(fine), [1]);
      assert.deepEqual(await Promise.all(["shop.outbox", "search.inbox"].map(left)), [0, 0]);
      // What was refused came again, from the inbox and in a transaction.
      assert.ok((await versionsOf(bad)).length > 1);
    });

    it("keeps what fails until it can be applied, and nobody waits for it", async () => {
      const [broken, fine] = [aggregateOf(), aggregateOf()];
      bad.add(broken);
      const bus = openBus(unordered);
      await tell(broken, [1]);
      await tell(fine, [1]);
      await bus.quiet();
      await tell(fine, [2]);
      await bus.quiet();
      assert.deepEqual([await versionsOf(broken), await versionsOf(fine)], [[], [1, 2]]);
      assert.equal(await left("search.inbox"), 1);
      bad.clear();
      clock.forward(restedMs);
      await bus.quiet();
      assert.deepEqual([await versionsOf(broken), await left("search.inbox")], [[1], 0]);
    });
  });

  it("finishes the batch in hand when it is stopped, and begins no other", async () => {
    const bus = openBus();
    await tell(aggregateOf(), [1]);
    bus.told("shop");
    await bus.stop();
    const before = await heard();
    await tell(aggregateOf(), [1]);
    bus.told("shop");
    await bus.quiet();
    assert.deepEqual(await heard(), before);
  });

  it("lets whoever told wait until it was heard, and not when nobody listens any more", async () => {
    const bus = openBus();
    for (let i = 0; i < 5; i++) {
      const a = aggregateOf();
      await tell(a, [1]);
      await bus.heard("shop", 5_000);
      assert.deepEqual(await versionsOf(a), [1]);
    }
    await bus.stop();
    await bus.heard("shop", 5_000);
  });

  it("looks again by itself for what nobody announced", async () => {
    const a = aggregateOf();
    openBus().start();
    await tell(a, [1]);
    await until(async () => (await versionsOf(a)).length === 1);
  });
});

/** A store whose process dies at a statement: the first such never reaches the database, nor does anything after. */
function dyingAt(store: Store, statement: string): Store {
  let dead = false;
  const mortal = <On extends Reader>(on: On): On => ({
    ...on,
    all: (asked: Statement, parameters: readonly Parameter[]) => {
      dead ||= asked.name === statement;
      return dead ? Promise.reject(new Error("the process is gone")) : on.all(asked, parameters);
    },
  });
  return {
    ...store,
    sweep: (range) => {
      const writer = mortal(store.sweep(range));
      return { ...writer, transaction: (work) => writer.transaction((t) => work(mortal(t))) };
    },
  };
}
