import { randomBytes } from "node:crypto";
import { basename, dirname, join } from "node:path";
import { canEnter } from "../account.ts";
import type { Account, FileOptions, Finished, Host } from "../host.ts";
import { diskFull, LaunchRefused, refuseUnwritable } from "../refused.ts";
import type { Binaries } from "./binaries.ts";
import { accessRules, initArguments, type Listen, ownSettings, renderSettings } from "./settings.ts";

/** A new cluster takes 60 MB; a start needs room for the log and what recovery writes. Bytes. */
const roomToCreate = 160 << 20;
const roomToStart = 32 << 20;

/**
 * The major version that made the data, undefined where there is none yet. Throws LaunchRefused
 * `launch.data_unknown`.
 */
export async function dataMajor(host: Host, dataDir: string): Promise<number | undefined> {
  return refuseUnwritable(dataDir, async () => {
    const text = await host.readFile(join(dataDir, "PG_VERSION"));
    if (text !== undefined) return Number.parseInt(text, 10);
    if ((await host.list(dataDir)).length === 0) return undefined;
    const message = `${dataDir} holds files that are no database. Move them away, or choose another directory with --data.`;
    throw new LaunchRefused("launch.data_unknown", message);
  });
}

/** Refuses data that another major version made: the files of one are unreadable to another. */
export function requireSameMajor(dataDir: string, major: number | undefined, binaries: Binaries): void {
  if (major === undefined || major === binaries.major) return;
  const made = `The database in ${dataDir} was made by PostgreSQL ${major}, and this is ${binaries.version}.`;
  if (major > binaries.major) {
    const next = "Start it with the newer Storey or server that made it.";
    throw new LaunchRefused("launch.data_newer", `${made} ${next}`);
  }
  const next =
    "Make a backup with the version that made it (`storey backup`), and restore that here (`storey restore`).";
  throw new LaunchRefused("launch.data_older", `${made} ${next}`);
}

/** Makes the data directory of a new cluster: whole, or not at all. */
export async function createCluster(options: {
  host: Host;
  dataDir: string;
  binaries: Binaries;
  password: string;
  account?: Account;
}): Promise<void> {
  const { host, dataDir, account } = options;
  // A name of its own each time: after a kill, the initdb of the killed start may still be writing to its
  // draft.
  const draft = `${dataDir}.new-${randomBytes(4).toString("hex")}`;
  await refuseUnwritable(dirname(dataDir), async () => {
    await removeDrafts(host, dataDir);
    await host.putDirectory(draft, { mode: 0o700, account });
    try {
      await requireReachable(host, draft, account);
      await requireRoom(host, draft, roomToCreate);
      await initialise({ ...options, draft });
      await host.remove(dataDir);
      await host.move(draft, dataDir);
    } catch (error) {
      await host.remove(draft);
      throw error;
    }
  });
}

/** Writes what the launcher decides about an existing cluster. */
export async function configureCluster(options: {
  host: Host;
  dataDir: string;
  socketDir: string;
  binaries: Binaries;
  account?: Account;
  listen?: Listen;
}): Promise<void> {
  const { host, dataDir, account, socketDir, listen } = options;
  await refuseUnwritable(dataDir, async () => {
    await requireReachable(host, dataDir, account);
    await requireRoom(host, dataDir, roomToStart);
    const { major } = options.binaries;
    const settings = renderSettings({ socketDir, major, ...(listen ? { listen } : {}) });
    const as = { mode: 0o600, account };
    await putWhereDifferent(host, join(dataDir, "postgresql.conf"), settings, as);
    await putWhereDifferent(host, join(dataDir, "pg_hba.conf"), accessRules, as);
    const own = join(dataDir, "local.conf");
    if ((await host.look(own))?.realPath === undefined) await host.putFile(own, ownSettings, as);
  });
}

/** What a first start that was killed left behind. */
async function removeDrafts(host: Host, dataDir: string): Promise<void> {
  const parent = dirname(dataDir);
  for (const entry of await host.list(parent)) {
    if (!entry.startsWith(`${basename(dataDir)}.new-`)) continue;
    // Its initdb may still add files while they are removed; then the next first start gets them.
    await host.remove(join(parent, entry)).catch(() => undefined);
  }
}

async function initialise(options: {
  host: Host;
  draft: string;
  binaries: Binaries;
  password: string;
  account?: Account;
}): Promise<void> {
  const { host, draft, binaries, account } = options;
  const passwordFile = `${draft}.password`;
  await host.putFile(passwordFile, options.password, { mode: 0o600, account });
  try {
    let finished: Finished | undefined;
    for (const locale of ["C.UTF-8", "C"]) {
      const args = initArguments({ dataDir: draft, passwordFile, major: binaries.major, locale });
      const program = join(binaries.directory, "initdb");
      finished = await host.run({ program, args, account, environment: { LC_ALL: "C" } }, 120_000);
      if (!/invalid locale/i.test(finished.stderr)) break;
    }
    if (finished && finished.exitCode !== 0) throw explainInit(draft, finished);
  } finally {
    await host.remove(passwordFile);
  }
}

function explainInit(draft: string, { stdout, stderr }: Finished): LaunchRefused {
  if (/No space left on device|Disk quota exceeded/.test(stdout + stderr)) return diskFull(draft);
  if (stderr.includes("could not look up effective user")) {
    const next = "Run Storey as a user that is in /etc/passwd.";
    return new LaunchRefused("launch.no_account", `PostgreSQL wants a user with a name. ${next}`);
  }
  const message = `The database could not be created in ${draft}: ${(stderr || stdout).trim()}`;
  return new LaunchRefused("launch.server_failed", message);
}

async function requireReachable(host: Host, directory: string, account?: Account): Promise<void> {
  if (await canEnter(host, directory, account)) return;
  const who = account ? `${account.name}, the user as whom the database runs` : "this user";
  const next = "Choose a directory whose parents everybody may enter (chmod o+x) with --data.";
  throw new LaunchRefused("launch.data_unreachable", `${directory} cannot be entered by ${who}. ${next}`);
}

async function requireRoom(host: Host, directory: string, bytes: number): Promise<void> {
  if ((await host.roomBytes(directory)) < bytes) throw diskFull(directory);
}

async function putWhereDifferent(
  host: Host,
  path: string,
  contents: string,
  options: FileOptions,
): Promise<void> {
  const isFile = (await host.look(path))?.kind === "file";
  if (!isFile || (await host.readFile(path)) !== contents) await host.putFile(path, contents, options);
}
