import { randomBytes } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { systemClock } from "#kernel/clock";
import { serverAccount } from "#launcher/account";
import { loopback } from "#launcher/loopback";
import { type Archive, archiveOf } from "#launcher/postgres/archive";
import { type Base, makeBase } from "#launcher/postgres/base-backups";
import { archiveUntilNow, recover } from "#launcher/postgres/recover";
import { stopOrphan } from "#launcher/postgres/start";
import { databaseDirectories } from "./databases.ts";
import type { InstanceOptions } from "./instance.ts";
import { type Reached, reachInstance } from "./reach.ts";
import { CommandRefused } from "./refusals.ts";
import { knownInstance } from "./status.ts";

/** The database of an instance as it was at a moment: a server of its own, which `close` ends and removes. */
export async function reachPast(
  options: InstanceOptions,
  at: Date,
  say: (line: string) => void,
): Promise<Reached> {
  const facts = await knownInstance(options);
  const archive = archiveOfCluster(facts);
  if (at.getTime() > systemClock.now()) {
    throw new CommandRefused("backup.not_yet", `${at.toISOString()} has not come yet.`);
  }
  await archiveWhatIsThere(archive, options, say);
  const archiveDirectory = join(facts.directory, "archive");
  await removeLeftBehind(archiveDirectory);
  const place = join(archiveDirectory, `recovering-${randomBytes(4).toString("hex")}`);
  const dataDir = join(place, "data");
  const account = await serverAccount(loopback, archive.wal);
  const { superuserPassword: password } = facts;
  try {
    const as = account ? { account } : {};
    const server = await recover({ host: loopback, archive, at, dataDir, password, ...as, log: say });
    return {
      facts,
      server: { host: server.socketDir, port: server.port, user: server.superuser.user, password },
      running: false,
      asOf: at,
      rememberPurpose: async () => {
        throw new Error("the past has its purpose");
      },
      close: async () => {
        await server.stop();
        await rm(place, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await stopOrphan(loopback, dataDir);
    await rm(place, { recursive: true, force: true });
    throw error;
  }
}

/** Copies the whole database into the archive: moments after this can be brought back. */
export async function backUpBase(options: InstanceOptions, say: (line: string) => void): Promise<Base> {
  const facts = await knownInstance(options);
  const archive = archiveOfCluster(facts);
  const reached = await reachInstance(options, say);
  const account = await serverAccount(loopback, archive.wal);
  try {
    const { server } = reached;
    return await makeBase({
      host: loopback,
      archive,
      server,
      password: server.password,
      ...(account ? { account } : {}),
    });
  } finally {
    await reached.close();
  }
}

function archiveOfCluster(facts: { name: string; directory: string; stage: number }): Archive {
  if (databaseDirectories(facts).some(({ guardian }) => guardian === "patroni")) {
    return archiveOf(facts.directory);
  }
  const message = `${facts.name} is at stage ${facts.stage}, where the database keeps no archive of its log.`;
  throw new CommandRefused("backup.no_archive", `${message} Clusters do, from stage 5 on.`);
}

/** A cluster that is lost altogether has left what it had archived until then. */
async function archiveWhatIsThere(
  archive: Archive,
  options: InstanceOptions,
  say: (line: string) => void,
): Promise<void> {
  try {
    const reached = await reachInstance(options, say);
    await archiveUntilNow(loopback, archive, reached.server, reached.server.password).finally(() =>
      reached.close(),
    );
  } catch (error) {
    say(`${(error as Error).message}\nGoing on with what is in the archive.`);
  }
}

/** Of an earlier run that was killed. */
async function removeLeftBehind(archiveDirectory: string): Promise<void> {
  for (const name of await readdir(archiveDirectory).catch(() => [])) {
    if (!name.startsWith("recovering-")) continue;
    await stopOrphan(loopback, join(archiveDirectory, name, "data"));
    await rm(join(archiveDirectory, name), { recursive: true, force: true });
  }
}
