import { resolve } from "node:path";
import { serverAccount } from "../account.ts";
import type { Host } from "../host.ts";
import { LaunchRefused, refuseUnwritable } from "../refused.ts";
import { findBinaries, type Source } from "./binaries.ts";
import { createCluster, dataMajor, requireSameMajor } from "./cluster.ts";
import { launchServer } from "./launch.ts";
import { awaitReady, findPostmaster, type Postmaster, stopPostmaster } from "./postmaster.ts";
import { type Listen, superuserName } from "./settings.ts";
import { closeSocketDirectory } from "./socket-directory.ts";
import { askServer } from "./superuser.ts";

/** On a machine that is busy with everything that starts. */
const firstAnswerWithinMs = 10_000;

/** A server that takes connections. */
export interface RunningPostgres {
  /** The `host` to connect to from its own machine; `port` completes it. */
  readonly socketDir: string;
  readonly port: number;
  readonly superuser: { readonly user: string; readonly password: string; readonly database: string };
  /** As the server says it: "18.4". */
  readonly version: string;
  readonly pid: number;
  readonly startMark: string;
  /** It was running already: its launcher was killed, or is another process. */
  readonly adopted: boolean;
  /** Ends its sessions, writes everything and waits until it is gone. */
  stop(): Promise<void>;
}

export interface PostgresOptions {
  readonly dataDir: string;
  readonly from: Source;
  /** On which it runs and has its data. */
  readonly host: Host;
  /** Given to the superuser when the data is made, used ever after. */
  readonly superuserPassword: string;
  /** Where it listens beside its socket; absent: nowhere. */
  readonly listen?: Listen;
  readonly log?: (message: string) => void;
}

/**
 * Starts the server of `dataDir`, making the data at the first start and adopting a server that runs there already.
 * Throws LaunchRefused: `launch.data_newer`, `launch.data_older`, `launch.data_unknown`, `launch.data_unreachable`,
 * `launch.disk_full`, `launch.unwritable`, `launch.no_binaries`, `launch.no_account`, `launch.secrets_mismatch`,
 * `launch.server_failed` (its message ends with the server's own words).
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const { host } = options;
  const dataDir = resolve(options.dataDir);
  const password = options.superuserPassword;
  const log = options.log ?? (() => undefined);
  const account = await serverAccount(host, dataDir);
  const major = await dataMajor(host, dataDir);
  const binaries = await findBinaries(host, options.from, account, major);
  requireSameMajor(dataDir, major, binaries);

  const orphan = await adopt({ host, dataDir, password, log });
  if (orphan) return orphan;
  if (major === undefined) {
    log(`making a database with PostgreSQL ${binaries.version}`);
    await createCluster({ host, dataDir, binaries, password, account });
  }
  const listen = options.listen ? { listen: options.listen } : {};
  const server = await launchServer({
    dataDir,
    binaries,
    account,
    log,
    host,
    ...listen,
  });
  try {
    const version = await firstConnection(server, password);
    return describe(host, server, { password, version, adopted: false });
  } catch (error) {
    await stopPostmaster(host, server);
    throw error;
  }
}

/**
 * The server that another process runs on `dataDir`, if it answers: for working beside it. Throws LaunchRefused:
 * `launch.data_unreachable`, `launch.secrets_mismatch`.
 */
export async function findPostgres(options: {
  host: Host;
  dataDir: string;
  superuserPassword: string;
}): Promise<Pick<RunningPostgres, "socketDir" | "port" | "superuser" | "version"> | undefined> {
  const { host, dataDir, superuserPassword } = options;
  const found = await refuseUnwritable(dataDir, () => findPostmaster(host, dataDir));
  if (found?.status !== "ready") return undefined;
  const { socketDir, port } = found;
  const version = await firstConnection(found, superuserPassword);
  return { socketDir, port, version, superuser: superuser(superuserPassword) };
}

/** Stops a server whose launcher was killed, if one runs on `dataDir`; answers whether one did. */
export async function stopOrphan(host: Host, dataDir: string): Promise<boolean> {
  const found = await refuseUnwritable(dataDir, () => findPostmaster(host, dataDir));
  if (found) await stopPostmaster(host, found);
  return found !== undefined;
}

/** The server that is running there, if it answers; one that does not, or is stopping, is stopped. */
async function adopt(at: {
  host: Host;
  dataDir: string;
  password: string;
  log(message: string): void;
}): Promise<RunningPostgres | undefined> {
  const { host, dataDir, password, log } = at;
  const found = await refuseUnwritable(dataDir, () => findPostmaster(host, dataDir));
  if (!found) return undefined;
  const ready = await awaitReady(host, dataDir, found);
  if (ready) {
    log(`adopting the PostgreSQL that is running already (process ${found.pid})`);
    try {
      const version = await firstConnection(ready, password);
      return describe(host, { ...found, ...ready }, { password, version, adopted: true });
    } catch (error) {
      if (error instanceof LaunchRefused) throw error;
      // It was just killed, its directory was moved, or a cleaner of temporary files took the socket.
      log("it does not answer: starting it again");
    }
  }
  await stopPostmaster(host, found);
  return undefined;
}

function describe(
  host: Host,
  server: Postmaster,
  known: { password: string; version: string; adopted: boolean },
): RunningPostgres {
  const { socketDir, port, pid, startMark } = server;
  return {
    socketDir,
    port,
    superuser: superuser(known.password),
    version: known.version,
    pid,
    startMark,
    adopted: known.adopted,
    stop: async () => {
      await stopPostmaster(host, { pid, startMark });
      await closeSocketDirectory(host, socketDir);
    },
  };
}

function superuser(password: string) {
  return { user: superuserName, password, database: "postgres" };
}

/**
 * Connects once, which shows that the server answers and that the secrets belong to the data; answers its version.
 */
async function firstConnection(
  server: { socketDir: string; port: number },
  password: string,
): Promise<string> {
  const at = { host: server.socketDir, port: server.port };
  try {
    const [row] = await askServer<{ server_version: string }>(at, password, "SHOW server_version", {
      withinMs: firstAnswerWithinMs,
    });
    // Debian adds its own: "15.18 (Debian 15.18-0+deb12u1)".
    return row?.server_version.split(" ", 1)[0] ?? "";
  } catch (error) {
    if ((error as { code?: string }).code !== "28P01") throw error;
    const message = "The database does not know the password in secrets.json.";
    const next = "Put that file back from the backup it belongs to.";
    throw new LaunchRefused("launch.secrets_mismatch", `${message} ${next}`, { cause: error });
  }
}
