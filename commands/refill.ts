import { mkdir, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { AuditReport } from "#apps/operator/api";
import { auditShop } from "#apps/operator/audit";
import { compose } from "#apps/server/compose";
import { schemas, setUpDatabase } from "#apps/server/set-up";
import { defaultConnections, defaultPayWithinMs } from "#apps/server/settings";
import { systemClock } from "#kernel/clock";
import { describeInstance, pathsIn } from "#launcher/instance";
import { writeJson } from "#launcher/json-file";
import { loopback } from "#launcher/loopback";
import { startPostgres, stopOrphan } from "#launcher/postgres/start";
import { readSecrets, type Secrets, secretsName } from "#launcher/secrets";
import type { Manifest } from "#platform/backup/manifest";
import { readBackup } from "#platform/backup/read";
import { openPg, roleOf } from "#platform/database/drivers/pg";
import { connectAdministrator, createDatabase } from "#platform/database/drivers/pg-administrator";
import { openTarget } from "#platform/database/drivers/pg-portable";
import { closeToOthers, type Migration, migrateSchema } from "#platform/database/migrate";
import { count } from "./backup.ts";
import { databaseName } from "./instance.ts";

/** By schema, the files that bring it to where it was when it was backed up. */
export type Levels = Map<string, readonly Migration[]>;

export interface Refill {
  readonly path: string;
  readonly manifest: Manifest;
  readonly levels: Levels;
  readonly secrets: string;
  readonly name: string;
}

/** Steps for everybody, and what arrives in each table for those who want it. */
interface Says {
  say(line: string): void;
  detail(line: string): void;
}

interface Server {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

/**
 * Makes in an empty directory everything an instance consists of, from a backup that was found whole, and audits it.
 * Afterwards its database is stopped.
 */
export async function refill(
  place: string,
  what: Refill,
  { say, detail }: Says,
  signal: AbortSignal,
): Promise<AuditReport> {
  await loopback.putFile(join(place, secretsName), what.secrets, { mode: 0o600 });
  const secrets = await readSecrets(place);
  if (!secrets) throw new Error("the backup's secrets were not written");
  const password = (schema: string) => secrets.secret(`database ${schema}`);
  const { superuserPassword } = secrets;
  const { postgres: dataDir, files } = pathsIn(place);
  await loopback.putDirectory(files, { mode: 0o700 });
  const postgres = await startPostgres({ dataDir, from: "embedded", superuserPassword, log: detail });
  const { user, password: own } = postgres.superuser;
  const server = { host: postgres.socketDir, port: postgres.port, user, password: own };
  try {
    await makeSchemas(server, what.levels, password);
    await load(server, files, what, detail, signal);
    await setUpDatabase(server, databaseName, password);
    say("Auditing …");
    const report = await audit(server, secrets);
    await writeInstance(place, what);
    return report;
  } finally {
    await postgres.stop();
  }
}

/** Servers whose launcher was killed, of the data in place and of a restore that was interrupted. */
export async function stopOrphans(directory: string): Promise<void> {
  for (const at of [directory, join(directory, "restoring")]) await stopOrphan(pathsIn(at).postgres);
}

async function makeSchemas(
  server: Server,
  levels: Levels,
  password: (schema: string) => string,
): Promise<void> {
  const outside = await connectAdministrator({ ...server, database: "postgres" });
  await createDatabase(outside, databaseName).finally(() => outside.close());
  const inside = await connectAdministrator({ ...server, database: databaseName });
  try {
    await closeToOthers(inside, databaseName);
    for (const [name, migrations] of levels) {
      const role = { database: databaseName, role: roleOf(name), password: password(name) };
      await migrateSchema(inside, { name, ...role, migrations });
    }
  } finally {
    await inside.close();
  }
}

async function load(
  server: Server,
  files: string,
  { path, manifest }: Refill,
  detail: Says["detail"],
  signal: AbortSignal,
): Promise<void> {
  const target = await openTarget({ ...server, database: databaseName });
  const tables = new Map(
    manifest.schemas.flatMap((schema) =>
      schema.tables.map((table) => [`${schema.name}.${table.name}`, table]),
    ),
  );
  try {
    await readBackup(
      path,
      {
        secrets: async () => undefined,
        table: async (schema, name, rows) => {
          const table = tables.get(`${schema}.${name}`);
          if (!table) throw new Error(`${schema}.${name} is not in the manifest`);
          const loaded = await target.load(schema, table, rows);
          if (loaded !== table.rows)
            throw new Error(`${schema}.${name}: ${loaded} rows of ${table.rows} arrived`);
          detail(`${schema}.${name}: ${count(loaded)} rows`);
        },
        file: (name, bytes) => putFile(join(files, name), bytes),
      },
      signal,
    );
    await target.finish();
  } finally {
    await target.close();
  }
}

async function putFile(path: string, bytes: AsyncIterable<Buffer>): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, "wx", 0o644);
  try {
    for await (const piece of bytes) await file.writeFile(piece);
    await file.datasync();
  } finally {
    await file.close();
  }
}

/** How long what the shop was in the middle of may take before the audit looks. */
const settleMs = 120_000;

/** Lets the shop finish what it was in the middle of, as a start would, and checks it. */
async function audit(server: Server, secrets: Secrets): Promise<AuditReport> {
  const log = (message: string, error?: unknown) => console.error(message, error ?? "");
  const database = openPg({
    host: server.host,
    port: server.port,
    database: databaseName,
    connections: defaultConnections,
    domains: schemas,
    password: (schema) => secrets.secret(`database ${schema}`),
    statementTimeoutMs: 30_000,
    log,
  });
  const { bus, doors } = compose({
    database,
    clock: systemClock,
    payWithinMs: defaultPayWithinMs,
    providers: {},
    log,
    counted: () => undefined,
  });
  bus.start();
  let timer: NodeJS.Timeout | undefined;
  try {
    const bound = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, settleMs);
    });
    await Promise.race([bus.quiet(), bound]);
    return await auditShop(doors, systemClock);
  } finally {
    clearTimeout(timer);
    await bus.stop();
    await database.close();
  }
}

async function writeInstance(place: string, { name, manifest }: Refill): Promise<void> {
  const contents = describeInstance({ ...manifest.instance, name });
  await writeJson(join(place, "instance.json"), contents, 0o644);
}
