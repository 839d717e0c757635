import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { highest } from "./search.ts";

test("the highest rate that holds is found to the asked nearness, from wherever one begins", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.double({ min: 1, max: 5_000, noNaN: true }),
      fc.double({ min: 0.5, max: 200, noNaN: true }),
      async (capacity, from) => {
        fc.pre(capacity > from / 30);
        const tried = await highest({ from, within: 1.1, upTo: 100_000 }, async (rate) => ({
          held: rate <= capacity,
          found: rate,
        }));
        const best = Math.max(...tried.filter(({ held }) => held).map(({ rate }) => rate));
        assert.ok(best <= capacity && best * 1.1 >= capacity, `${best} of ${capacity}`);
        assert.ok(tried.length < 30);
      },
    ),
  );
});

test("where nothing holds, that is known after a few tries", async () => {
  const tried = await highest({ from: 10, within: 1.1, upTo: 1_000 }, async () => ({
    held: false,
    found: 0,
  }));
  assert.ok(tried.length < 10 && tried.every(({ held }) => !held));
});

test("what holds all the way up ends at the top", async () => {
  const tried = await highest({ from: 10, within: 1.1, upTo: 1_000 }, async () => ({ held: true, found: 0 }));
  assert.equal(tried.at(-1)?.rate, 1_000);
});
