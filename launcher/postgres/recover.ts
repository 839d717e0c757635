import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Account, Host } from "../host.ts";
import { LaunchRefused } from "../refused.ts";
import { type Archive, fetchCommand, isArchived } from "./archive.ts";
import { basesOf } from "./base-backups.ts";
import { type RunningPostgres, startPostgres } from "./start.ts";
import { askServer, type Server } from "./superuser.ts";

const unpackWithinMs = 3_600_000;
const archivedWithinMs = 60_000;

/**
 * Sees to it that the archive holds whatever was committed until now. Throws LaunchRefused `launch.server_failed` where
 * it does not get there within a minute.
 */
export async function archiveUntilNow(
  host: Host,
  archive: Archive,
  server: Server,
  password: string,
): Promise<void> {
  // A commit that is later than any moment which may be asked for: without one nobody can tell that it is over.
  await askServer(server, password, "select pg_logical_emit_message(true, 'storey', 'until here')");
  const [row] = await askServer<{ segment: string }>(
    server,
    password,
    "select pg_walfile_name(pg_switch_wal()) as segment",
  );
  const segment = row?.segment ?? "";
  for (const deadline = performance.now() + archivedWithinMs; performance.now() < deadline; await pause(100))
    if (await isArchived(host, archive, segment)) return;
  const next = "The database's log says why: ./storey status, and the log directory of the one that leads.";
  throw new LaunchRefused("launch.server_failed", `${segment} does not get into the archive. ${next}`);
}

/**
 * Starts a server of its own in `dataDir` with the database as it was at `at`: the last copy that ended before, and the
 * log from there. It archives nothing. Throws LaunchRefused `launch.no_base`, `launch.server_failed`.
 */
export async function recover(options: {
  host: Host;
  archive: Archive;
  at: Date;
  dataDir: string;
  password: string;
  account?: Account;
  log(line: string): void;
}): Promise<RunningPostgres> {
  const { host, archive, at, dataDir, account, password, log } = options;
  const bases = await basesOf(host, archive);
  const base = bases.filter(({ endedAt }) => Date.parse(endedAt) <= at.getTime()).at(-1);
  if (!base) {
    const next = "`storey backup --base` makes one; moments after it can be brought back.";
    throw new LaunchRefused(
      "launch.no_base",
      `No copy of the database is as old as ${at.toISOString()}. ${next}`,
    );
  }
  const as = { mode: 0o700, ...(account ? { account } : {}) };
  await host.putDirectory(dataDir, as);
  log(`unpacking the copy of ${base.endedAt}`);
  const args = ["-xzf", join(base.directory, "base.tar.gz"), "-C", dataDir];
  const unpacked = await host.run({ program: "/bin/tar", args, ...as }, unpackWithinMs);
  if (unpacked.exitCode !== 0) throw new LaunchRefused("launch.server_failed", unpacked.stderr.trim());
  await host.putFile(join(dataDir, "local.conf"), settingsUntil(archive, at), { ...as, mode: 0o600 });
  await host.putFile(join(dataDir, "recovery.signal"), "", { ...as, mode: 0o600 });
  log(`replaying the log until ${at.toISOString()}`);
  return startPostgres({ host, dataDir, from: "distribution", superuserPassword: password, log });
}

/** Read after our own settings. Nobody looks in before it is over. */
function settingsUntil(archive: Archive, at: Date): string {
  const settings = {
    restore_command: fetchCommand(archive),
    recovery_target_time: at.toISOString().replace("T", " ").replace("Z", "+00"),
    recovery_target_timeline: "latest",
    recovery_target_action: "promote",
    hot_standby: "off",
    archive_mode: "off",
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`)
    .join("");
}
