import assert from "node:assert/strict";
import { test } from "node:test";
import type { Clock } from "#kernel/clock";
import { newContext } from "#kernel/context";
import type { Cache } from "./api.ts";
import { openInProcess } from "./drivers/in-process.ts";
import { openTier } from "./drivers/tier.ts";
import { type Kind, openReading, type Positions } from "./reading.ts";

type Thing = { readonly id: number; readonly price: number };

/** A database of things whose reads are counted, and last until they are let go if `held`. */
function world(
  options: { kind?: Partial<Kind<number, Thing>>; positions?: Positions; ownOnly?: true; far?: Cache } = {},
) {
  let nowMs = Date.UTC(2026, 5, 1);
  const clock: Clock = { now: () => nowMs };
  const prices = new Map<number, number>();
  const loads: number[][] = [];
  let atWork = 0;
  let most = 0;
  let gate: Promise<void> | undefined;
  let release = () => {};
  const counts: Record<string, number> = {};
  const near = openInProcess({ clock, bytes: 10_000_000 });
  const tier = openTier({
    near,
    clock,
    ...(options.far ? { far: options.far } : {}),
    ages: { nearMs: 60_000 },
  });
  const reading = openReading({
    shared: tier,
    own: near,
    clock,
    counted: (_of, what, n) => {
      counts[what] = (counts[what] ?? 0) + n;
    },
    ...(options.positions ? { positions: options.positions } : {}),
  });
  const source = reading.source<number, Thing>({
    name: "thing",
    domain: "catalog",
    ttlMs: 30_000,
    absentMs: 2_000,
    shared: true,
    batch: 100,
    loadsAtOnce: 4,
    key: String,
    load: async (_context, ids) => {
      loads.push([...ids]);
      most = Math.max(most, ++atWork);
      const read = ids.map((id) => {
        const price = prices.get(id);
        return price === undefined ? undefined : { id, price };
      });
      await (gate ?? new Promise((resolve) => setImmediate(resolve)));
      atWork--;
      return read;
    },
    ...options.kind,
  });
  return {
    source,
    prices,
    loads,
    counts,
    tier,
    get most() {
      return most;
    },
    pass: (ms: number) => {
      nowMs += ms;
    },
    hold: () => {
      gate = new Promise((resolve) => {
        release = resolve;
      });
    },
    letGo: () => {
      gate = undefined;
      release();
    },
    context: (token?: string) =>
      newContext({
        deadline: nowMs + 10_000,
        trace: "test",
        readToken: new Map(token ? [["catalog", token]] : []),
      }),
  };
}

const turns = async (n = 10) => {
  for (let i = 0; i < n; i++) await new Promise((resolve) => setImmediate(resolve));
};

test("a key that 200 ask for at once, when it has just expired, is loaded once", async () => {
  const w = world();
  w.prices.set(1, 100);
  await w.source.one(w.context(), 1);
  w.pass(31_000);
  const answers = await Promise.all(Array.from({ length: 200 }, () => w.source.one(w.context(), 1)));
  assert.equal(w.loads.length, 2);
  assert.ok(answers.every((answer) => answer?.price === 100));
});

test("24 things, half of them known, cost one load of the others", async () => {
  const w = world();
  const ids = Array.from({ length: 24 }, (_, i) => i);
  for (const id of ids) w.prices.set(id, id);
  await w.source.many(w.context(), ids.slice(0, 12));
  const all = await w.source.many(w.context(), [...ids, 3, 3, 20]);
  assert.deepEqual(
    all.map((thing) => thing?.id),
    [...ids, 3, 3, 20],
  );
  assert.deepEqual(
    w.loads.map((load) => load.length),
    [12, 12],
  );
});

test("what is not there is asked for once, until it may be there", async () => {
  const w = world();
  for (let i = 0; i < 50; i++) assert.equal(await w.source.one(w.context(), 7), undefined);
  assert.equal(w.loads.length, 1);
  w.prices.set(7, 1);
  await w.source.drop([7]);
  assert.equal((await w.source.one(w.context(), 7))?.price, 1);
});

test("ten thousand keys that were never asked for cost a load a hundred, four at once", async () => {
  const w = world();
  const refused: unknown[] = [];
  for (let from = 0; from < 10_000; from += 1_000) {
    await Promise.all(
      Array.from({ length: 1_000 }, (_, i) =>
        w.source.one(w.context(), from + i).catch((error) => refused.push(error)),
      ),
    );
  }
  assert.deepEqual(refused, []);
  assert.ok(w.loads.length <= 150, `${w.loads.length} loads`);
  assert.ok(w.most <= 4, `${w.most} at once`);
});

