import { askServer, type Server } from "./superuser.ts";

const counted = `
  select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int as admits,
         count(*)::int as used
  from pg_stat_activity where backend_type = 'client backend'`;

/** How many connections a server admits but for those kept for its superuser, and how many there are besides this. */
export async function connectionsOf(
  server: Server,
  password: string,
  withinMs: number,
): Promise<{ admits: number; used: number }> {
  const [row] = await askServer(server, password, counted, { withinMs });
  return { admits: row?.["admits"] ?? 0, used: (row?.["used"] ?? 1) - 1 };
}
