import { createConnection } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import type pg from "pg";
import { LaunchRefused } from "../refused.ts";
import { chainTo } from "./chain.ts";
import { type ClusterMember, type Guardians, openGuardians } from "./guardians.ts";
import { leads } from "./leader.ts";
import { askServer, connectSuperuser } from "./superuser.ts";

export interface SwitchoverOptions {
  readonly members: readonly ClusterMember[];
  /** Who is to lead; absent: whoever confirms writes now. */
  readonly to?: string;
  /** The database whose processes hold their writes. */
  readonly database: string;
  readonly passwords: { readonly superuser: string; readonly rest: string };
  /** How the shop's processes are asked to hold, and which of their connections say that they do. */
  readonly hold: {
    readonly channel: string;
    readonly usual: string;
    readonly held: string;
    /** What connections end in that only read: a read that is cut off is asked again elsewhere. */
    readonly readSuffix: string;
  };
  say(line: string): void;
}

export interface Switched {
  readonly from: string;
  readonly to: string;
  /** From the moment writes were held until another server had taken one, confirmed by a second disk. */
  readonly heldMs: number;
}

/** Longer than processes hold by themselves, nobody may rely on it. */
const holdMs = 5_000;
/** What is under way takes milliseconds; a long statement is no reason to make buyers wait. */
const drainedWithinMs = 1_500;
const lookEveryMs = 10;
/** Nothing was under way, seen so often in turn: what a process had just sent is in the server by the next look. */
const quietLooks = 3;
/** A checkpoint of much takes its time. */
const statementWithinMs = 30_000;
const tries = 3;
const betweenTriesMs = 300;
const confirmsWithinMs = 20_000;
/** Patroni answers when it is over; the former leader rests for 2 s before it follows. */
const switchedWithinMs = 30_000;
const wakeEveryMs = 150;

/**
 * Hands the lead of a cluster over while the shop sells: the others follow who is to lead, every process holds its
 * writes, those under way end, Patroni stops the one and promotes the other, and all go on there. Throws
 * LaunchRefused: `switchover.leads_already`, `switchover.unknown`, `switchover.no_candidate`, `switchover.busy`,
 * `switchover.failed`; the leader is the same then.
 */
export async function switchOver(options: SwitchoverOptions): Promise<Switched> {
  const { members, say, passwords } = options;
  const guardians = openGuardians(members, passwords.rest);
  const { from, to } = await chooseBoth(options, await confirmedRoles(guardians));
  const others = members.filter((member) => member !== from && member !== to);
  const chained = await chainTo(to, others, guardians, passwords.superuser);
  try {
    await guardians.untilConfirms(to.name, confirmsWithinMs);
    const old = await connectSuperuser(from.local, passwords.superuser, {
      database: options.database,
      withinMs: statementWithinMs,
      name: "storey switchover",
    });
    try {
      // What is written now need not be written while everybody waits.
      await old.query("checkpoint");
      say(`${from.name} hands over to ${to.name}; writes are held`);
      const heldAt = performance.now();
      let heldMs = 0;
      try {
        await holdAtLast(old, options);
        const switched = guardians.switchOver(from.name, to.name, switchedWithinMs);
        await takesWrites({ from, to, guardians, password: passwords.superuser }, switched);
        heldMs = Math.round(performance.now() - heldAt);
        await switched;
      } catch (error) {
        await letGo(old, options);
        throw error;
      }
      return { from: from.name, to: to.name, heldMs };
    } finally {
      await old.end().catch(() => undefined);
    }
  } finally {
    await chained.undo();
  }
}

/** Right after another switchover, or a failure, a moment passes before a standby confirms writes again. */
async function confirmedRoles(guardians: Guardians): Promise<ReadonlyMap<string, string>> {
  for (const deadline = performance.now() + confirmsWithinMs; ; await pause(lookEveryMs * 10)) {
    const roles = await guardians.roles();
    if ([...roles.values()].includes("sync_standby") || performance.now() > deadline) return roles;
  }
}

