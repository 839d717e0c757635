import assert from "node:assert/strict";
import { test } from "node:test";
import { randomFor } from "#demo/random";
import { zipf } from "./popularity.ts";

test("ranks are drawn in proportion to 1 / rank^exponent", () => {
  const size = 1_000;
  const draws = 400_000;
  const popularity = zipf(size, 0.8);
  const random = randomFor("zipf", 1);
  const counts = new Array<number>(size).fill(0);
  for (let i = 0; i < draws; i++) {
    const rank = popularity.draw(random);
    counts[rank] = (counts[rank] ?? 0) + 1;
  }
  const sum = counts.map((_, rank) => (rank + 1) ** -0.8).reduce((a, b) => a + b, 0);
  for (const rank of [0, 1, 9, 99]) {
    const expected = ((rank + 1) ** -0.8 / sum) * draws;
    const drawn = counts[rank] ?? 0;
    assert.ok(
      Math.abs(drawn - expected) < 5 * Math.sqrt(expected),
      `rank ${rank}: ${drawn}, expected ${expected}`,
    );
  }
});

test("every rank can be drawn, and none beyond", () => {
  const edge = (value: number) =>
    zipf(3).draw({ ...randomFor("edge"), next: () => value, integer: () => 0, between: () => 0 });
  assert.equal(edge(0), 0);
  assert.equal(edge(1 - 2 ** -53), 2);
  assert.throws(() => zipf(0), RangeError);
});
