import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { schemas } from "#apps/server/set-up";
import { connectAdministrator } from "#platform/database/drivers/pg-administrator";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { testPassword } from "../support/server.ts";

describe("a domain's role", () => {
  let db: TestDatabase;
  before(async () => {
    db = await openTestDatabase();
  });
  after(() => db.close());

  for (const schema of schemas) {
    it(`storey_${schema} touches its own schema and nothing else`, async () => {
      const own = await connectAdministrator({
        host: db.server.host,
        port: db.server.port,
        database: db.name,
        user: `storey_${schema}`,
        password: testPassword(schema),
      });
      try {
        const [table] = await db.admin(
          `select tablename from pg_tables where schemaname = '${schema}' and tablename <> 'migration' limit 1`,
        );
        await own.run(`select 1 from "${String(table?.["tablename"])}" limit 1`);
        for (const other of schemas) {
          if (other === schema) continue;
          const [theirs] = await db.admin(
            `select tablename from pg_tables where schemaname = '${other}' and tablename <> 'migration' limit 1`,
          );
          const target = `"${other}"."${String(theirs?.["tablename"])}"`;
          await assert.rejects(own.run(`select 1 from ${target}`), /permission denied/, target);
          await assert.rejects(own.run(`delete from ${target}`), /permission denied/, target);
        }
        await assert.rejects(own.run("create table own_table (x int)"), /permission denied/);
        await assert.rejects(own.run("create table public.t (x int)"), /permission denied/);
        await assert.rejects(own.run("create schema extra"), /permission denied/);
        await assert.rejects(own.run(`select * from "${schema}".migration`), /permission denied/);
        await assert.rejects(own.run("set role storey"), /permission denied/);
      } finally {
        await own.close();
      }
    });
  }

  it("finds no foreign key that crosses schemas", async () => {
    const crossing = await db.admin(
      `select conname from pg_constraint c join pg_class a on a.oid = c.conrelid join pg_class b on b.oid = c.confrelid
       where c.contype = 'f' and a.relnamespace <> b.relnamespace`,
    );
    assert.deepEqual(crossing, []);
  });
});
