import { basename, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Host, isAlive, type ProcessIdentity } from "../host.ts";
import { socketPort } from "./settings.ts";

/** What a server writes about itself into its data directory. */
export interface PostmasterFile {
  readonly pid: number;
  readonly port: number;
  readonly socketDir: string;
  /** "starting", "ready", "stopping" …; empty until the server has come so far. */
  readonly status: string;
}

export type Postmaster = PostmasterFile & ProcessIdentity;

const pollMs = 5;
/** A started server answers in 0.1 s; one that recovers from a kill reads its log first. */
const readyWithinMs = 300_000;
const stoppedWithinMs = 60_000;

/** The living server of that data directory, undefined where there is none. */
export async function findPostmaster(host: Host, dataDir: string): Promise<Postmaster | undefined> {
  const file = await readPostmasterFile(host, dataDir);
  if (!file) return undefined;
  const state = await host.probe(file.pid);
  if (!state || basename(state.program) !== "postgres") return undefined;
  // A number that was given anew to another server must not be taken for ours. A server works in its data
  // directory; the time in the file is no use, because clocks get set.
  const ours = state.directory
    ? state.directory === (await host.look(dataDir))?.realPath
    : state.command.includes(`-D ${dataDir}`);
  return ours ? { ...file, startMark: state.startMark } : undefined;
}

/**
 * Removes what a server that is no more left behind to keep others out. PostgreSQL would refuse to start
 * while the number in it belongs to a zombie or, after a reboot, to any other process of the user. Orphaned
 * backends are still seen by their shared memory.
 */
export async function forgetPostmaster(
  host: Host,
  { dataDir, socketDir, port = socketPort }: { dataDir: string; socketDir: string; port?: number },
): Promise<void> {
  if (await findPostmaster(host, dataDir)) return;
  await host.remove(join(dataDir, "postmaster.pid"));
  await host.remove(join(socketDir, `.s.PGSQL.${port}.lock`));
}

/** Waits until that server takes connections; undefined when it ended instead. Throws after five minutes. */
export async function awaitReady(
  host: Host,
  dataDir: string,
  process: ProcessIdentity,
): Promise<PostmasterFile | undefined> {
  const deadline = performance.now() + readyWithinMs;
  while (performance.now() < deadline) {
    const alive = await isAlive(host, process);
    const file = await readPostmasterFile(host, dataDir);
    if (file?.pid === process.pid && file.status === "ready" && alive) return file;
    if (!alive || (file?.pid === process.pid && file.status === "stopping")) return undefined;
    await pause(pollMs);
  }
  throw new Error(
    `The database in ${dataDir} is still not ready after ${readyWithinMs / 1000} s; see its log directory`,
  );
}

/**
 * Stops the server: sessions are ended, everything is written. At once when that takes over a minute (a later
 * start recovers).
 */
export async function stopPostmaster(host: Host, process: ProcessIdentity): Promise<void> {
  if (await host.stop(process, "SIGINT", stoppedWithinMs)) return;
  if (await host.stop(process, "SIGQUIT", stoppedWithinMs)) return;
  throw new Error(`The database server (process ${process.pid}) does not stop`);
}

async function readPostmasterFile(host: Host, dataDir: string): Promise<PostmasterFile | undefined> {
  const text = (await host.readFile(join(dataDir, "postmaster.pid"))) ?? "";
  const [pid, , , port, socketDir = "", , , status = ""] = text.split("\n");
  // There is none, or it is half written.
  if (!Number(pid)) return undefined;
  return { pid: Number(pid), port: Number(port), socketDir, status: status.trim() };
}
