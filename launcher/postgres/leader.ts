import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { LaunchRefused } from "../refused.ts";
import { superuserName } from "./settings.ts";

/** A cluster that has just started agrees on a leader within a few seconds. */
const withinMs = 60_000;
const lookEveryMs = 200;

interface Server {
  readonly host: string;
  readonly port: number;
}

/** The one of several servers that takes writes, waited for. Throws LaunchRefused `launch.component_failed`. */
export async function findLeader<S extends Server>(servers: readonly S[], password: string): Promise<S> {
  for (const deadline = performance.now() + withinMs; performance.now() < deadline; ) {
    for (const server of servers) if (await leads(server, password)) return server;
    await pause(lookEveryMs);
  }
  throw new LaunchRefused(
    "launch.component_failed",
    `None of ${servers.length} databases takes writes after ${withinMs / 1000} s. See \`./storey logs\` of each.`,
  );
}

/** Whether a server takes writes; false where it does not answer. */
export async function leads({ host, port }: Server, password: string): Promise<boolean> {
  const client = new pg.Client({
    host,
    port,
    user: superuserName,
    password,
    database: "postgres",
    ssl: false,
    connectionTimeoutMillis: 2_000,
    query_timeout: 2_000,
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ follows: boolean }>("select pg_is_in_recovery() as follows");
    return rows[0]?.follows === false;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
