import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatPosition, unknownPosition } from "#platform/database/position";
import { testSeed } from "#tests/support/test-seed";
import { formatReadToken, parseReadToken } from "./read-token.ts";

const hex = (length: number, digits: string) =>
  fc.string({ unit: fc.constantFrom(...digits), minLength: length, maxLength: length });
const position = fc.oneof(
  fc.constant(unknownPosition),
  fc
    .record({
      incarnation: hex(8, "0123456789abcdef"),
      timeline: fc.integer({ min: 1, max: 4_294_967_295 }),
      at: hex(16, "0123456789ABCDEF"),
    })
    .map(formatPosition),
);
const domain = fc.constantFrom("account", "cart", "order", "payment", "settlement");

test("a read token comes back as it was handed out, and says nothing that a cookie would escape", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(domain, position), { selector: ([name]) => name }), (entries) => {
      const token = new Map(entries);
      const text = formatReadToken(token);
      assert.equal(encodeURIComponent(text), text);
      assert.ok(text.length <= 1_000);
      assert.deepEqual(parseReadToken(text), token);
    }),
    { seed: testSeed },
  );
});

test("what nobody was handed is no token", () => {
  const good = "order_9f3a01bc.2.00000000016B3748";
  assert.equal(parseReadToken(good).size, 1);
  const bad = ["", "order", `${good}~`, `${good}~x`, good.toLowerCase(), `${good} `, "__proto___-".repeat(2)];
  const many = Array.from({ length: 17 }, (_, i) => `${"abcdefghijklmnopq"[i]}_-`).join("~");
  for (const text of [...bad, many, `${good}~`.repeat(40)]) assert.equal(parseReadToken(text).size, 0, text);
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), (text) => parseReadToken(text).size <= 1),
    { seed: testSeed },
  );
});
