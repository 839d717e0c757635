import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { isAlive, type ProcessIdentity } from "#launcher/host";
import { loopback } from "#launcher/loopback";
import type { FaultSwitch } from "./fault.ts";
import { componentsOf } from "./victims.ts";

/** A database forks a process for each. */
const heldWithinMs = 60_000;

/** Somebody has taken most of what a server admits, and keeps it. */
export const exhaustedConnections: FaultSwitch = {
  name: "exhausted-connections",
  about:
    "So much of what a server admits is taken by connections that do nothing; 100: each that becomes free, too.",
  unit: "percent of the connections it admits",
  grades: { least: 1, most: 100, usual: 100 },
  lasts: true,
  targets: async (instance) => componentsOf(instance, "postgres", "redis", "memcached"),
  begin: async (instance, { on, grade }, remember) => {
    const folder = join(instance.directory, "run", "faults");
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const output = join(folder, `${on}-connections.log`);
    const holder = join(import.meta.dirname, "hold-connections.ts");
    const args = ["--no-warnings", holder, instance.directory, on, String(grade)];
    const started = await loopback.start({ program: process.execPath, args }, output);
    await remember({ pid: started.pid, startMark: started.startMark });
    const said = await firstWord(started, output);
    return `${on}: ${said} (process ${started.pid})`;
  },
  end: async (_, __, undoing) => {
    const { pid, startMark } = undoing as Partial<ProcessIdentity>;
    if (!pid || !startMark) return;
    if (await loopback.stop({ pid, startMark }, "SIGTERM", 2_000)) return;
    if (!(await loopback.stop({ pid, startMark }, "SIGKILL", 5_000)))
      throw new Error(`process ${pid}, which holds the connections, does not end`);
  },
};

/** What it holds, when it holds all it can. */
async function firstWord(holder: ProcessIdentity, output: string): Promise<string> {
  for (const deadline = performance.now() + heldWithinMs; ; await pause(20)) {
    const said = await readFile(output, "utf8");
    if (said.startsWith("holds ")) return said.split("\n", 1)[0] ?? "";
    if (!(await isAlive(loopback, holder)))
      throw new Error(`the process that was to hold connections ended: ${said.trim()}`);
    if (performance.now() > deadline)
      throw new Error(`no connections are held after ${heldWithinMs / 1000} s`);
  }
}
