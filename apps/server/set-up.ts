import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { uses } from "#domains/graph.mjs";
import { roleOf } from "#platform/database/drivers/pg";
import {
  type AdministratorConnection,
  connectAdministrator,
  createDatabase,
} from "#platform/database/drivers/pg-administrator";
import { type Migration, migrateDomain, readMigrations } from "#platform/database/migrate";

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

/** Everything a domain's schema is made from: the platform's event tables first, then the domain's own files. */
export async function migrationsOf(domain: string): Promise<Migration[]> {
  const text = await readFile(join(root, "platform/database/events.sql"), "utf8");
  return [{ name: "000-events.sql", text }, ...(await readMigrations(join(root, "domains", domain)))];
}

/**
 * Makes the database `name` and brings every domain's schema in it up to date. Throws MigrationRefused when the
 * data is of a newer version.
 */
export async function setUpDatabase(
  server: { host: string; port: number; user: string; password: string },
  name: string,
  password: (domain: string) => string,
): Promise<void> {
  const admin = await connectAdministrator({ ...server, database: "postgres" });
  try {
    await createDatabase(admin, name);
  } finally {
    await admin.close();
  }
  const inside = await connectAdministrator({ ...server, database: name });
  try {
    await prepare(inside, name, password);
  } finally {
    await inside.close();
  }
}

async function prepare(
  admin: AdministratorConnection,
  name: string,
  password: (d: string) => string,
): Promise<void> {
  // By default every role may connect to and create in `public`; a domain has its own schema and nothing else.
  await admin.run(`revoke all on schema public from public; revoke all on database "${name}" from public`);
  for (const domain of builtDomains) {
    const role = roleOf(domain);
    await migrateDomain(admin, {
      name: domain,
      role,
      password: password(domain),
      migrations: await migrationsOf(domain),
    });
    await admin.run(`grant connect on database "${name}" to "${role}"`);
  }
}
