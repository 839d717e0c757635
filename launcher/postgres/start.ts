import { globSync } from "node:fs";
import { readFile, statfs } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { serverAccount } from "../account.ts";
import type { Account, ProcessIdentity } from "../host.ts";
import { loopback } from "../loopback.ts";
import { diskFull, LaunchRefused, refuseUnwritable } from "../refused.ts";
import { type Binaries, findBinaries, type Source } from "./binaries.ts";
import { configureCluster, createCluster, dataMajor, requireSameMajor } from "./cluster.ts";
import {
  awaitReady,
  findPostmaster,
  forgetPostmaster,
  type Postmaster,
  stopPostmaster,
} from "./postmaster.ts";
import { superuserName } from "./settings.ts";
import { openSocketDirectory } from "./socket-directory.ts";

/** A server that takes connections. */
export interface RunningPostgres {
  /** The `host` to connect to; `port` completes it. Nothing listens on a network. */
  readonly socketDir: string;
  readonly port: number;
  readonly superuser: { readonly user: string; readonly password: string; readonly database: string };
  /** As the server says it: "18.4". */
  readonly version: string;
  readonly pid: number;
  /** It was running already: its launcher was killed, or is another process. */
  readonly adopted: boolean;
  /** Ends its sessions, writes everything and waits until it is gone. */
  stop(): Promise<void>;
  /** For tests of recovery: kills the server itself, and nothing else. */
  kill9(): void;
}

export interface PostgresOptions {
  readonly dataDir: string;
  readonly from: Source;
  /** Given to the superuser when the data is made, used ever after. */
  readonly superuserPassword: string;
  readonly log?: (message: string) => void;
}

/** Backends of a killed server see its death at their next wait, and hold its memory until then. */
const retryForMs = 10_000;
const retryEveryMs = 100;

/**
 * Starts the server of `dataDir`, making the data at the first start and adopting a server that runs there already.
 * Throws LaunchRefused: `launch.data_newer`, `launch.data_older`, `launch.data_unknown`, `launch.data_unreachable`,
 * `launch.disk_full`, `launch.unwritable`, `launch.no_binaries`, `launch.no_account`, `launch.secrets_mismatch`,
 * `launch.server_failed` (its message ends with the server's own words).
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const dataDir = resolve(options.dataDir);
  const log = options.log ?? (() => undefined);
  const account = serverAccount(dataDir);
  const major = await dataMajor(dataDir);
  const binaries = await findBinaries(options.from, account, major);
  requireSameMajor(dataDir, major, binaries);

  const orphan = await adopt(dataDir);
  if (orphan) log(`adopting the PostgreSQL that is running already (process ${orphan.pid})`);
  if (major === undefined) {
    log(`making a database with PostgreSQL ${binaries.version}`);
    await createCluster({ dataDir, binaries, password: options.superuserPassword, account });
  }
  const server = orphan ?? (await launch(dataDir, binaries, account));
  return describe(server, { password: options.superuserPassword, adopted: orphan !== undefined });
}

/** The server that is running there; one that is stopping is waited for and is not adopted. */
async function adopt(dataDir: string): Promise<Postmaster | undefined> {
  const found = await refuseUnwritable(dataDir, () => findPostmaster(dataDir));
  if (!found) return undefined;
  const ready = await awaitReady(dataDir, found);
  if (ready) return { ...found, ...ready };
  await stopPostmaster(found);
  return undefined;
}

async function launch(dataDir: string, binaries: Binaries, account?: Account): Promise<Postmaster> {
  const socketDir = await openSocketDirectory(dataDir, account);
  await configureCluster({ dataDir, socketDir, binaries, account });
  const outputFile = join(dataDir, "startup.log");
  const program = join(binaries.directory, "postgres");
  const command = {
    program,
    args: ["-D", dataDir],
    directory: dataDir,
    account,
    environment: { LC_ALL: "C" },
  };
  const deadline = performance.now() + retryForMs;
  for (;;) {
    await forgetPostmaster(dataDir);
    const process = await refuseUnwritable(dataDir, () => loopback.start(command, outputFile));
    const ready = await awaitReady(dataDir, process);
    if (ready) return { ...ready, ...process };
    const words = await lastWords(dataDir, outputFile);
    const held = /pre-existing shared memory block|lock file "postmaster.pid" already exists/.test(words);
    if (!held || performance.now() > deadline) throw await explain(dataDir, words);
    await pause(retryEveryMs);
  }
}

async function describe(
  server: Postmaster,
  options: { password: string; adopted: boolean },
): Promise<RunningPostgres> {
  const superuser = { user: superuserName, password: options.password, database: "postgres" };
  const identity: ProcessIdentity = { pid: server.pid, startMark: server.startMark };
  const { socketDir, port, pid } = server;
  return {
    socketDir,
    port,
    superuser,
    pid,
    version: await askVersion({ host: socketDir, port, ...superuser }),
    adopted: options.adopted,
    stop: () => stopPostmaster(identity),
    kill9: () => {
      if (loopback.probe(pid)?.startMark === identity.startMark) process.kill(pid, "SIGKILL");
    },
  };
}

/** The first real connection: shows that the server answers and that the secrets belong to the data. */
async function askVersion(connection: pg.ClientConfig): Promise<string> {
  const client = new pg.Client({ ...connection, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string }>(
      "SELECT current_setting('server_version') AS version",
    );
    return rows[0]?.version.split(" ", 1)[0] ?? "";
  } catch (error) {
    if ((error as { code?: string }).code !== "28P01") throw error;
    const message =
      "The database does not know the password in secrets.json. Put that file back from the backup it belongs to.";
    throw new LaunchRefused("launch.secrets_mismatch", message, { cause: error });
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** What a server that did not come up said: first on its output, then in its newest log file. */
async function lastWords(dataDir: string, outputFile: string): Promise<string> {
  const newest = globSync(join(dataDir, "log/server-*.log")).slice(0, 1);
  const texts = await Promise.all(
    [outputFile, ...newest].map((path) => readFile(path, "utf8").catch(() => "")),
  );
  return texts.map((text) => text.trim().split("\n").slice(-12).join("\n")).join("\n");
}

async function explain(dataDir: string, words: string): Promise<LaunchRefused> {
  const { bavail, bsize } = await statfs(dataDir);
  if (/No space left on device|Disk quota exceeded/.test(words) || bavail * bsize < 1 << 20)
    return diskFull(dataDir);
  return new LaunchRefused(
    "launch.server_failed",
    `The database in ${dataDir} did not start:\n${words.trim()}`,
  );
}
