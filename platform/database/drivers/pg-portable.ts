import { digestOf, type Migration, quoted } from "../migrate.ts";
import { type AdministratorConnection, connectAdministrator } from "./pg-administrator.ts";
import { copyIn, copyOut } from "./pg-copy.ts";

/** A schema as a backup knows it: up to which file it was migrated, and its tables with their columns. */
export interface PortableSchema {
  readonly name: string;
  readonly migrations: readonly { readonly name: string; readonly digest: string }[];
  readonly tables: readonly PortableTable[];
}

export interface PortableTable {
  readonly name: string;
  readonly columns: readonly string[];
}

/** One moment of a database: everything read through it belongs together, whatever is written meanwhile. */
export interface PortableSnapshot {
  /** As the server says it: "18.4". */
  readonly serverVersion: string;
  readonly schemas: readonly PortableSchema[];
  /** The rows of a table in COPY's text format, which every version reads, whole ones. One table at a time. */
  rows(schema: PortableSchema, table: PortableTable): AsyncIterable<Buffer>;
  close(): Promise<void>;
}

type Server = Parameters<typeof connectAdministrator>[0];

/** How values are written and read, on every server alike; nothing gives up because a table is large. */
const session = `
  set statement_timeout = 0; set idle_in_transaction_session_timeout = 0; set client_encoding = 'UTF8';
  set timezone = 'UTC'; set datestyle = 'ISO, YMD'; set intervalstyle = 'postgres'; set bytea_output = 'hex';
  set extra_float_digits = 1; set search_path = pg_catalog`;

/**
 * Opens a snapshot of all schemas that the shop made (they hold a table `migration`). It takes no lock that a working
 * shop would wait for; rows that die meanwhile are kept until it closes.
 */
export async function openSnapshot(server: Server): Promise<PortableSnapshot> {
  const admin = await connectAdministrator(server);
  try {
    await admin.run(session);
    await admin.run("begin isolation level repeatable read read only");
    const [version] = await admin.run("show server_version");
    return {
      // Debian adds its own: "15.18 (Debian 15.18-0+deb12u1)".
      serverVersion: String(version?.["server_version"]).split(" ", 1)[0] ?? "",
      schemas: await describeSchemas(admin),
      rows: (schema, table) =>
        copyOut(
          admin.client,
          `copy (select ${list(table.columns)} from ${quoted(schema.name)}.${quoted(table.name)}) to stdout`,
        ),
      close: () => admin.close(),
    };
  } catch (error) {
    await admin.close();
    throw error;
  }
}

async function describeSchemas(admin: AdministratorConnection): Promise<PortableSchema[]> {
  // A partition is read through its table; a generated column is made again by the server that gets the rows.
  const rows = (await admin.run(`
    select n.nspname as schema, c.relname as table,
      array_agg(a.attname::text order by a.attnum) filter (where a.attgenerated = '') as columns
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relkind in ('r', 'p') and not c.relispartition
      and n.oid in (select relnamespace from pg_class where relname = 'migration' and relkind = 'r')
    group by 1, 2 order by 1, 2`)) as { schema: string; table: string; columns: string[] }[];
  const schemas: PortableSchema[] = [];
  for (const name of new Set(rows.map((row) => row.schema))) {
    const migrations = await admin.run(`select name, digest from ${quoted(name)}.migration order by name`);
    schemas.push({
      name,
      migrations: migrations.map((row) => ({ name: String(row["name"]), digest: String(row["digest"]) })),
      tables: rows
        .filter((row) => row.schema === name && row.table !== "migration")
        .map((row) => ({ name: row.table, columns: row.columns })),
    });
  }
  return schemas;
}

/** A database that is being filled from a backup, and that nobody else uses yet. */
export interface PortableTarget {
  /** Replaces what the table holds, such as rows that a migration put there; answers how many rows it has now. */
  load(schema: string, table: PortableTable, rows: AsyncIterable<Buffer>): Promise<number>;
  /** Counts and orders what was loaded, so that the first queries are planned as the later ones. */
  finish(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a database whose schemas were migrated as far as those of the backup. */
export async function openTarget(server: Server): Promise<PortableTarget> {
  const admin = await connectAdministrator(server);
  // What is lost by a crash now is loaded again from the backup.
  await admin.run(`${session}; set synchronous_commit = off`);
  return {
    load: async (schema, table, rows) => {
      const name = `${quoted(schema)}.${quoted(table.name)}`;
      await admin.run(`truncate ${name}`);
      return copyIn(admin.client, `copy ${name} (${list(table.columns)}) from stdin`, rows);
    },
    finish: async () => {
      await admin.run("analyze");
      await admin.run("checkpoint");
    },
    close: () => admin.close(),
  };
}

const list = (columns: readonly string[]) => columns.map(quoted).join(", ");

/** Why the rows of a schema cannot be taken in by this version, or what to migrate it with before they are loaded. */
export type Level =
  | { readonly kind: "known"; readonly migrations: readonly Migration[] }
  | { readonly kind: "newer" | "altered"; readonly migration: string };

/** The files that bring an empty schema to where `schema` was when it was backed up. */
export function levelOf(schema: PortableSchema, known: readonly Migration[]): Level {
  for (const { name, digest } of schema.migrations) {
    const migration = known.find((each) => each.name === name);
    if (!migration) return { kind: "newer", migration: name };
    if (digestOf(migration.text) !== digest) return { kind: "altered", migration: name };
  }
  const names = new Set(schema.migrations.map(({ name }) => name));
  return { kind: "known", migrations: known.filter(({ name }) => names.has(name)) };
}
