import type { Host } from "../host.ts";
import type { Archive } from "./archive.ts";
import { basesOf } from "./base-backups.ts";
import { askServer, type Server } from "./superuser.ts";

/** Since a success no failure counts: the server tries again for as long as it takes. */
const failing = `
  select case when last_failed_time > coalesce(last_archived_time, '-infinity') then 1 else 0 end as "archiveFails",
         archived_count::float8 as "segmentsArchived"
  from pg_stat_archiver`;

/** How the archive of a server that leads is; what it does not tell is left out. */
export async function archiveNumbers(
  host: Host,
  archive: Archive,
  server: Server,
  password: string,
): Promise<Record<string, number>> {
  const asked = askServer(server, password, failing).catch(() => []);
  const newest = (await basesOf(host, archive)).at(-1);
  const [row] = await asked;
  if (!newest) return { ...row };
  return { ...row, baseAgeSeconds: (Date.now() - Date.parse(newest.endedAt)) / 1000 };
}
