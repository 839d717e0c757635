import { join } from "node:path";
import type { Account, Host } from "../host.ts";

/**
 * Where an instance keeps what its database wrote: the log in segments (`wal`), and copies of the whole (`base`) from
 * which the log leads on to any later moment. Its own directory, so that another disk can be mounted there.
 */
export interface Archive {
  readonly wal: string;
  readonly base: string;
}

export const archiveOf = (instanceDirectory: string): Archive => ({
  wal: join(instanceDirectory, "archive", "wal"),
  base: join(instanceDirectory, "archive", "base"),
});

/** Makes its directories for the servers' user. */
export async function openArchive(
  host: Pick<Host, "putDirectory">,
  instanceDirectory: string,
  account?: Account,
): Promise<Archive> {
  const archive = archiveOf(instanceDirectory);
  const options = { mode: 0o700, ...(account ? { account } : {}) };
  for (const directory of [join(instanceDirectory, "archive"), archive.wal, archive.base])
    await host.putDirectory(directory, options);
  return archive;
}

/**
 * Settings of a server that leads: each full segment, and after a minute one that is not, is packed into the archive,
 * on the disk before the server may forget it. What is there already is compared and never replaced: two servers that
 * both believe to lead must not mix.
 */
export function archiveSettings({ wal }: Archive): Record<string, string> {
  const file = `${inShell(wal)}/%f.gz`;
  const draft = `${inShell(wal)}/.%f.gz`;
  return {
    archive_mode: "on",
    archive_command:
      `if test -f ${file}; then gzip -dc ${file} | cmp -s - "%p"; ` +
      `else gzip -1 -c "%p" > ${draft} && sync ${draft} && mv ${draft} ${file} && sync ${inShell(wal)}; fi`,
    archive_timeout: "60s",
  };
}

/** How a server that is being brought back gets a segment; fails where there is none. */
export const fetchCommand = ({ wal }: Archive): string =>
  `test -f ${inShell(wal)}/%f.gz && gzip -dc ${inShell(wal)}/%f.gz > "%p"`;

/** A path for the shell and for PostgreSQL, which has a use of its own for the percent sign. */
const inShell = (path: string): string => `'${path.replaceAll("'", "'\\''").replaceAll("%", "%%")}'`;

/** Whether a segment is in the archive. */
export const isArchived = async (host: Host, { wal }: Archive, segment: string): Promise<boolean> =>
  (await host.look(join(wal, `${segment}.gz`))) !== undefined;