async function chooseBoth(
  { members, to: wanted }: SwitchoverOptions,
  roles: ReadonlyMap<string, string>,
): Promise<{ from: ClusterMember; to: ClusterMember }> {
  const from = members.find(({ name }) => roles.get(name) === "leader");
  if (!from) throw new LaunchRefused("switchover.failed", "Nobody leads now. See ./storey status.");
  if (wanted === from.name)
    throw new LaunchRefused("switchover.leads_already", `${wanted} leads already. Nothing was changed.`);
  const names = members.map(({ name }) => name).join(", ");
  if (wanted !== undefined && !members.some(({ name }) => name === wanted))
    throw new LaunchRefused("switchover.unknown", `There is no database "${wanted}"; there are ${names}.`);
  const to = members.find(({ name }) =>
    wanted === undefined ? roles.get(name) === "sync_standby" : name === wanted && roles.has(name),
  );
  if (to) return { from, to };
  const next = "See ./storey status, and try again when one does.";
  throw new LaunchRefused("switchover.no_candidate", `No other database confirms writes now. ${next}`);
}

/** Work that waits for other work which is held ends when it is let go; there is hardly ever more than one such. */
async function holdAtLast(old: pg.Client, options: SwitchoverOptions): Promise<void> {
  for (let left = tries - 1; ; left--) {
    try {
      return await hold(old, options);
    } catch (error) {
      if (left === 0) throw error;
      await letGo(old, options);
      await pause(betweenTriesMs);
    }
  }
}

const letGo = (old: pg.Client, { hold: { channel } }: SwitchoverOptions) =>
  old.query("select pg_notify($1, '0')", [channel]).catch(() => undefined);

/** Asks every process to hold, and waits until all say so and no write of theirs is under way. */
async function hold(old: pg.Client, { hold: asked }: SwitchoverOptions): Promise<void> {
  const { channel, usual, held, readSuffix } = asked;
  let quiet = 0;
  for (const deadline = performance.now() + drainedWithinMs; ; await pause(lookEveryMs)) {
    // Again for whoever had to connect anew meanwhile.
    if (quiet === 0) await old.query("select pg_notify($1, $2)", [channel, String(holdMs)]);
    const { rows } = await old.query<{ who: string }>(
      `select application_name || ' (' || coalesce(state, '') || ')' as who from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
         and application_name not like '%' || $3
         and case when application_name in ($1, $2) then application_name = $1 else state <> 'idle' end`,
      [usual, held, readSuffix],
    );
    quiet = rows.length === 0 ? quiet + 1 : 0;
    if (quiet === quietLooks) return;
    if (performance.now() < deadline) continue;
    const message = `Somebody still writes: ${rows.map(({ who }) => who).join(", ")}.`;
    throw new LaunchRefused("switchover.busy", `${message} Try again when no long work is under way.`);
  }
}

interface Switching {
  readonly from: ClusterMember;
  readonly to: ClusterMember;
  readonly guardians: Guardians;
  readonly password: string;
}

/**
 * Ends when the new one has taken a write; with what ended the switch, where that failed. Once the former leader is
 * down the new one's Patroni is woken again and again: one that looked at the cluster in the moment in which the
 * lead was given up looks again only in its next turn, 1.5 s later (1 of 4 switchovers). Not before: while its
 * leader ends, a Patroni that looks may find nobody to follow, and let go (the leader's entry in the ensemble is
 * taken away and put back).
 */
async function takesWrites(
  { from, to, guardians, password }: Switching,
  switched: Promise<void>,
): Promise<void> {
  let isOver = false;
  switched.catch(() => {
    isOver = true;
  });
  let wokenAt = performance.now();
  for (const deadline = wokenAt + switchedWithinMs; performance.now() < deadline && !isOver; ) {
    if (await leads(to.local, password)) {
      // Says nothing, and waits for a second disk as every commit does.
      await askServer(to.local, password, "select pg_logical_emit_message(true, 'storey', 'leads')", {
        withinMs: switchedWithinMs,
      });
      return;
    }
    if (performance.now() - wokenAt > wakeEveryMs && (await isDown(from))) {
      wokenAt = performance.now();
      guardians.wake(to.name).catch(() => undefined);
    }
    await pause(lookEveryMs);
  }
  await switched;
  throw new LaunchRefused("switchover.failed", "The new leader takes no writes. See ./storey status.");
}

/** Nobody listens where it did. */
const isDown = ({ local }: ClusterMember): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection({ path: `${local.host}/.s.PGSQL.${local.port}` });
    socket.once("error", () => resolve(true));
    socket.once("connect", () => {
      socket.destroy();
      resolve(false);
    });
  });
