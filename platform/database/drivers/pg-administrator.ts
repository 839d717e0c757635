import pg from "pg";
import type { Administrator } from "../migrate.ts";

/** A connection as the owner of the server, for set-up, backup and restore only. */
export interface AdministratorConnection extends Administrator {
  /** The driver's own client, for COPY and for statements with parameters. */
  readonly client: pg.Client;
  close(): Promise<void>;
}

/** Connects to one database of a server as its administrator. */
export async function connectAdministrator(at: {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
}): Promise<AdministratorConnection> {
  const client = new pg.Client({ ...at, application_name: "storey set-up" });
  // A connection that breaks says so as an event, which ends the process if nobody hears it. The next statement fails.
  client.on("error", () => undefined);
  await client.connect();
  return {
    client,
    run: async (text) => {
      const results: unknown = await client.query(text);
      const last = (Array.isArray(results) ? results.at(-1) : results) as pg.QueryResult<
        Record<string, unknown>
      >;
      return last.rows;
    },
    close: () => client.end(),
  };
}

/** Makes a database unless it is there; `template` copies another one, rows and all. */
export async function createDatabase(admin: Administrator, name: string, template?: string): Promise<void> {
  const found = await admin.run(`select 1 from pg_database where datname = '${name}'`);
  if (found.length === 0)
    await admin.run(`create database "${name}"${template ? ` template "${template}"` : ""}`);
}
