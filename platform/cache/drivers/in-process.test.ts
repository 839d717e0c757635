import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "#kernel/clock";
import { cacheConformance, put, subjectBytes, valueIn } from "../conformance.ts";
import { openInProcess } from "./in-process.ts";

const open = () => openInProcess({ clock: systemClock, bytes: subjectBytes });
cacheConformance(
  "the memory of a process",
  async () => ({ open: async () => open(), close: async () => {} }),
  false,
);

const entryOf = (value: unknown) => ({ value, at: systemClock.now(), until: systemClock.now() + 60_000 });

test("made-up keys push out nothing that exists", async () => {
  const cache = openInProcess({ clock: systemClock, bytes: 100_000 });
  await put(cache, "real", entryOf("here"));
  for (let i = 0; i < 20_000; i++) cache.keep(`made up ${i}`, entryOf(null), "0", systemClock.now());
  assert.equal(await valueIn(cache, "real"), "here");
  assert.ok(cache.state().entries <= 5_001);
});

test("a drop holds also when it has been forgotten itself", async () => {
  const cache = open();
  const [found] = await cache.getMany(["thing"]);
  await cache.drop(["thing"]);
  for (let i = 0; i < 30_000; i++) cache.forget([`other ${i}`]);
  await cache.setMany([{ key: "thing", entry: entryOf("old"), lease: found?.lease }]);
  assert.equal(await valueIn(cache, "thing"), undefined);
});

test("what is handed out cannot be changed", async () => {
  const cache = open();
  await put(cache, "thing", entryOf({ price: { amount: 1 } }));
  const value = (await valueIn(cache, "thing")) as { price: { amount: number } };
  assert.throws(() => {
    value.price.amount = 2;
  }, TypeError);
});
