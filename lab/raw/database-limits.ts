import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { treeCpuMs } from "../machine/processes.ts";
import { drivePg, makeLabDatabase } from "./client.ts";
import type { DatabaseServer, Limit } from "./limit.ts";
import { drivePgbench, findPgbench } from "./pgbench.ts";
import type { RawStatement } from "./statements.ts";

const clients = 16;

/**
 * How many of these statements a second the shop's own database server answers, with its own settings, in a database of
 * the lab's that vanishes again. The CPU is the server's alone.
 */
export async function measureStatements(
  server: DatabaseServer,
  statements: readonly RawStatement[],
  forMs: number,
  seed: number,
): Promise<readonly Limit[]> {
  const pgbench = await findPgbench();
  const text = await readFile(join(import.meta.dirname, "orders.sql"), "utf8");
  await using database = await makeLabDatabase(server, text);
  const limits: Limit[] = [];
  for (const statement of statements) {
    const options = { database: database.name, statement, clients, forMs, seed };
    const before = treeCpuMs(server.postmasterPid);
    const { by, operations, perSecond } = pgbench
      ? await drivePgbench(pgbench, server, options)
      : await drivePg(server, options);
    const cpuMs = (treeCpuMs(server.postmasterPid) - before) / operations;
    limits.push({ name: statement.name, by, perSecond, cpuMs });
  }
  return limits;
}
