import { open, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { AuditReport } from "#apps/operator/api";
import { auditShop } from "#apps/operator/audit";
import { compose } from "#apps/server/compose";
import { schemas, setUpDatabase } from "#apps/server/set-up";
import { defaultConnections, defaultPayWithinMs } from "#apps/server/settings";
import { systemClock } from "#kernel/clock";
import { describeInstance, type InstanceFacts, pathsIn } from "#launcher/instance";
import { writeJson } from "#launcher/json-file";
import { loopback } from "#launcher/loopback";
import { readSecrets, type Secrets, secretsName } from "#launcher/secrets";
import type { Manifest } from "#platform/backup/manifest";
import { readBackup } from "#platform/backup/read";
import { openPg, roleOf } from "#platform/database/drivers/pg";
import { connectAdministrator, createDatabase } from "#platform/database/drivers/pg-administrator";
import { openTarget } from "#platform/database/drivers/pg-portable";
import { closeToOthers, type Migration, migrateSchema } from "#platform/database/migrate";
import { count } from "./backup.ts";
import { type OwnedServer, openDatabasePart, type Uploads, uploadsOf } from "./database-part.ts";
import { databaseName } from "./instance.ts";
import { rememberSeed } from "./seed-once.ts";

/** By schema, the files that bring it to where it was when it was backed up. */
export type Levels = Map<string, readonly Migration[]>;

export interface Refill {
  readonly path: string;
  readonly manifest: Manifest;
  readonly levels: Levels;
  readonly secrets: string;
  readonly name: string;
  readonly stage: number;
}

/** Steps for everybody, and what arrives in each table for those who want it. */
export interface Says {
  say(line: string): void;
  detail(line: string): void;
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
  // First of all: whoever finds this half done must know what may run here.
  await writeInstance(place, what);
  const instance = await lookAtPlace(place, what);
  const password = (schema: string) => instance.secret(`database ${schema}`);
  const uploads = await uploadsOf(instance);
  for (const directory of [instance.paths.logs, instance.paths.files])
    await loopback.putDirectory(directory, { mode: 0o700 });
  const databases = await openDatabasePart(instance, detail);
  const { server } = databases;
  let report: AuditReport;
  try {
    await makeSchemas(server, what.levels, password);
    await load(server, uploads, what, { say, detail }, signal);
    await setUpDatabase(server, databaseName, password);
    say("Auditing …");
    report = await audit(server, instance);
  } finally {
    await databases.stop();
  }
  await rememberSeed(place, what.manifest);
  // Of this place alone: ports, certificates and logs are made again where the data comes to lie.
  for (const each of ["run", "certificates", "logs"])
    await rm(join(place, each), { recursive: true, force: true });
  return report;
}

async function lookAtPlace(directory: string, { name, stage, manifest }: Refill): Promise<InstanceFacts> {
  const secrets = await readSecrets(directory);
  if (!secrets) throw new Error("the backup's secrets were not written");
  const { createdAt, purpose } = manifest.instance;
  const paths = pathsIn(directory);
  return { ...secrets, name, directory, stage, purpose, createdAt: new Date(createdAt), paths };
}

async function makeSchemas(
  server: OwnedServer,
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
  server: OwnedServer,
  uploads: Uploads,
  { path, manifest }: Refill,
  { say, detail }: Says,
  signal: AbortSignal,
): Promise<void> {
  const target = await openTarget({ ...server, database: databaseName });
  const tables = new Map(
    manifest.schemas.flatMap((schema) =>
      schema.tables.map((table) => [`${schema.name}.${table.name}`, table]),
    ),
  );
  const passing = tellOfBytes(manifest, say);
  try {
    await readBackup(
      path,
      {
        secrets: async () => undefined,
        table: async (schema, name, rows) => {
          const table = tables.get(`${schema}.${name}`);
          if (!table) throw new Error(`${schema}.${name} is not in the manifest`);
          const loaded = await target.load(schema, table, passing(rows));
          if (loaded !== table.rows)
            throw new Error(`${schema}.${name}: ${loaded} rows of ${table.rows} arrived`);
          detail(`${schema}.${name}: ${count(loaded)} rows`);
        },
        file: (name, bytes) => putFile(uploads, name, passing(bytes)),
      },
      signal,
    );
    await target.finish();
  } finally {
    await target.close();
  }
}

/** A restore that takes less than this says nothing on the way. */
const patienceMs = 2_000;

/** Tells every tenth of what is to arrive, once it takes long. */
function tellOfBytes(manifest: Manifest, say: (line: string) => void) {
  const tables = manifest.schemas.flatMap((schema) => schema.tables);
  const all = tables.reduce((sum, table) => sum + table.bytes, manifest.files.bytes);
  const startedAt = performance.now();
  let done = 0;
  let told = 0;
  return async function* passing(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
    for await (const piece of bytes) {
      done += piece.length;
      const tenth = Math.floor((10 * done) / all);
      if (tenth > told && performance.now() - startedAt > patienceMs) {
        told = tenth;
        say(`Restoring: ${tenth * 10} % of ${(all / 1e6).toFixed(0)} MB`);
      }
      yield piece;
    }
  };
}

async function putFile({ directory, account }: Uploads, name: string, bytes: AsyncIterable<Buffer>) {
  const path = join(directory, name);
  await loopback.putDirectory(directory, { mode: 0o700, ...(account ? { account } : {}) });
  await loopback.putDirectory(dirname(path), { mode: 0o700, ...(account ? { account } : {}) });
  const file = await open(path, "wx", 0o644);
  try {
    for await (const piece of bytes) await file.writeFile(piece);
    if (account) await file.chown(account.uid, account.gid);
    await file.datasync();
  } finally {
    await file.close();
  }
}

/** How long what the shop was in the middle of may take before the audit looks. */
const settleMs = 120_000;

/** Lets the shop finish what it was in the middle of, as a start would, and checks it. */
async function audit(server: OwnedServer, secrets: Secrets): Promise<AuditReport> {
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

async function writeInstance(place: string, { name, stage, manifest }: Refill): Promise<void> {
  const { createdAt, purpose } = manifest.instance;
  const contents = describeInstance({ name, stage, createdAt, ...(purpose ? { purpose } : {}) });
  await writeJson(join(place, "instance.json"), contents, 0o644);
}
