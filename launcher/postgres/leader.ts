import { setTimeout as pause } from "node:timers/promises";
import { LaunchRefused } from "../refused.ts";
import { askServer, type Server } from "./superuser.ts";

/** A cluster that has just started agrees on a leader within a few seconds. */
const withinMs = 60_000;
const lookEveryMs = 200;

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
export async function leads(server: Server, password: string): Promise<boolean> {
  const asked = askServer<{ follows: boolean }>(server, password, "select pg_is_in_recovery() as follows");
  const [row] = await asked.catch(() => []);
  return row?.follows === false;
}
