import assert from "node:assert/strict";
import { test } from "node:test";
import { median } from "./markdown.ts";

test("the median is the middle one, or the mean of the two in the middle", () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([4, 1, 9, 2]), 3);
  assert.equal(median([7]), 7);
  assert.throws(() => median([]), RangeError);
});
