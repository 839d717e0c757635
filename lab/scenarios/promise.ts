import { type Component, type Kind, ofKind, type Topology } from "#topology/model";
import type { FaultName } from "../faults/fault.ts";

/**
 * What a fault makes of those it is on: `gone` as machines go, which redundancy is for; `impaired` answers late,
 * wrongly or not always, and nobody is promised to take its place; `harmless` is what the shop does without by design.
 */
type Severity = "gone" | "impaired" | "harmless";

const severities: Readonly<Record<FaultName, Severity>> = {
  kill: "gone",
  freeze: "gone",
  "cut-off": "gone",
  "one-way": "impaired",
  "slow-link": "impaired",
  "full-disk": "impaired",
  "clock-jump": "impaired",
  "slow-disk": "impaired",
  "exhausted-connections": "impaired",
  errors: "impaired",
  "lagging-replica": "harmless",
  "lost-cache": "harmless",
};

/** Without these orders are taken all the same: caches, pictures, and those who watch. */
const dispensable: readonly Kind[] = ["redis", "memcached", "files", "prometheus", "alertmanager"];

/** Whether it takes away what it is on, as machines that die do. */
export const takesAway = (name: FaultName): boolean => severities[name] === "gone";

/** Whether orders need what a fault is on. */
export const isNeeded = (topology: Topology, on: string): boolean =>
  afflicted(topology, on).some(({ kind }) => !dispensable.includes(kind));

/** A fault and whom it is on. */
export interface Affliction {
  readonly name: FaultName;
  readonly on: string;
}

/** The components a fault is on: one, or all of a host. */
export const afflicted = (topology: Topology, on: string): Component[] =>
  topology.components.filter(({ name, host }) => name === on || host === on);

/** Whether a stage promises to go on taking orders while these are on, once whoever takes over has noticed. */
export function goesOn(topology: Topology, afflictions: readonly Affliction[]): boolean {
  const gone = new Set<string>();
  for (const { name, on } of afflictions) {
    const severity = severities[name];
    const needed = afflicted(topology, on).filter(({ kind }) => !dispensable.includes(kind));
    if (severity === "impaired" && needed.length > 0) return false;
    if (severity === "gone") for (const each of needed) gone.add(each.name);
  }
  const kinds = new Set(topology.components.map(({ kind }) => kind));
  return [...kinds].every((kind) => {
    const all = ofKind(topology, kind);
    const left = all.filter(({ name }) => !gone.has(name)).length;
    return left === all.length || left >= fewest(all);
  });
}

/** Of databases that confirm each other's writes, and of those who agree who leads, more than half; else one. */
function fewest([first, ...others]: readonly Component[]): number {
  if (!first) return 0;
  const agree = first.kind === "zookeeper" || (first.kind === "postgres" && first.guardian === "patroni");
  return agree ? Math.floor((1 + others.length) / 2) + 1 : 1;
}
