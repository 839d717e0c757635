import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Account, Host } from "../host.ts";
import { diskFull, LaunchRefused, refuseUnwritable } from "../refused.ts";
import type { Binaries } from "./binaries.ts";
import { configureCluster } from "./cluster.ts";
import { awaitReady, forgetPostmaster, type Postmaster } from "./postmaster.ts";
import type { Listen } from "./settings.ts";
import { openSocketDirectory } from "./socket-directory.ts";

/**
 * Backends of a killed server hold its memory until they notice: at their next wait, so at the latest when the
 * statement they are at runs into its timeout (30 s).
 */
const retryForMs = 40_000;
const retryEveryMs = 50;

/** Starts the server of an existing cluster and waits until it takes connections. */
export async function launchServer(options: {
  dataDir: string;
  host: Host;
  binaries: Binaries;
  account?: Account;
  listen?: Listen;
  log: (message: string) => void;
}): Promise<Postmaster> {
  const { dataDir, host, binaries, account, listen } = options;
  const socketDir = await openSocketDirectory(host, { dataDir, account });
  await configureCluster({ dataDir, host, socketDir, binaries, account, ...(listen ? { listen } : {}) });
  const program = join(binaries.directory, "postgres");
  const environment = { LC_ALL: "C" };
  const command = { program, args: ["-D", dataDir], directory: dataDir, account, environment };
  const outputFile = join(dataDir, "startup.log");
  const deadline = performance.now() + retryForMs;
  for (let attempt = 1; ; attempt += 1) {
    await forgetPostmaster(host, { dataDir, socketDir, ...(listen ? { port: listen.endpoint.port } : {}) });
    const before = await measureLogs(host, dataDir);
    const server = await refuseUnwritable(dataDir, () => host.start(command, outputFile));
    const ready = await awaitReady(host, dataDir, server);
    if (ready) return { ...ready, ...server };
    const words = [await host.readFile(outputFile), ...(await readAdded(host, dataDir, before))]
      .join("\n")
      .trim();
    const held = /pre-existing shared memory block|lock file "postmaster.pid" already exists/.test(words);
    if (!held || performance.now() > deadline) throw await explain(host, dataDir, words);
    if (attempt === 1) options.log("waiting for what is left of the killed PostgreSQL to end");
    await pause(retryEveryMs);
  }
}

type Sizes = ReadonlyMap<string, number>;

/** How long the server's log files are, to tell later what one start added. Bytes by path. */
async function measureLogs(host: Host, dataDir: string): Promise<Sizes> {
  const directory = join(dataDir, "log");
  const sizes = new Map<string, number>();
  for (const name of await host.list(directory).catch(() => [])) {
    const path = join(directory, name);
    sizes.set(path, (await host.look(path))?.sizeBytes ?? 0);
  }
  return sizes;
}

/** What a server that did not come up wrote into its log. */
async function readAdded(host: Host, dataDir: string, before: Sizes): Promise<string[]> {
  const texts: string[] = [];
  for (const [path, size] of await measureLogs(host, dataDir)) {
    const old = before.get(path) ?? 0;
    // Shorter than before: its weekday came again and it was begun anew.
    if (size !== old) texts.push((await host.readFile(path, size > old ? old : 0)) ?? "");
  }
  return texts;
}

async function explain(host: Host, dataDir: string, words: string): Promise<LaunchRefused> {
  const hasNone = (await host.roomBytes(dataDir)) < 1 << 20;
  const isFull = hasNone || /No space left on device|Disk quota exceeded/.test(words);
  if (isFull) return diskFull(dataDir);
  const last = words.split("\n").slice(-12).join("\n");
  return new LaunchRefused("launch.server_failed", `The database in ${dataDir} did not start:\n${last}`);
}
