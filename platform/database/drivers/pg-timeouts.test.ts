import assert from "node:assert/strict";
import { test } from "node:test";
import { openTestDatabase } from "#tests/support/database";
import { testPassword } from "#tests/support/server";
import { allBuckets, sql } from "../api.ts";
import { openPg } from "./pg.ts";

const sleep = sql("sleep", "select pg_sleep($1)");

test("a statement that takes too long, and a transaction that rests too long, are given up by the server", async () => {
  const db = await openTestDatabase();
  const database = openPg({
    ...{ host: db.server.host, port: db.server.port, database: db.name, password: testPassword },
    ...{ domains: ["shop"], connections: 2, statementTimeoutMs: 300, log: () => undefined },
  });
  try {
    const all = database.store("shop").sweep(allBuckets);
    const started = performance.now();
    await assert.rejects(all.all(sleep, [30]), /statement timeout/);
    await assert.rejects(
      all.transaction(async (transaction) => {
        await transaction.all(sleep, [0]);
        await new Promise((resolve) => setTimeout(resolve, 1_500));
        await transaction.all(sleep, [0]);
      }),
    );
    assert.ok(performance.now() - started < 20_000, "nobody waited for it to end by itself");
    assert.equal((await all.all(sleep, [0])).length, 1, "the next one is answered");
  } finally {
    await database.close();
    await db.close();
  }
});
