import { randomBytes } from "node:crypto";
import { after } from "node:test";
import { schemas } from "#apps/server/set-up";
import type { Database } from "#platform/database/api";
import { openPg } from "#platform/database/drivers/pg";
import { connectAdministrator, createDatabase } from "#platform/database/drivers/pg-administrator";
import { startTestServer, type TestServer, template, testPassword, variable } from "./server.ts";

let own: ReturnType<typeof startTestServer> | undefined;
after(async () => (await own)?.stop());

async function sharedServer(): Promise<TestServer> {
  const given = process.env[variable];
  if (given) return JSON.parse(given) as TestServer;
  own ??= startTestServer();
  return own;
}

/** An empty, migrated database of its own, with a store for every domain. Close it when the test is over. */
export interface TestDatabase {
  readonly database: Database;
  readonly name: string;
  readonly server: TestServer;
  /** Runs a statement as the owner of everything: for looking where no door looks, and for damaging data on purpose. */
  admin(text: string): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

/** Makes one from the migrated template: about 50 ms. Pass a `server` to choose which. */
export async function openTestDatabase(options: { server?: TestServer } = {}): Promise<TestDatabase> {
  const server = options.server ?? (await sharedServer());
  const name = `storey_${randomBytes(6).toString("hex")}`;
  const outside = () => connectAdministrator({ ...server, database: "postgres" });
  const making = await outside();
  // Two copies of one template at once are refused by the server; an advisory lock lines them up.
  await making.run("select pg_advisory_lock(4711)");
  await createDatabase(making, name, template);
  await making.run(
    `select pg_advisory_unlock(4711); revoke all on database "${name}" from public;
     ${schemas
       .map(
         (d) => `grant connect on database "${name}" to "storey_${d}";
       alter role "storey_${d}" in database "${name}" set search_path = "${d}"`,
       )
       .join(";\n")}`,
  );
  await making.close();
  const database = openPg({
    host: server.host,
    port: server.port,
    database: name,
    domains: schemas,
    password: testPassword,
    connections: 36,
    statementTimeoutMs: 10_000,
    log: () => undefined,
  });
  const inside = await connectAdministrator({ ...server, database: name });
  return {
    database,
    name,
    server,
    admin: (text) => inside.run(text),
    close: async () => {
      await inside.close();
      await database.close();
      const dropping = await outside();
      await dropping.run(`drop database "${name}" with (force)`);
      await dropping.close();
    },
  };
}
