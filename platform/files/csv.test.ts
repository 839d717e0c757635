import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type CsvProblem, type CsvRow, readCsv } from "./csv.ts";

async function read(text: string | Buffer, chunk = 65_536): Promise<(CsvRow | CsvProblem)[]> {
  const bytes = Buffer.from(text);
  const chunks = Array.from({ length: Math.ceil(bytes.length / chunk) }, (_, i) =>
    bytes.subarray(i * chunk, (i + 1) * chunk),
  );
  return Array.fromAsync(readCsv(chunks));
}

const isRow = (found: CsvRow | CsvProblem): found is CsvRow => "fields" in found;

test("rows keep their lines when fields hold newlines, LF or CRLF, and between empty lines", async () => {
  const text = '\ufeffa,b\r\n\r\n1,"x\r\ny\nz"\n\n"2",""\r\n3,4';
  for (let chunk = 1; chunk <= Buffer.from(text).length; chunk++) {
    assert.deepEqual(
      (await read(text, chunk)).filter(isRow).map(({ line, fields }) => [line, ...fields]),
      [
        [1, "a", "b"],
        [3, "1", "x\r\ny\nz"],
        [7, "2", ""],
        [8, "3", "4"],
      ],
      `in pieces of ${chunk} bytes`,
    );
  }
});

const field = fc.string({
  unit: fc.constantFrom("a", "é", "亚", "😀", ",", '"', "\n", "\r\n", " ", ";", "'", "\t"),
  maxLength: 6,
});
const table = fc.array(fc.array(field, { minLength: 1, maxLength: 4 }), { maxLength: 8 });

test("what is written is read, with its line, whatever it is cut into", async () => {
  await fc.assert(
    fc.asyncProperty(
      table,
      fc.constantFrom("\n", "\r\n"),
      fc.boolean(),
      fc.integer({ min: 1, max: 40 }),
      async (rows, eol, bom, chunk) => {
        const written = rows.map((fields) =>
          fields.map((text) => `"${text.replaceAll('"', '""')}"`).join(","),
        );
        const text = (bom ? "\ufeff" : "") + written.map((row) => row + eol).join("");
        let at = 0;
        let line = 1;
        const expected = rows.flatMap((fields, i) => {
          const row = { line, fields };
          at += Buffer.byteLength(written[i] + eol);
          line += (written[i] + eol).split("\n").length - 1;
          return fields.length === 1 && fields[0] === "" ? [] : [{ ...row, end: at + (bom ? 3 : 0) }];
        });
        assert.deepEqual(await read(text, chunk), expected);
      },
    ),
    { numRuns: 400 },
  );
});

test("a quote out of place is a problem of its line, and what is readable after it is read", async () => {
  const found = await read('a,b\n1,27" wide\n2,"so "called" name"\n3,ok\n4,"fine"\n');
  assert.deepEqual(
    found.map((each) => (isRow(each) ? [each.line, ...each.fields] : [each.line, "problem"])),
    [
      [1, "a", "b"],
      [2, "problem"],
      [3, "problem"],
      [4, "3", "ok"],
      [5, "4", "fine"],
    ],
  );
});

test("a quote that is never closed ends the reading, at the file's end or after a megabyte", async () => {
  const short = await read('a,b\n1,2\n3,"open\n4,5\n');
  assert.deepEqual(
    short.map(({ line }) => line),
    [1, 2, 3],
  );
  assert.deepEqual({ ...short.at(-1), problem: "" }, { line: 3, problem: "", last: true });

  let taken = 0;
  async function* endless() {
    yield Buffer.from('a,b\n1,2\n3,"open\n');
    for (;;) {
      taken += 65_536;
      yield Buffer.alloc(65_536, "x,y\n");
    }
  }
  const long = await Array.fromAsync(readCsv(endless()));
  assert.deepEqual(
    long.map(({ line }) => line),
    [1, 2, 3],
  );
  assert.ok(taken < 2_000_000, `${taken} bytes were taken`);
});

test("an empty file has no rows, and a source that breaks breaks the reading", async () => {
  assert.deepEqual(await read(""), []);
  async function* broken() {
    yield Buffer.from("a,b\n");
    throw new Error("the disk is gone");
  }
  await assert.rejects(Array.fromAsync(readCsv(broken())), /the disk is gone/);
});
