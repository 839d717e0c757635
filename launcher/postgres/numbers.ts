import pg from "pg";
import { superuserName } from "./settings.ts";

const answerWithinMs = 2_000;

const numbers = `
  select count(*)::int as connections,
         (select coalesce(sum(xact_commit), 0)::float8 from pg_stat_database) as commits,
         (select coalesce(sum(xact_rollback), 0)::float8 from pg_stat_database) as rollbacks,
         (select coalesce(sum(deadlocks), 0)::float8 from pg_stat_database) as deadlocks,
         (select coalesce(sum(pg_database_size(oid)), 0)::float8 from pg_database) as bytes
  from pg_stat_activity where backend_type = 'client backend'`;

/** What a server counts of itself. Throws where it does not answer. */
export async function numbersOf(
  server: { readonly host: string; readonly port: number },
  password: string,
): Promise<Record<string, number>> {
  const [row] = await askServer(server, password, numbers);
  return { ...row };
}

/** One statement of its superuser, over a connection of its own. Throws where no answer comes in 2 s. */
export async function askServer<Row = Record<string, number>>(
  { host, port }: { readonly host: string; readonly port: number },
  password: string,
  statement: string,
): Promise<Row[]> {
  const client = new pg.Client({
    host,
    port,
    user: superuserName,
    password,
    database: "postgres",
    ssl: false,
    connectionTimeoutMillis: answerWithinMs,
    query_timeout: answerWithinMs,
  });
  // What breaks while it ends is nobody's business.
  client.on("error", () => undefined);
  try {
    await client.connect();
    return (await client.query(statement)).rows as Row[];
  } finally {
    await client.end().catch(() => undefined);
  }
}
