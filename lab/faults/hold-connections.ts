// A process of its own, which exhausted-connections.ts starts: its end is the end of the connections it holds.
import { connect, type Socket } from "node:net";
import { basename, dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { converse } from "#launcher/converse";
import { readEndpoints } from "#launcher/endpoints";
import { lookAtInstance } from "#launcher/instance";
import { loopback } from "#launcher/loopback";
import { connectionsOf } from "#launcher/postgres/admits";
import { findPostgres } from "#launcher/postgres/start";
import { connectSuperuser } from "#launcher/postgres/superuser";
import { componentOf } from "#topology/model";
import type { Faulty } from "./fault.ts";
import { keptFaults } from "./kept.ts";
import { serverDirectory, topologyOf } from "./victims.ts";

/** Connections to one server, of which more can be taken. */
interface Taking {
  readonly atOnce: number;
  /** What it admits, ours and others'. */
  readonly admits: number;
  /** Takes one more and calls `lost` when the server ends it; throws where it is refused. */
  take(lost: () => void): Promise<void>;
  /** How many it would admit now. */
  free(): Promise<number>;
}

const lookEveryMs = 100;
const answerWithinMs = 5_000;

await hold(...(process.argv.slice(2) as [string, string, string]));

async function hold(directory: string, on: string, grade: string): Promise<void> {
  const instance = await lookAtInstance({ name: basename(directory), dataRoot: dirname(directory) });
  if (!instance) throw new Error(`there is no instance in ${directory}`);
  const taking = await (componentOf(topologyOf(instance), on).kind === "postgres"
    ? takeOfDatabase(instance, on)
    : takeOfCache(instance, on));
  const wanted = Math.floor((taking.admits * Number(grade)) / 100);
  let held = 0;
  let isTold = false;
  // Whoever forgets the fault ends it, whether they know this process or not.
  while (
    (await keptFaults(instance)).some(
      ({ wanted: { name, on: at } }) => name === "exhausted-connections" && at === on,
    )
  ) {
    const more = Math.min(wanted - held, await taking.free().catch(() => 0), taking.atOnce);
    const taken = await Promise.allSettled(
      Array.from({ length: Math.max(0, more) }, async () => {
        await taking.take(() => {
          held -= 1;
        });
        held += 1;
      }),
    );
    const isRefused = taken.some(({ status }) => status === "rejected");
    if (!isTold && (more <= 0 || isRefused)) {
      isTold = true;
      console.log(`holds ${held} of the ${taking.admits} connections it admits`);
    }
    if (more <= 0 || isRefused) await pause(lookEveryMs);
  }
  process.exit();
}

/** What is kept for its superuser stays free: from there a full server is looked after. */
async function takeOfDatabase(instance: Faulty, on: string): Promise<Taking> {
  const { superuserPassword: password } = instance;
  const dataDir = serverDirectory(instance, on);
  const found = await findPostgres({ host: loopback, dataDir, superuserPassword: password });
  if (!found) throw new Error(`${on} does not run`);
  const server = { host: found.socketDir, port: found.port };
  const look = () => connectionsOf(server, password, answerWithinMs);
  const { admits } = await look();
  return {
    // Each is a process that the server starts.
    atOnce: 8,
    admits,
    free: async () => admits - (await look()).used,
    take: async (lost) => {
      const client = await connectSuperuser(server, password, {
        withinMs: answerWithinMs,
        name: "storey fault",
      });
      client.once("end", lost);
    },
  };
}

async function takeOfCache(instance: Faulty, on: string): Promise<Taking> {
  const { kind } = componentOf(topologyOf(instance), on);
  const at = (await readEndpoints(instance.directory))[`${on} ${kind}`];
  if (!at) throw new Error(`${on} does not listen`);
  const lines = kind === "redis" ? [`AUTH ${instance.secret("redis")}`, "INFO", "QUIT"] : ["stats", "quit"];
  const said = await converse(at, lines, answerWithinMs);
  const admits = Number(/^(?:STAT max_connections |maxclients:)(\d+)/m.exec(said)?.[1]);
  if (!admits) throw new Error(`${on} does not say how many connections it admits`);
  return {
    atOnce: 200,
    admits,
    free: async () => admits,
    take: (lost) =>
      new Promise((resolve, reject) => {
        const socket: Socket = connect(at);
        // A full server accepts, says so and hangs up: what is still there after a moment is held.
        const refused = () => reject(new Error(`${on} is full`));
        socket.once("error", () => undefined).once("close", refused);
        socket.once("connect", () => {
          setTimeout(() => {
            if (socket.destroyed) return;
            socket.off("close", refused).once("close", lost).resume();
            resolve();
          }, lookEveryMs);
        });
        socket.resume();
      }),
  };
}
