import { setTimeout as pause } from "node:timers/promises";
import { loopback } from "#launcher/loopback";
import { findPostgres } from "#launcher/postgres/start";
import { askServer } from "#launcher/postgres/superuser";
import { FaultRefused, type FaultSwitch, type Faulty } from "./fault.ts";
import { componentsOf, serverDirectory } from "./victims.ts";

/** A replica receives and confirms what is written, and shows none of it. */
export const laggingReplica: FaultSwitch = {
  name: "lagging-replica",
  about: "A replica of the database goes on receiving and stops applying what it receives.",
  lasts: true,
  targets: async (instance) => {
    const names = componentsOf(instance, "postgres");
    const follows = await Promise.all(
      names.map((name) => ask(instance, name, "select pg_is_in_recovery() as is")),
    );
    return names.filter((_, at) => follows[at]?.["is"] === true);
  },
  whyNot: async (instance) => {
    if (componentsOf(instance, "postgres").length > 1) return undefined;
    const why = `${instance.name} is at stage ${instance.stage}, which has no replica.`;
    return new FaultRefused("fault.no_target", `${why} Replicas begin at stage 5.`);
  },
  begin: async (instance, { on }, remember) => {
    await remember({});
    await ask(instance, on, "select pg_wal_replay_pause()");
    await isPaused(instance, on);
    return `${on}: it receives the log and applies nothing of it`;
  },
  // One that was promoted or started again applies by itself.
  end: async (instance, { on }) =>
    void (await ask(
      instance,
      on,
      "select case when pg_is_in_recovery() then pg_wal_replay_resume()::text end",
    )),
};

const pausedWithinMs = 10_000;

/** It was asked to; what it had begun to apply it applies. */
async function isPaused(instance: Faulty, name: string): Promise<void> {
  const statement = "select pg_get_wal_replay_pause_state() = 'paused' as is";
  for (const deadline = performance.now() + pausedWithinMs; ; await pause(20)) {
    const state = await ask(instance, name, statement);
    if (state?.["is"] === true) return;
    if (!state || performance.now() > deadline) throw new Error(`${name} goes on applying the log`);
  }
}

/** Asks a server through its socket; undefined where it does not run. */
async function ask(
  instance: Faulty,
  name: string,
  statement: string,
): Promise<Record<string, unknown> | undefined> {
  const { superuserPassword } = instance;
  const dataDir = serverDirectory(instance, name);
  const found = await findPostgres({ host: loopback, dataDir, superuserPassword });
  if (!found) return undefined;
  const server = { host: found.socketDir, port: found.port };
  const [row] = await askServer<Record<string, unknown>>(server, superuserPassword, statement);
  return row;
}