test("more than can be loaded in time are told to come back", async () => {
  const w = world({ kind: { batch: 1 } });
  w.hold();
  const asked = Array.from({ length: 3_000 }, (_, i) => w.source.one(w.context(), i));
  const outcomes = Promise.allSettled(asked);
  await turns();
  w.letGo();
  const refused = (await outcomes).filter((outcome) => outcome.status === "rejected");
  assert.ok(refused.length >= 900 && refused.length < 1_100, `${refused.length} refused`);
  assert.equal((refused[0] as PromiseRejectedResult).reason.code, "cache.too_many_loads");
  assert.ok(w.most <= 4);
});

test("ten thousand keys read together expire over a quarter of their time", async () => {
  const w = world({ kind: { ttlMs: 40_000 } });
  const ids = Array.from({ length: 10_000 }, (_, i) => i);
  for (const id of ids) w.prices.set(id, id);
  for (let from = 0; from < ids.length; from += 1_000) {
    await w.source.many(w.context(), ids.slice(from, from + 1_000));
  }
  let before = ids.length;
  let worst = 0;
  for (let second = 0; second < 41; second++) {
    const there = ids.filter((id) => w.tier.peek?.(`thing:${id}`)).length;
    worst = Math.max(worst, before - there);
    before = there;
    w.pass(1_000);
  }
  assert.equal(before, 0);
  assert.ok(worst < 1_500, `${worst} in one second`);
});

test("an entry in the last part of its life is read anew while readers get what is there", async () => {
  const w = world({ kind: { shared: false, ttlMs: 10_000 } });
  w.prices.set(1, 100);
  await w.source.one(w.context(), 1);
  w.prices.set(1, 200);
  w.pass(7_000);
  w.hold();
  const during = await Promise.all(Array.from({ length: 20 }, () => w.source.one(w.context(), 1)));
  assert.ok(during.every((thing) => thing?.price === 100));
  await turns();
  w.letGo();
  await turns();
  assert.equal((await w.source.one(w.context(), 1))?.price, 200);
  assert.equal(w.loads.length, 2);
});

test("whoever asks after a change gets it, though an older read is still under way, and that is not kept", async () => {
  const w = world();
  w.prices.set(1, 100);
  w.hold();
  const early = w.source.one(w.context(), 1);
  await turns();
  w.prices.set(1, 200);
  const dropped = w.source.drop([1]);
  const late = w.source.one(w.context(), 1);
  await turns();
  w.letGo();
  await dropped;
  assert.equal((await early)?.price, 100);
  assert.equal((await late)?.price, 200);
  assert.equal((await w.source.one(w.context(), 1))?.price, 200);
});

test("a load that fails is nobody's answer, and the next one tries again", async () => {
  let broken = true;
  const w = world({
    kind: {
      load: async (_c, ids) => {
        if (broken) throw new Error("the database is away");
        return ids.map((id) => ({ id, price: 1 }));
      },
    },
  });
  await assert.rejects(w.source.one(w.context(), 1), /away/);
  broken = false;
  assert.equal((await w.source.one(w.context(), 1))?.price, 1);
});

test("an answer that may not be kept is not", async () => {
  const w = world({ kind: { isKept: ({ price }) => price > 0 } });
  w.prices.set(1, 0);
  await w.source.one(w.context(), 1);
  await w.source.one(w.context(), 1);
  assert.equal(w.loads.length, 2);
});

test("an entry read before what the reader has seen is passed by (DATA 18)", async () => {
  let position = 5;
  const positions: Positions = {
    before: async () => String(position),
    reaches: (at, needed) => Number(at) >= Number(needed),
  };
  const w = world({ positions });
  w.prices.set(1, 100);
  await w.source.one(w.context(), 1);
  position = 9;
  w.prices.set(1, 200);
  assert.equal((await w.source.one(w.context("5"), 1))?.price, 100);
  assert.equal((await w.source.one(w.context("9"), 1))?.price, 200);
  assert.equal((await w.source.one(w.context(), 1))?.price, 200, "what was read for one serves the others");
});

test("where the database does not say how far it is, who has seen something passes the cache by", async () => {
  const w = world();
  w.prices.set(1, 100);
  await w.source.one(w.context(), 1);
  w.prices.set(1, 200);
  assert.equal((await w.source.one(w.context("9"), 1))?.price, 200);
});

test("a lagging replica cannot refill what a change dropped", async () => {
  const asked: (string | undefined)[] = [];
  const positions: Positions = {
    before: async () => "1",
    reaches: (at, needed) => Number(at) >= Number(needed),
  };
  const w = world({
    positions,
    kind: {
      load: async (context, ids) => {
        asked.push(context.readToken.get("catalog"));
        return ids.map((id) => ({ id, price: 1 }));
      },
    },
  });
  await w.source.drop([1], w.context("7"));
  await w.source.one(w.context(), 1);
  assert.deepEqual(asked, ["7"]);
});
