import assert from "node:assert/strict";
import { test } from "node:test";
import { differenceOf } from "./wire.ts";

const reserve = { door: "inventory", operation: "reserve" };
const answer = (lines: Record<string, boolean>) =>
  JSON.stringify({
    outcome: Object.entries(lines).map(([id, reserved]) => ({ id, reserved, available: 1 })),
  });
const differs = (one: Record<string, boolean>, other: Record<string, boolean>) =>
  differenceOf(reserve, answer(one), answer(other)) !== undefined;

test("a reservation is answered alike twice, but for what was given back because another line was refused", () => {
  assert.equal(differs({ a: true, b: true }, { a: true, b: true }), false);
  assert.equal(differs({ a: true, b: false }, { a: false, b: false }), false);
  assert.equal(differs({ a: false, b: false }, { a: true, b: false }), false);
  assert.equal(differs({ a: true, b: true }, { a: false, b: true }), true);
  assert.equal(differs({ a: true, b: true }, { a: false, b: false }), true);
  assert.equal(differs({ a: true, b: false }, { a: false, b: true }), true);
  assert.equal(differs({ a: true }, { b: true }), true);
});
