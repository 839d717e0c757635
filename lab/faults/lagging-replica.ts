import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { loopback } from "#launcher/loopback";
import { findPostgres } from "#launcher/postgres/start";
import { askServer } from "#launcher/postgres/superuser";
import { FaultRefused, type FaultSwitch, type Faulty } from "./fault.ts";
import { componentsOf, serverDirectory } from "./victims.ts";

/** A day: longer than anybody lets it lag. */
const setting = "recovery_min_apply_delay = '1d'";

/**
 * A replica receives and confirms what is written, and shows none of it. Rejected: pg_wal_replay_pause, which Patroni
 * (3.0) takes back at its next turn, and a stopped startup process, which could not be promoted.
 */
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
    await appendFile(settingsOf(instance, on), `${setting}\n`);
    if ((await reload(instance, on, "1d")) === "gone") throw new Error(`${on} does not run`);
    return `${on}: it receives the log and applies nothing of it`;
  },
  end: async (instance, { on }) => {
    const file = settingsOf(instance, on);
    const lines = (await readFile(file, "utf8").catch(() => "")).split("\n");
    if (!lines.includes(setting)) return;
    await writeFile(file, lines.filter((line) => line !== setting).join("\n"));
    await reload(instance, on, "0");
  },
};

/** Patroni includes this one in its own, and leaves a delay alone that is set here. */
const settingsOf = (instance: Faulty, name: string): string =>
  join(serverDirectory(instance, name), "postgresql.base.conf");

const takenUpWithinMs = 10_000;

/** Waits until the server goes by its settings; one that is gone reads them when it starts. */
async function reload(instance: Faulty, name: string, delay: string): Promise<"done" | "gone"> {
  if (!(await ask(instance, name, "select pg_reload_conf()"))) return "gone";
  for (const deadline = performance.now() + takenUpWithinMs; ; await pause(20)) {
    const now = await ask(instance, name, "select current_setting('recovery_min_apply_delay') as delay");
    if (!now) return "gone";
    if (now["delay"] === delay) return "done";
    if (performance.now() > deadline) throw new Error(`${name} does not take up its settings`);
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
