import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import fc from "fast-check";
import { newContext } from "#kernel/context";
import { openTestDatabase, type TestDatabase } from "#tests/support/database";
import { type Reader, sql } from "../api.ts";

const echo = sql(
  "echo",
  `select $1::text as text, $2::text[] as texts, $3::bigint[] as ids, $4::int[] as numbers, $5::boolean[] as flags,
     $6::timestamptz as at, $7::timestamptz[] as times, $8::json as doc, $9::jsonb[] as docs`,
);
const rows = sql("rows", "select n, 'row ' || n as text from generate_series(1, $1::int) as n");
const part = sql("part", "select 1 / ($1::int - n) as x from generate_series(1, 3) as n");

const anyText = fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\0"));
const texts = fc.array(
  fc.option(fc.oneof(anyText, fc.constantFrom("", "NULL", "null", '"', "\\", "{a,b}", " ", "007"))),
);
const times = fc.date({ min: new Date(0), max: new Date("9999-12-31"), noInvalidDate: true });

describe("a prepared statement", () => {
  let db: TestDatabase;
  let on: Reader;
  before(async () => {
    db = await openTestDatabase();
    on = db.database.store("shop").write(newContext({ deadline: Date.now() + 60_000, trace: "test" }), 0);
  });
  after(() => db.close());

  test("is given what was said, whatever it is", async () => {
    const ids = fc.array(fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }).map(String));
    const integers = fc.array(fc.option(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })));
    const given = fc.tuple(
      fc.option(anyText),
      texts,
      ids,
      integers,
      fc.array(fc.boolean()),
      times,
      fc.array(times),
    );
    await fc.assert(
      fc.asyncProperty(given, texts, async ([text, list, keys, numbers, flags, at, dates], docs) => {
        const doc = JSON.stringify({ docs });
        const all = docs.map((each) => JSON.stringify({ each }));
        const [row] = await on.all(echo, [text, list, keys, numbers, flags, at, dates, doc, all]);
        assert.deepEqual(row, {
          ...{ text, texts: list, ids: keys, numbers, flags, at, times: dates },
          ...{ doc: { docs }, docs: docs.map((each) => ({ each })) },
        });
      }),
      { numRuns: 50 },
    );
  });

  test("answers with all its rows, sent at once with others and again", async () => {
    for (let turn = 0; turn < 3; turn++) {
      const answers = await Promise.all([3, 0, 200, 1].map((count) => on.all<{ n: number }>(rows, [count])));
      assert.deepEqual(
        answers.map((answer) => answer.map(({ n }) => n)),
        [3, 0, 200, 1].map((count) => Array.from({ length: count }, (_, i) => i + 1)),
      );
    }
  });

  test("that fails midway fails alone, and can be asked again", async () => {
    for (let turn = 0; turn < 2; turn++) {
      const [failed, done] = await Promise.allSettled([on.all(part, [3]), on.all(part, [4])]);
      assert.equal(failed.status, "rejected");
      assert.match(String((failed as PromiseRejectedResult).reason), /division by zero/);
      assert.equal(done.status, "fulfilled");
    }
    await assert.rejects(async () => on.all(part, [new Date(Number.NaN)]), RangeError);
    assert.equal((await on.all(part, [4])).length, 3);
  });

  test("keeps its name for itself", async () => {
    await on.all(rows, [1]);
    await assert.rejects(on.all(sql("rows", "select 1 as n"), []), /name "rows" is that of another/);
  });
});
