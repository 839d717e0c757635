import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import { whySkip } from "#launcher/postgres/scratch-server";
import { openTestDatabase, type TestDatabase } from "#tests/support/database";
import { startTestServer } from "#tests/support/server";
import { connectAdministrator } from "./pg-administrator.ts";
import { copyIn, copyOut } from "./pg-copy.ts";
import { levelOf, openSnapshot, openTarget } from "./pg-portable.ts";

/** One row an element. */
async function taken(rows: AsyncIterable<Buffer>): Promise<Buffer[]> {
  const all: Buffer[] = [];
  for await (const some of rows) {
    assert.equal(some.at(-1), 10);
    all.push(
      ...some
        .toString("latin1")
        .slice(0, -1)
        .split("\n")
        .map((row) => Buffer.from(`${row}\n`, "latin1")),
    );
  }
  return all;
}

const each = async function* <T>(items: Iterable<T>) {
  yield* items;
};

describe("rows that travel", () => {
  let db: TestDatabase;
  before(async () => {
    db = await openTestDatabase();
  });
  after(() => db.close());
  const server = () => ({ ...db.server, database: db.name });

  it("arrive as they left, whatever is in them", async () => {
    const admin = await connectAdministrator(server());
    try {
      await admin.run(`create table "odd name" (a text, b jsonb, c bigint[], d timestamptz, e bytea, f float8, g tsvector);
        create table arrived (like "odd name")`);
      const text = fc.oneof(
        fc.string({ unit: "binary" }).map((s) => s.replaceAll("\0", "").toWellFormed()),
        fc.constantFrom("\\N", "\\.", "a\tb\nc\rd\\e", "", '","', "杯子"),
      );
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(text, fc.double({ noNaN: true })), { minLength: 1 }),
          async (all) => {
            await admin.run(`truncate "odd name", arrived`);
            for (const [word, number] of all) {
              await admin.client.query(
                `insert into "odd name" values ($1::text, to_jsonb(array[$1::text, null]), array[1, null, 9007199254740993],
                '2026-05-01T10:00:00.123456Z', convert_to($1, 'UTF8'), $2, to_tsvector('english', 'cups and saucers'))`,
                [word, number],
              );
            }
            const rows = await taken(copyOut(admin.client, `copy "odd name" to stdout`));
            assert.equal(rows.length, all.length);
            assert.equal(await copyIn(admin.client, "copy arrived from stdin", each(rows)), all.length);
            const lost = await admin.run(
              `(table "odd name" except all table arrived) union all (table arrived except all table "odd name")`,
            );
            assert.deepEqual(lost, []);
          },
        ),
        { numRuns: 15 },
      );
    } finally {
      await admin.close();
    }
  });

  it("wait for a slow reader, and one that leaves early", async () => {
    const admin = await connectAdministrator(server());
    const text = "copy (select repeat('x', 1000) from generate_series(1, 20000)) to stdout";
    let bytes = 0;
    for await (const some of copyOut(admin.client, text)) {
      bytes += some.length;
      assert.ok(some.length < 2 << 20, `${some.length} bytes at once`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    assert.equal(bytes, 20_000 * 1_001);
    for await (const _ of copyOut(admin.client, text)) break;
    await admin.close();
  });

  it("say why they could not be copied, and leave the connection usable", async () => {
    const admin = await connectAdministrator(server());
    try {
      await admin.run("create table whole (n int primary key)");
      await assert.rejects(
        taken(copyOut(admin.client, "copy nowhere to stdout")),
        /"nowhere" does not exist/,
      );
      await assert.rejects(
        copyIn(admin.client, "copy whole from stdin", each([Buffer.from("one\n")])),
        /invalid input/,
      );
      const broken = async function* () {
        yield Buffer.from("1\n");
        throw new Error("the file ended");
      };
      await assert.rejects(copyIn(admin.client, "copy whole from stdin", broken()), /the file ended/);
      assert.deepEqual(await admin.run("select count(*)::int as n from whole"), [{ n: 0 }]);
    } finally {
      await admin.close();
    }
  });

  it("belong to one moment, whatever is written meanwhile", async () => {
    await db.admin(`insert into "order".applied select 0, 'x', n, 100 from generate_series(1, 1000) n`);
    let writing = true;
    const move = async () => {
      const admin = await connectAdministrator(server());
      for (let n = 0; writing; n = (n + 1) % 999) {
        await admin.run(`update "order".applied set version = version + case when aggregate = ${n + 1} then 1 else -1 end
          where aggregate in (${n + 1}, ${n + 2})`);
      }
      await admin.close();
    };
    const mover = move();
    try {
      for (let round = 0; round < 10; round += 1) {
        const snapshot = await openSnapshot(server());
        const schema = snapshot.schemas.find((each) => each.name === "order")!;
        const table = schema.tables.find((each) => each.name === "applied")!;
        assert.deepEqual(table.columns, ["bucket", "source", "aggregate", "version"]);
        for (let again = 0; again < 2; again += 1) {
          const rows = await taken(snapshot.rows(schema, table));
          const sum = rows.reduce((total, row) => total + Number(row.toString().trim().split("\t")[3]), 0);
          assert.deepEqual([rows.length, sum], [1_000, 100_000]);
        }
        await snapshot.close();
      }
    } finally {
      writing = false;
      await mover;
    }
  });

  it("replace what a migration put into a table", async () => {
    await db.admin("create table cart.given (n int primary key); insert into cart.given values (1)");
    const target = await openTarget(server());
    try {
      const rows = each([Buffer.from("2\n"), Buffer.from("3\n")]);
      assert.equal(await target.load("cart", { name: "given", columns: ["n"] }, rows), 2);
    } finally {
      await target.close();
    }
    assert.deepEqual(await db.admin("select n from cart.given order by n"), [{ n: 2 }, { n: 3 }]);
  });
});

