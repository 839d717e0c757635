import type { Role, Topology } from "./model.ts";

/**
 * Roads whose far end must be ready before the near end can be. Not `rpc`: applications may call each other in both
 * directions, and a call that comes too early is repeated. Not `agrees`: an ensemble begins to answer together.
 */
const awaited: readonly Role[] = [
  "entrance",
  "http",
  "database",
  "follows",
  "cache",
  "files",
  "consensus",
  "alerts",
];

/** What must be ready before a component is started, by name, each once. */
export const needsOf = (topology: Topology, name: string): string[] => [
  ...new Set(
    topology.roads.filter((road) => road.from === name && awaited.includes(road.role)).map((road) => road.to),
  ),
];

/** In what order components can start. */
export interface Order {
  /** Names, wave after wave: each needs only what is in waves before its own. */
  readonly waves: readonly (readonly string[])[];
  /** Those that wait for each other in a circle, and those that wait for these. Empty in a valid topology. */
  readonly stuck: readonly string[];
}

/** The order of starting; the reverse is the order of stopping. */
export function startingOrder(topology: Topology): Order {
  const waves: string[][] = [];
  const ready = new Set<string>();
  let waiting = topology.components.map(({ name }) => name);
  for (;;) {
    const wave = waiting.filter((name) => needsOf(topology, name).every((need) => ready.has(need)));
    if (wave.length === 0) return { waves, stuck: waiting };
    waves.push(wave);
    for (const name of wave) ready.add(name);
    waiting = waiting.filter((name) => !ready.has(name));
  }
}
