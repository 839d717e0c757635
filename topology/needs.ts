import type { Role, Topology } from "./model.ts";

/**
 * Roads whose far end must be ready before the near end can be. Not `rpc`: applications may call each other in both
 * directions, and a call that comes too early is repeated. Not `agrees`: an ensemble begins to answer together. Nor
 * `follows`: which member of a cluster leads is decided anew at every start, and any may be the one that can.
 */
const awaited: readonly Role[] = ["entrance", "http", "database", "cache", "files", "consensus", "alerts"];

/** What must be ready before a component is started, by name, each once. */
export const awaitedBy = (topology: Topology, name: string): string[] => [
  ...new Set(
    topology.roads.filter((road) => road.from === name && awaited.includes(road.role)).map((road) => road.to),
  ),
];

/** Components that can never start: those that wait for each other in a circle, and those that wait for these. */
export function neverReady(topology: Topology): string[] {
  const ready = new Set<string>();
  let waiting = topology.components.map(({ name }) => name);
  for (;;) {
    const next = waiting.filter((name) => awaitedBy(topology, name).every((need) => ready.has(need)));
    if (next.length === 0) return waiting;
    for (const name of next) ready.add(name);
    waiting = waiting.filter((name) => !ready.has(name));
  }
}
