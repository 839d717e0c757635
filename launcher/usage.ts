import { readdirSync, readFileSync } from "node:fs";
import type { ProcessIdentity, Usage } from "./host.ts";

/** The kernel counts processor time in ticks of 10 ms, on every Linux that Node runs on. */
const tickMs = 10;

/** What a process of this machine and its descendants take, from /proc; undefined elsewhere and when it is gone. */
export function usage({ pid }: ProcessIdentity): Usage | undefined {
  const family = familyOf(pid);
  if (family.length === 0) return undefined;
  let memoryBytes = 0;
  let cpuMs = 0;
  for (const each of family) {
    memoryBytes += memoryOf(each.pid);
    cpuMs += each.ticks * tickMs;
  }
  return { memoryBytes, cpuMs };
}

interface Entry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly ticks: number;
}

/** The processes of a group that live, its leader included; none where there is no /proc. */
export const groupOf = (leader: number): number[] =>
  readAll().flatMap((entry) => (entry.group === leader ? [entry.pid] : []));

function familyOf(root: number): Entry[] {
  const entries = readAll();
  const family = entries.filter((entry) => entry.pid === root);
  for (let from = 0; from < family.length; from += 1) {
    family.push(...entries.filter((entry) => entry.parent === family[from]?.pid));
  }
  return family;
}

function readAll(): Entry[] {
  const names = orUndefined(() => readdirSync("/proc").filter((name) => /^\d+$/.test(name)));
  return (names ?? []).flatMap((name) => {
    const line = orUndefined(() => readFileSync(`/proc/${name}/stat`, "utf8"));
    if (!line) return [];
    // After the name in brackets: state, parent, group, …; fields 14 and 15 are user and system time.
    const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
    // One that has ended and that nobody has asked after yet takes nothing, and is none of the living.
    if (fields[0] === "Z" || fields[0] === "X") return [];
    const ticks = Number(fields[11]) + Number(fields[12]);
    return [{ pid: Number(name), parent: Number(fields[1]), group: Number(fields[2]), ticks }];
  });
}

/** Shared pages count by share (PSS), where the kernel tells us; else all that is resident. */
function memoryOf(pid: number): number {
  const rollup = orUndefined(() => readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"));
  const pss = rollup && /^Pss:\s+(\d+) kB/m.exec(rollup)?.[1];
  if (pss) return Number(pss) * 1024;
  const status = orUndefined(() => readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number((status && /^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) || 0) * 1024;
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
