import { askServer, type Server } from "./superuser.ts";

const numbers = `
  select count(*)::int as connections,
         (select coalesce(sum(xact_commit), 0)::float8 from pg_stat_database) as commits,
         (select coalesce(sum(xact_rollback), 0)::float8 from pg_stat_database) as rollbacks,
         (select coalesce(sum(deadlocks), 0)::float8 from pg_stat_database) as deadlocks,
         (select coalesce(sum(pg_database_size(oid)), 0)::float8 from pg_database) as bytes
  from pg_stat_activity where backend_type = 'client backend'`;

/** What a server counts of itself. Throws where it does not answer. */
export async function numbersOf(server: Server, password: string): Promise<Record<string, number>> {
  const [row] = await askServer(server, password, numbers);
  return { ...row };
}
