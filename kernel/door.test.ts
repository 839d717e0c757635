import assert from "node:assert/strict";
import { test } from "node:test";
import { freeze, jsonOf, unread } from "./door.ts";
import { isRefusal } from "./refusal.ts";

const text = '{"id":"06ykwz8m5t0g2","options":{"size":"L"},"skus":[{"code":"a"},{"code":"b"}],"note":null}';
const read = JSON.parse(text) as { id: string; note: null; skus: { code: string }[] };

test("an answer that is kept as JSON is like the one that was written", async () => {
  const answer = unread<typeof read>(text);
  assert.deepEqual(answer, read);
  assert.deepEqual(await Promise.resolve(answer), read);
  assert.deepEqual({ ...answer, note: 1 }, { ...read, note: 1 });
  assert.equal(JSON.stringify(answer), text);
  assert.deepEqual(Object.keys(answer), Object.keys(read));
  assert.equal("refusal" in answer, false);
  assert.equal(isRefusal(answer), false);
  assert.equal(answer.skus[1]?.code, "b");
});

test("its JSON is had without reading it, and of no other answer", async () => {
  const broken = await Promise.resolve(unread<object>("not read"));
  assert.equal(jsonOf(broken), "not read");
  assert.equal(isRefusal(broken), false);
  for (const other of [read, { ...unread<object>(text) }, null, undefined, "text", 1, [text]]) {
    assert.equal(jsonOf(other), undefined);
  }
});

test("a cache leaves it unread, and freezes what is not", () => {
  const answer = unread<typeof read>(text);
  assert.equal(freeze(answer), answer);
  assert.ok(Object.isExtensible(answer) && Object.isFrozen(freeze({ skus: [] }).skus));
});

test("it can be frozen, and what it holds", () => {
  const answer = unread<typeof read>(text);
  for (const inner of Object.values(answer)) Object.freeze(inner);
  Object.freeze(answer);
  assert.ok(Object.isFrozen(answer) && Object.isFrozen(answer.skus));
  assert.deepEqual(answer, read);
  assert.deepEqual({ ...answer }, read);
  assert.equal(jsonOf(answer), text);
  assert.equal(JSON.stringify(answer), text);
  assert.throws(() => {
    (answer as { note: unknown }).note = 1;
  }, TypeError);
});

test("it cannot be changed, so that what is sent is what was read", () => {
  const answer = unread<{ note: unknown }>(text);
  assert.throws(() => {
    answer.note = 1;
  }, TypeError);
  assert.throws(() => Object.defineProperty(answer, "note", { value: 1 }), TypeError);
  assert.throws(() => (answer as unknown as { skus: unknown[] }).skus.push(1), TypeError);
  assert.deepEqual(answer, read);
});
