import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { uses } from "#domains/graph.mjs";
import { roleOf } from "#platform/database/drivers/pg";
import { connectAdministrator, createDatabase } from "#platform/database/drivers/pg-administrator";
import { closeToOthers, type Migration, migrateSchema, readMigrations } from "#platform/database/migrate";

const root = join(import.meta.dirname, "../..");

/** The domains that have been built; the graph also names those that come later. */
export const builtDomains = [
  "account",
  "shop",
  "catalog",
  "search",
  "inventory",
  "cart",
  "order",
  "payment",
  "settlement",
] as const satisfies readonly (keyof typeof uses)[];

/** The sandbox provider keeps its own books in a schema of its own, wherever it is switched on. */
export const sandboxSchema = "sandbox";

/** Everything that has a schema and a role in the database. */
export const schemas = [...builtDomains, sandboxSchema] as const;

/** The platform's own tables in each domain's schema. As frozen as a domain's files: what changes comes in another. */
const eventFiles = ["events.sql", "events-2.sql"];

/** What a schema is made from: for a domain the platform's event tables first, then its own files. */
export async function migrationsOf(schema: string): Promise<Migration[]> {
  if (schema === sandboxSchema) return readMigrations(join(root, "apps/sandbox"));
  const events = eventFiles.map(async (file) => ({
    name: `000-${file}`,
    text: await readFile(join(root, "platform/database", file), "utf8"),
  }));
  return [...(await Promise.all(events)), ...(await readMigrations(join(root, "domains", schema)))];
}

/**
 * Makes the database `name` and brings every schema in it up to date. Throws MigrationRefused when the data is of a
 * newer version.
 */
export async function setUpDatabase(
  server: { host: string; port: number; user: string; password: string },
  name: string,
  password: (schema: string) => string,
): Promise<void> {
  const admin = await connectAdministrator({ ...server, database: "postgres" });
  try {
    await createDatabase(admin, name);
  } finally {
    await admin.close();
  }
  const inside = await connectAdministrator({ ...server, database: name });
  try {
    await closeToOthers(inside, name);
    await inside.run(await readFile(join(root, "platform/database/standing.sql"), "utf8"));
    for (const schema of schemas) {
      await migrateSchema(inside, {
        name: schema,
        database: name,
        role: roleOf(schema),
        password: password(schema),
        migrations: await migrationsOf(schema),
      });
    }
  } finally {
    await inside.close();
  }
}