describe("rows of one version of PostgreSQL", async () => {
  it("are those of another", { skip: await whySkip("distribution") }, async () => {
    const other = await startTestServer("distribution");
    const [here, there] = [await openTestDatabase(), await openTestDatabase({ server: other })];
    const at = (db: TestDatabase) => ({ ...db.server, database: db.name });
    const make = `create table sandbox.odd (n int primary key, a text, b jsonb, c text[], d timestamptz, e bytea, f float8, g tsvector, h numeric, i date)`;
    try {
      await here.admin(`${make}; insert into sandbox.odd select n, repeat('杯\n\\', n), jsonb_build_object('n', n, 'f', n / 7.0),
        array['a,b', null, '"', ''], '2026-05-01T10:00:00.123456Z'::timestamptz + n * interval '1 s', convert_to('é', 'UTF8'),
        n / 7.0::float8, to_tsvector('english', 'cups and saucers'), n / 3.0, '2026-02-28'::date + n from generate_series(1, 200) n`);
      await there.admin(make);
      const all =
        "select md5(string_agg(odd::text, ',' order by n)) as sum, count(*)::int as n from sandbox.odd";
      const expected = await here.admin(`set timezone = 'UTC'; ${all}`);
      for (const [from, to] of [
        [here, there],
        [there, here],
      ] as const) {
        const snapshot = await openSnapshot(at(from));
        const target = await openTarget(at(to));
        const schema = snapshot.schemas.find((each) => each.name === "sandbox")!;
        for (const table of schema.tables) await target.load("sandbox", table, snapshot.rows(schema, table));
        await target.finish();
        await Promise.all([snapshot.close(), target.close()]);
        assert.deepEqual(await to.admin(`set timezone = 'UTC'; ${all}`), expected);
      }
    } finally {
      await here.close();
      await there.close();
      await other.stop();
    }
  });
});

describe("the level of a schema", () => {
  const known = [
    { name: "001-create.sql", text: "create table a (n int primary key)" },
    { name: "002-more.sql", text: "create table b (n int primary key)" },
  ];
  const schema = (...migrations: { name: string; digest: string }[]) => ({
    name: "a",
    tables: [],
    migrations,
  });
  const first = { name: "001-create.sql", digest: "a04c20a06054388b" };

  it("is as many files as it has had", () => {
    assert.deepEqual(levelOf(schema(first), known), { kind: "known", migrations: known.slice(0, 1) });
  });

  it("is refused when a file is not ours, or not as it was", () => {
    const newer = schema(first, { name: "002-other.sql", digest: first.digest });
    assert.deepEqual(levelOf(newer, known), { kind: "newer", migration: "002-other.sql" });
    const altered = schema({ ...first, digest: "0000000000000000" });
    assert.deepEqual(levelOf(altered, known), { kind: "altered", migration: "001-create.sql" });
  });
});
