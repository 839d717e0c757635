import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { openTestDatabase, type TestDatabase } from "#tests/support/database";
import { type Administrator, type Migration, migrateSchema } from "./migrate.ts";

const first: Migration = { name: "000-events.sql", text: "create table event (id int primary key)" };
const later: Migration = { name: "000-events-2.sql", text: "create index event_again on event (id)" };
const own: Migration = { name: "001-create.sql", text: "create table thing (id int primary key)" };
const more: Migration = { name: "002-more.sql", text: "alter table thing add column name text" };

describe("a schema that two series of files make", () => {
  let db: TestDatabase;
  let admin: Administrator;
  before(async () => {
    db = await openTestDatabase();
    admin = { run: (text) => db.admin(text) };
  });
  after(() => db.close());

  const migrate = (...migrations: Migration[]) =>
    migrateSchema(admin, {
      name: "twice_made",
      database: db.name,
      role: "storey_shop",
      password: "test-only-shop",
      migrations,
    });
  const had = async () =>
    (await db.admin("select name from twice_made.migration order by applied_at")).map((row) => row["name"]);

  it("gets what is new of either, wherever that stands among those it had", async () => {
    await migrate(first, own);
    await migrate(first, own, more);
    assert.deepEqual(await had(), [first.name, own.name, more.name]);
    await migrate(first, later, own, more);
    await migrate(first, later, own, more);
    assert.deepEqual(await had(), [first.name, own.name, more.name, later.name]);
  });

  it("is refused when it had one that is not known, or not as it is now", async () => {
    await assert.rejects(migrate(first, own, more), { code: "migration.newer" });
    const altered = { ...own, text: `${own.text};` };
    await assert.rejects(migrate(first, later, altered, more), { code: "migration.altered" });
  });

  it("keeps nothing of a file that fails, and goes on from there", async () => {
    const wrong = { name: "003-wrong.sql", text: "create table half (id int); create table half (id int)" };
    await assert.rejects(migrate(first, later, own, more, wrong), /003-wrong.sql failed/);
    assert.equal((await had()).length, 4);
    await migrate(first, later, own, more, { ...wrong, text: "create table half (id int primary key)" });
    assert.equal((await had()).length, 5);
  });
});
