import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { bucketOf, fromBigint, type Id, isId, newId, timeOf, toBigint } from "./id.ts";

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
const any = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });
const edges = [0n, 1n, 999_999_999n, 1_000_000_000n, 2n ** 30n, 2n ** 46n, 2n ** 62n, 2n ** 63n - 1n];

/** What an id is, said with bigints: 13 digits of 5 bits. */
function plainly(value: bigint): string {
  let text = "";
  for (let shift = 60n; shift >= 0n; shift -= 5n) text += alphabet[Number((value >> shift) & 31n)];
  return text;
}

test("an id is the number of the database in 13 characters, there and back, without a bit lost", () => {
  const holds = (value: bigint) => {
    const id = fromBigint(value.toString());
    assert.equal(id, plainly(value));
    assert.ok(isId(id));
    assert.equal(toBigint(id), value.toString());
  };
  for (const value of edges) holds(value);
  fc.assert(fc.property(any, holds), { numRuns: 5_000 });
});

test("an id carries its bucket and its time, and sorts by the number it is", () => {
  const from = Date.UTC(2026, 0, 1);
  const times = fc.integer({ min: from, max: from + 2 ** 41 - 1 });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1023 }), times, (bucket, at) => {
      const id: Id<"x"> = newId(bucket, at);
      assert.equal(bucketOf(id), bucket);
      assert.equal(timeOf(id), at);
    }),
  );
  fc.assert(fc.property(any, any, (a, b) => assert.equal(plainly(a) < plainly(b), a < b)));
});
