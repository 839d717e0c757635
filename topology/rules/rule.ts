import type { Topology } from "../model.ts";

/** Something that must not be so. */
export interface Finding {
  /** A sentence that says what to do. */
  readonly message: string;
  /** Hosts, components and domains it speaks of. */
  readonly names: readonly string[];
}

/** Something that must hold in every topology, or from some stage on. */
export interface Rule {
  readonly name: string;
  check(topology: Topology): readonly Finding[];
}

/** Whatever occurs a second time, each once. */
export const repeated = (names: readonly string[]): string[] => [
  ...new Set(names.filter((name, index) => names.indexOf(name) < index)),
];

/** Things by what they have in common, in the order of their first. */
export function groupBy<T>(things: readonly T[], keyOf: (thing: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const thing of things) {
    const key = keyOf(thing);
    const group = groups.get(key);
    if (group) group.push(thing);
    else groups.set(key, [thing]);
  }
  return [...groups.values()];
}
