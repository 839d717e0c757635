import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createConnection } from "node:net";
import { freePort } from "#lab/shop/free-port";
import { findNeed, memcached, type Need, redis } from "#launcher/packages";
import { until } from "./until.ts";

/** A real server of a cache on a free port of this machine, which can be hurt. */
export interface CacheServer {
  readonly host: string;
  readonly port: number;
  /** Until it has stopped: with the signal on its way it would still answer. */
  freeze(): Promise<void>;
  thaw(): void;
  /** kill -9. */
  kill(): Promise<void>;
  /** Starts it again at the same place, empty. */
  again(): Promise<void>;
  /** Sends a line, whatever the answer. */
  say(line: string): void;
  stop(): Promise<void>;
}

export const hasRedis = findNeed(redis) !== undefined;
export const hasMemcached = findNeed(memcached) !== undefined;

/** An empty Redis that keeps nothing on disk. */
export const startRedis = (memoryMb = 64, policy = "allkeys-lru", password = ""): Promise<CacheServer> =>
  startServer(redis, (port) => [
    ...["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
    ...[
      "--maxmemory",
      `${memoryMb}mb`,
      "--maxmemory-policy",
      policy,
      "--dir",
      "/tmp",
      "--loglevel",
      "warning",
    ],
    ...(password ? ["--requirepass", password] : []),
  ]);

/** An empty memcached. */
export const startMemcached = (memoryMb = 64): Promise<CacheServer> =>
  startServer(memcached, (port) => [
    ...["-p", String(port), "-l", "127.0.0.1", "-m", String(memoryMb), "-U", "0", "-t", "1"],
    // It refuses to run as root unless told as whom.
    ...(process.getuid?.() === 0 ? ["-u", "nobody"] : []),
  ]);

async function startServer(need: Need, options: (port: number) => string[]): Promise<CacheServer> {
  const program = findNeed(need);
  if (!program) throw new Error(`${need.name} is not installed`);
  const port = await freePort();
  let child: ChildProcess;
  const start = async () => {
    child = spawn(program, options(port), { stdio: "ignore" });
    await until(() => answers(port));
  };
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  };
  // A test that ends before its hooks must not leave a server behind.
  const sweep = () => child.kill("SIGKILL");
  process.once("exit", sweep);
  await start();
  return {
    host: "127.0.0.1",
    port,
    freeze: async () => {
      child.kill("SIGSTOP");
      await until(async () => hasStopped(child.pid ?? 0));
    },
    thaw: () => void child.kill("SIGCONT"),
    kill,
    again: start,
    say: (line) => void createConnection({ port, host: "127.0.0.1" }).end(`${line}\r\n`),
    stop: async () => {
      process.off("exit", sweep);
      await kill();
    },
  };
}

/** Whether none of its threads goes on. */
const hasStopped = (pid: number): boolean =>
  readdirSync(`/proc/${pid}/task`).every((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/status`, "utf8").includes("\nState:\tT"),
  );

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: "127.0.0.1" });
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}
