import assert from "node:assert/strict";
import { test } from "node:test";
import { randomFor } from "#demo/random";
import { everybody, poisson, randomOf, surging } from "./arrivals.ts";

test("the same seed brings the same people at the same moments, who draw the same", () => {
  const stream = (seed: number) =>
    [...poisson(500, 2_000, seed)].map((arrival) => [arrival, randomOf(seed, arrival).next()]);
  assert.deepEqual(stream(7), stream(7));
  assert.notDeepEqual(stream(7), stream(8));
});

test("arrivals are Poisson: at their rate, with gaps whose deviation equals their mean", () => {
  const times = [...poisson(1_000, 60_000, 1)].map(({ atMs }) => atMs);
  assert.ok(Math.abs(times.length - 60_000) < 4 * Math.sqrt(60_000), `${times.length} came`);
  const gaps = times.slice(1).map((atMs, i) => atMs - (times[i] ?? 0));
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
  assert.ok(Math.abs(deviation / mean - 1) < 0.03, `deviation ${deviation}, mean ${mean}`);
  assert.ok(gaps.every((gap) => gap >= 0));
});

test("a surge brings so many times as many from its moment on, and the ordinary rate before", () => {
  const times = [...surging(100, 60_000, 1, { fromMs: 30_000, times: 10 })].map(({ atMs }) => atMs);
  const before = times.filter((atMs) => atMs < 30_000).length;
  assert.ok(Math.abs(before - 3_000) < 4 * Math.sqrt(3_000), `${before} came before`);
  assert.ok(
    Math.abs(times.length - before - 30_000) < 4 * Math.sqrt(30_000),
    `${times.length - before} came after`,
  );
});

test("everybody comes within a second, each once", () => {
  const all = [...everybody(250, 2_000)];
  assert.deepEqual(
    all.map(({ index }) => index),
    [...Array(250).keys()],
  );
  assert.ok(all.every(({ atMs }) => atMs >= 2_000 && atMs < 3_000));
});

test("a longer run begins as a shorter one", () => {
  const short = [...poisson(300, 1_000, 3)];
  assert.deepEqual([...poisson(300, 2_000, 3)].slice(0, short.length), short);
});

test("what one arrival draws does not depend on the others", () => {
  const arrival = { index: 41, atMs: 5 };
  assert.equal(randomOf(1, arrival).next(), randomFor("arrival", 1, 41).next());
});
