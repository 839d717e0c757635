import pg from "pg";
import { randomFor } from "#demo/random";
import { runClosedLoop } from "../generate/closed-loop.ts";
import type { DatabaseServer } from "./limit.ts";
import type { Driven } from "./pgbench.ts";
import { boundText, type RawStatement } from "./statements.ts";

/** A database of the lab's own on the server that is measured. */
export interface LabDatabase extends AsyncDisposable {
  readonly name: string;
}

/** Makes one from the statements of `text`; it vanishes with the block. */
export async function makeLabDatabase(server: DatabaseServer, text: string): Promise<LabDatabase> {
  const name = `lab_${process.pid}_${Date.now().toString(36)}`;
  await asOwner(server, "postgres", `create database "${name}"`);
  const drop = () => asOwner(server, "postgres", `drop database if exists "${name}" with (force)`);
  try {
    await asOwner(server, name, text);
  } catch (error) {
    await drop();
    throw error;
  }
  return { name, [Symbol.asyncDispose]: drop };
}

async function asOwner(server: DatabaseServer, database: string, text: string): Promise<void> {
  const client = new pg.Client({ ...connection(server), database });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

const connection = ({ host, port, user, password }: DatabaseServer) => ({ host, port, user, password });

/** Where there is no pgbench: prepared statements through `pg`, pipelined, in this process. */
export async function drivePg(
  server: DatabaseServer,
  options: { database: string; statement: RawStatement; clients: number; forMs: number; seed: number },
): Promise<Driven> {
  const clients = await Promise.all(
    Array.from({ length: options.clients }, async () => {
      const client = new pg.Client({ ...connection(server), database: options.database, pipeline: true });
      await client.connect();
      return client;
    }),
  );
  try {
    const random = randomFor("raw", options.seed);
    const { name, ranges } = options.statement;
    const text = boundText(options.statement);
    const { operations, perSecond } = await runClosedLoop({
      callers: options.clients,
      forMs: options.forMs,
      once: async (caller) => {
        const values = ranges.map(([, from, to]) => random.integer(from, to));
        await clients[caller]?.query({ name, text, values });
      },
    });
    return { by: `pg ${options.clients} connections, prepared (no pgbench here)`, operations, perSecond };
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
}
