import assert from "node:assert/strict";
import { test } from "node:test";
import { openBrief } from "./brief.ts";

interface Value {
  readonly until: number;
  readonly size: number;
}

const openAt = (atMost: number) => {
  const time = { now: 1_000 };
  const clock = { now: () => time.now };
  const brief = openBrief<Value>({ clock, untilOf: (v) => v.until, sizeOf: (v) => v.size, atMost });
  return { time, brief };
};

test("what is over goes when the next one comes, and what is not stays", () => {
  const { time, brief } = openAt(100);
  for (const key of ["a", "b", "c"]) brief.set(key, { until: 1_100, size: 1 });
  time.now = 1_050;
  brief.set("a", { until: 1_150, size: 1 });
  assert.equal(brief.size, 3);
  time.now = 1_120;
  brief.set("d", { until: 1_220, size: 1 });
  assert.deepEqual([brief.size, brief.get("a")?.until, brief.get("b")], [2, 1_150, undefined]);
});

test("what is over goes by itself when nothing comes any more", async () => {
  const { time, brief } = openAt(100);
  brief.set("a", { until: 1_100, size: 1 });
  time.now = 1_100;
  for (const until = performance.now() + 5_000; brief.size > 0 && performance.now() < until; )
    await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(brief.size, 0);
});

test("the oldest go where there is too much, and what is too large is not kept", () => {
  const { brief } = openAt(80);
  for (let i = 0; i < 20; i++) brief.set(String(i), { until: 9_000, size: 10 });
  assert.deepEqual([brief.size, brief.get("11"), brief.get("12")?.size], [8, undefined, 10]);
  brief.set("19", { until: 9_000, size: 11 });
  assert.equal(brief.get("19"), undefined);
  brief.set("20", { until: 9_000, size: 10 });
  assert.equal(brief.size, 8);
  brief.clear();
  brief.set("21", { until: 9_000, size: 10 });
  assert.equal(brief.size, 1);
});
