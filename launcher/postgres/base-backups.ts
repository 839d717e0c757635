import { join } from "node:path";
import type { Account, Host } from "../host.ts";
import { LaunchRefused } from "../refused.ts";
import type { Archive } from "./archive.ts";
import { findBinaries } from "./binaries.ts";
import { superuserName } from "./settings.ts";
import { askServer, type Server } from "./superuser.ts";

/** A copy of the whole database, from which the log leads on. */
export interface Base {
  readonly directory: string;
  /** ISO 8601, UTC. Before it ended nothing can be brought back from it. */
  readonly endedAt: string;
  /** The first segment of the log that it needs. */
  readonly firstSegment: string;
  /** Of the server's major version. */
  readonly major: number;
}

const factsName = "base.json";
/** A week of daily ones: whoever notices a mistake later wants the rows of a file that `backup` wrote. */
const keptMost = 7;
/** 10 GB at 100 MB/s are two minutes; the wait for the log to be archived is part of it. */
const withinMs = 3_600_000;

/** Every whole one, the oldest first. */
export async function basesOf(host: Host, { base }: Archive): Promise<Base[]> {
  const names = (await host.list(base).catch(() => [])).filter((name) => !name.endsWith(".draft"));
  const read = names.map(async (name) => {
    const text = await host.readFile(join(base, name, factsName)).catch(() => undefined);
    return text === undefined ? [] : [{ ...(JSON.parse(text) as Base), directory: join(base, name) }];
  });
  return (await Promise.all(read)).flat();
}

/**
 * Copies the database of the server that leads, beside everybody who works with it, and forgets what is older than the
 * oldest that is kept. Throws LaunchRefused `launch.server_failed`; there is nothing half done then.
 */
export async function makeBase(options: {
  /** Where the archive is, and the server can be reached. */
  host: Host;
  archive: Archive;
  server: Server;
  password: string;
  account?: Account;
}): Promise<Base> {
  const { host, archive, server, password, account } = options;
  const { directory: binaries, major } = await findBinaries(host, "distribution", account);
  const [row] = await askServer<{ segment: string }>(
    server,
    password,
    "select pg_walfile_name(pg_current_wal_lsn()) as segment",
  );
  const as = account ? { account } : {};
  const name = new Date().toISOString().replaceAll(":", "-");
  const draft = join(archive.base, `${name}.draft`);
  await host.putDirectory(draft, { mode: 0o700, ...as });
  try {
    // Without the log: the server ends the copy when all that it needs is in the archive.
    const args = ["-D", draft, "-F", "tar", "-z", "-X", "none", "-c", "fast", "--no-password"];
    const where = ["-h", server.host, "-p", String(server.port), "-U", superuserName];
    const program = join(binaries, "pg_basebackup");
    const environment = { PGPASSWORD: password, LC_ALL: "C" };
    const done = await host.run({ program, args: [...args, ...where], environment, ...as }, withinMs);
    if (done.exitCode !== 0)
      throw new LaunchRefused("launch.server_failed", `The database was not copied: ${done.stderr.trim()}`);
    const base = {
      directory: join(archive.base, name),
      endedAt: new Date().toISOString(),
      firstSegment: row?.segment ?? "",
      major,
    };
    await host.putFile(join(draft, factsName), `${JSON.stringify(base)}\n`, { mode: 0o600, ...as });
    await host.move(draft, base.directory);
    await forgetOld(host, archive, { binaries, ...as });
    return base;
  } catch (error) {
    await host.remove(draft);
    throw error;
  }
}

async function forgetOld(
  host: Host,
  archive: Archive,
  { binaries, ...as }: { binaries: string; account?: Account },
): Promise<void> {
  const bases = await basesOf(host, archive);
  const [oldest] = bases.slice(-keptMost);
  for (const old of bases.slice(0, -keptMost)) await host.remove(old.directory);
  if (!oldest || bases.length <= keptMost) return;
  const program = join(binaries, "pg_archivecleanup");
  await host.run({ program, args: ["-x", ".gz", archive.wal, oldest.firstSegment], ...as }, withinMs);
}
