import { setTimeout as pause } from "node:timers/promises";
import { LaunchRefused } from "../refused.ts";
import type { ClusterMember, Guardians } from "./guardians.ts";
import { withTag } from "./patroni-settings.ts";
import { connectSuperuser } from "./superuser.ts";

const lookEveryMs = 50;
/** A Patroni reads its settings in its next turn, a second later at most, and makes a slot in the one after. */
const followWithinMs = 15_000;

/**
 * Has the other members follow `to` before it leads, so that somebody confirms its first write at once. Left where
 * they are, they would come 2 s later: Patroni lets a member that is not to lead rest for so long after the lead was
 * given up (process_unhealthy_cluster, 3.0.2 and 4.0.4), and the former leader as well. `undo` has them follow whoever
 * leads. Throws LaunchRefused `switchover.no_candidate`.
 */
export async function chainTo(
  to: ClusterMember,
  others: readonly ClusterMember[],
  guardians: Guardians,
  password: string,
): Promise<{ undo(): Promise<void> }> {
  const tell = async (leader: string | undefined) => {
    await Promise.all(others.map((member) => tag(member, leader)));
    await Promise.all(others.map(({ name }) => guardians.reload(name)));
  };
  const undo = () => tell(undefined);
  try {
    await tell(to.name);
    await untilFollowed(to, others, password);
  } catch (error) {
    await undo().catch(() => undefined);
    throw error;
  }
  return { undo };
}

/** What a crash leaves in the file is harmless: who follows nobody follows the leader, and a start writes it anew. */
async function tag({ settings: { host, file, account } }: ClusterMember, follows: string | undefined) {
  const settings = (await host.readFile(file)) ?? "";
  await host.putFile(file, withTag(settings, "replicatefrom", follows), {
    mode: 0o600,
    ...(account && { account }),
  });
}

async function untilFollowed(to: ClusterMember, others: readonly ClusterMember[], password: string) {
  const server = await connectSuperuser(to.local, password);
  try {
    for (const deadline = performance.now() + followWithinMs; ; await pause(lookEveryMs)) {
      const { rows } = await server.query<{ name: string }>(
        "select application_name as name from pg_stat_replication where state = 'streaming'",
      );
      const late = others.filter((other) => !rows.some(({ name }) => name === other.name));
      if (late.length === 0) return;
      if (performance.now() < deadline) continue;
      const names = late.map(({ name }) => name).join(" and ");
      const next = "See ./storey status, and try again when all databases follow.";
      throw new LaunchRefused("switchover.no_candidate", `${names} cannot follow ${to.name}. ${next}`);
    }
  } finally {
    await server.end().catch(() => undefined);
  }
}
