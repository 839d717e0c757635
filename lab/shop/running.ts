import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { findRecorded } from "#launcher/daemon";
import { pathsIn } from "#launcher/instance";
import { loopback } from "#launcher/loopback";
import { findPostmaster } from "#launcher/postgres/postmaster";
import { superuserName } from "#launcher/postgres/settings";
import { openSecrets, type Secrets } from "#launcher/secrets";
import { listeningUrl, processCpuMs, treeCpuMs, treeMemoryBytes } from "../machine/processes.ts";
import type { DatabaseServer } from "../raw/limit.ts";

/** A shop that runs on this machine: where it answers, and which processes it is. */
export interface RunningShop {
  readonly url: string;
  readonly serverPid: number;
  readonly database: DatabaseServer;
  readonly secrets: Secrets;
}

/** CPU used so far, in milliseconds. */
export interface Cpu {
  readonly application: number;
  readonly database: number;
}

/** What the shop's processes have used: the application's own, and the database's with backends that have ended. */
export const cpuOf = ({ serverPid, database }: RunningShop): Cpu => ({
  application: processCpuMs(serverPid),
  database: treeCpuMs(database.postmasterPid),
});

/** Memory of the application and the database together, in bytes. */
export async function memoryOf({ serverPid, database }: RunningShop): Promise<number> {
  // The database is started by the application, so it is a part of its tree, unless it was adopted from a former one.
  const whole = treeMemoryBytes(serverPid);
  const parts = treeMemoryBytes(database.postmasterPid);
  return (await loopback.probe(database.postmasterPid)) && whole < parts ? whole + parts : whole;
}

/** What stage 1 calls it. */
const application = "app";

/** The shop of an instance's directory, undefined when it rests or is only just starting. */
export async function findRunning(directory: string): Promise<RunningShop | undefined> {
  const serverPid = await findServer(directory);
  if (serverPid === undefined) return undefined;
  const url = listeningUrl(serverPid);
  const postmaster = await findPostmaster(loopback, pathsIn(directory).postgres);
  if (!url || !postmaster) return undefined;
  const secrets = await openSecrets(directory);
  const { socketDir: host, port, pid } = postmaster;
  return {
    url,
    serverPid,
    secrets,
    database: { host, port, user: superuserName, password: secrets.superuserPassword, postmasterPid: pid },
  };
}

/** The application: a process of its own where a supervisor holds the instance, and else whoever holds it. */
async function findServer(directory: string): Promise<number | undefined> {
  const recordFile = join(directory, "run", `${application}.json`);
  const supervised = await findRecorded({ host: loopback, recordFile });
  if (supervised) return supervised.pid;
  const holder = Number(await readFile(join(directory, "lock.pid"), "utf8").catch(() => ""));
  return holder && (await loopback.probe(holder)) ? holder : undefined;
}

/** A shop the lab started for itself. */
export interface StartedShop {
  readonly shop: RunningShop;
  /** From starting the process to the first good answer to a reader. */
  readonly startedInMs: number;
  stop(): Promise<void>;
}

/** More than any generator sends: the lab is one client, and the limit is there for one client. */
const clientLimit = 100_000_000;

/** Starts the shop of an instance with `storey up`, as anybody would, and waits for its first answer. */
export async function startShop(at: {
  checkout: string;
  name: string;
  dataRoot: string;
  port: number;
  /** Of the demo's catalogue, at the first start. Absent: as many as anybody gets. */
  products?: number;
  environment?: Readonly<Record<string, string>>;
  /** Of `storey up`, besides. */
  options?: readonly string[];
}): Promise<StartedShop> {
  const startedAt = performance.now();
  const child = spawn(
    join(at.checkout, "storey"),
    [
      ...["up", "--foreground", "--json", "--name", at.name, "--data", at.dataRoot],
      ...["--port", String(at.port), "--client-limit", String(clientLimit), "--log", "error"],
      ...(at.products === undefined ? [] : ["--demo-products", String(at.products)]),
      ...(at.options ?? []),
    ],
    { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, ...at.environment } },
  );
  const ended = new Promise<never>((_, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the shop ended with ${code} instead of opening`)));
  });
  ended.catch(() => undefined);
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    await ended.catch(() => undefined);
  };
  try {
    const { url } = (await Promise.race([firstLine(child.stdout), ended])) ?? (await ended);
    const answer = await fetch(`${url}/api/v1/products?limit=24`);
    if (!answer.ok) throw new Error(`the shop's first answer was ${answer.status}`);
    await answer.arrayBuffer();
    const startedInMs = performance.now() - startedAt;
    const shop = await findRunning(join(at.dataRoot, at.name));
    if (!shop) throw new Error("the shop runs and its processes are not found");
    return { shop, startedInMs, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What `--json` prints when the shop is open; undefined when it closes its output instead. */
async function firstLine(output: NodeJS.ReadableStream): Promise<{ url: string } | undefined> {
  for await (const line of createInterface({ input: output })) {
    // A line of the log may come before it.
    const told: { ready?: true; url: string } | undefined = line.startsWith("{")
      ? JSON.parse(line)
      : undefined;
    if (told?.ready) {
      output.resume();
      return told;
    }
  }
  return undefined;
}
