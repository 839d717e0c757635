import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { makeScratchServer, type ScratchServer } from "#launcher/postgres/scratch-server";
import { drivePg, makeLabDatabase } from "./client.ts";
import type { DatabaseServer } from "./limit.ts";
import { drivePgbench, findPgbench } from "./pgbench.ts";
import { boundText, hotRow, oneStatementOrder, pgbenchScript, pointRead } from "./statements.ts";

test("a statement is the same for pgbench and for a client that binds", () => {
  assert.match(pgbenchScript(oneStatementOrder), /^\\set a random\(1, 100000\)\n/);
  assert.match(pgbenchScript(oneStatementOrder), /\nselect place_order\(:a, :b, :c\);\n$/);
  assert.equal(boundText(oneStatementOrder), "select place_order($1::int, $2::int, $3::int)");
});

describe("raw limits on a real server", () => {
  let place: ScratchServer;
  let server: DatabaseServer;
  let pgbench: string | undefined;
  before(async () => {
    place = makeScratchServer();
    const { socketDir: host, port, superuser, pid } = await place.start();
    server = { host, port, user: superuser.user, password: superuser.password, postmasterPid: pid };
    pgbench = await findPgbench();
  });
  after(() => place[Symbol.asyncDispose]());

  for (const statement of [pointRead, oneStatementOrder, hotRow]) {
    const options = { statement, clients: 2, forMs: 300, seed: 1 };
    test(`${statement.name} through pg`, async () => {
      await using database = await makeLabDatabase(server, await ordersSql());
      const driven = await drivePg(server, { ...options, database: database.name });
      assert.ok(driven.operations > 10, `${driven.operations} operations`);
    });

    test(`${statement.name} through pgbench`, async (t) => {
      if (!pgbench) return t.skip("this machine has no pgbench; Debian has it in the package postgresql");
      await using database = await makeLabDatabase(server, await ordersSql());
      const driven = await drivePgbench(pgbench, server, { ...options, database: database.name });
      assert.ok(driven.operations > 10 && driven.perSecond > 10);
    });
  }
});

const ordersSql = () => readFile(join(import.meta.dirname, "orders.sql"), "utf8");
