import { randomBytes } from "node:crypto";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { schemas, setUpDatabase } from "#apps/server/set-up";
import { startPostgres } from "#launcher/postgres/start";
import type { Database } from "#platform/database/api";
import { openPg } from "#platform/database/drivers/pg";
import { connectAdministrator, createDatabase } from "#platform/database/drivers/pg-administrator";

/** A real server that tests share: given by the test command, or started for the one file that is being run. */
export interface TestServer {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

const variable = "STOREY_TEST_SERVER";
const template = "storey_template";
/** Roles belong to the whole server, so every database on it uses the same passwords. */
export const testPassword = (domain: string): string => `test-only-${domain}`;

/** Starts a server in a directory that vanishes with it. `stop` removes everything. */
export async function startTestServer(
  from: "embedded" | "distribution" = "embedded",
): Promise<TestServer & { pid: number; kill9(): void; stop(): Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), "storey-test-"));
  await chmod(directory, 0o711);
  const password = randomBytes(16).toString("hex");
  const running = await startPostgres({
    dataDir: join(directory, "postgres"),
    from,
    superuserPassword: password,
  });
  const server = { host: running.socketDir, port: running.port, user: running.superuser.user, password };
  await setUpDatabase(server, template, testPassword);
  return {
    ...server,
    pid: running.pid,
    kill9: () => running.kill9(),
    stop: async () => {
      await running.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

let own: ReturnType<typeof startTestServer> | undefined;
after(async () => {
  if (own) await (await own).stop();
});

async function sharedServer(): Promise<TestServer> {
  const given = process.env[variable];
  if (given) return JSON.parse(given) as TestServer;
  own ??= startTestServer();
  return own;
}

/** How the test command hands its server to the files it runs. */
export const serverForChildren = (server: TestServer): Record<string, string> => ({
  [variable]: JSON.stringify({
    host: server.host,
    port: server.port,
    user: server.user,
    password: server.password,
  }),
});

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
  const outside = await connectAdministrator({ ...server, database: "postgres" });
  // Two copies of one template at once are refused by the server; an advisory lock lines them up.
  await outside.run("select pg_advisory_lock(4711)");
  await createDatabase(outside, name, template);
  await outside.run(
    `select pg_advisory_unlock(4711); revoke all on database "${name}" from public;
     ${schemas
       .map(
         (d) => `grant connect on database "${name}" to "storey_${d}";
       alter role "storey_${d}" in database "${name}" set search_path = "${d}"`,
       )
       .join(";\n")}`,
  );
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
      await outside.run(`drop database "${name}" with (force)`);
      await outside.close();
    },
  };
}
