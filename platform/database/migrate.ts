import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** The administrator's connection, which only set-up uses: plain statements, several at once allowed. */
export interface Administrator {
  run(text: string): Promise<Record<string, unknown>[]>;
}

export interface Migration {
  readonly name: string;
  readonly text: string;
}

/** A database that was made by a newer version of the shop, or by an altered file. Nothing was changed. */
export class MigrationRefused extends Error {
  readonly code: "migration.newer" | "migration.altered";
  constructor(code: MigrationRefused["code"], message: string) {
    super(message);
    this.name = "MigrationRefused";
    this.code = code;
  }
}

/** A name as SQL takes it, whatever it holds. */
export const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;
/** By which a file that was applied is known again. */
export const digestOf = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 16);

/** The SQL files of a folder in the order of their names: `001-create.sql`, `002-…`. */
export async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{3}-.*[.]sql$/.test(name)).sort();
  return Promise.all(names.map(async (name) => ({ name, text: await readFile(join(folder, name), "utf8") })));
}

/**
 * Brings one schema up to date: the schema, a role with rights to its rows and nothing else, and the
 * migrations not yet applied, each in a transaction of its own. Running it again changes nothing.
 */
export async function migrateSchema(
  admin: Administrator,
  domain: {
    name: string;
    database: string;
    role: string;
    password: string;
    migrations: readonly Migration[];
  },
): Promise<void> {
  const schema = quoted(domain.name);
  const role = quoted(domain.role);
  await admin.run(`
    do $$ begin
      create role ${role} login;
    exception when duplicate_object or unique_violation then null;
    end $$;
    alter role ${role} with password ${literal(domain.password)} nosuperuser nocreatedb nocreaterole;
    create schema if not exists ${schema};
    create table if not exists ${schema}.migration (
      name text collate "C" primary key, digest text not null, applied_at timestamptz not null default now());
    grant usage on schema ${schema} to ${role};
    grant connect on database ${quoted(domain.database)} to ${role};
    alter role ${role} in database ${quoted(domain.database)} set search_path = ${schema}`);
  const applied = await admin.run(`select name, digest from ${schema}.migration order by name`);
  checkHistory(domain.name, domain.migrations, applied);
  const done = new Set(applied.map((row) => row["name"]));
  for (const migration of domain.migrations.filter(({ name }) => !done.has(name))) {
    await admin
      .run(`begin; set local search_path = ${schema};
      ${migration.text}
      ;insert into ${schema}.migration (name, digest) values (${literal(migration.name)}, ${literal(digestOf(migration.text))});
      grant select, insert, update, delete on all tables in schema ${schema} to ${role};
      revoke all on ${schema}.migration from ${role};
      grant execute on all functions in schema ${schema} to ${role};
      commit`)
      .catch(async (error) => {
        await admin.run("rollback");
        throw new Error(`${domain.name}/${migration.name} failed: ${(error as Error).message}`, {
          cause: error,
        });
      });
  }
}

/** By default every role may connect and may create in `public`; here each has its own schema and nothing else. */
export async function closeToOthers(admin: Administrator, database: string): Promise<void> {
  await admin.run(
    `revoke all on schema public from public; revoke all on database ${quoted(database)} from public`,
  );
}

/** Two series of files meet in a schema, the platform's and the domain's, so a new one may stand before an old one. */
function checkHistory(
  domain: string,
  known: readonly Migration[],
  applied: readonly Record<string, unknown>[],
): void {
  for (const { name, digest } of applied) {
    const migration = known.find((each) => each.name === name);
    if (!migration) {
      throw new MigrationRefused(
        "migration.newer",
        `This data was made by a newer version (${domain} has ${name}). Start that version, or restore a backup.`,
      );
    }
    if (digestOf(migration.text) !== digest) {
      throw new MigrationRefused(
        "migration.altered",
        `${domain}/${migration.name} was changed after it was applied. Put it back and add a new file instead.`,
      );
    }
  }
}
