import type { Topology } from "#topology/model";
import { awaitedBy } from "#topology/needs";

/** Whom each component must wait for, by name. */
export const waitsFor = (topology: Topology): ReadonlyMap<string, readonly string[]> =>
  new Map(topology.components.map(({ name }) => [name, awaitedBy(topology, name)]));

/**
 * Runs `work` for every component as soon as it is done for those it waits for, side by side where nothing forbids it.
 * Rejects with the first failure once what was begun has ended; what waits for a failed one is not begun.
 */
export async function inOrder(
  waits: ReadonlyMap<string, readonly string[]>,
  work: (name: string) => Promise<void>,
): Promise<void> {
  const begun = new Map<string, Promise<void>>();
  const begin = (name: string): Promise<void> => {
    const known = begun.get(name);
    if (known !== undefined) return known;
    const others = waits.get(name) ?? [];
    const whole = Promise.all(others.map(begin)).then(() => work(name));
    begun.set(name, whole);
    return whole;
  };
  const outcomes = await Promise.allSettled([...waits.keys()].map(begin));
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed) throw failed.reason;
}

/** The same the other way round: for stopping, those who use something before what they use. */
export function reversed(
  waits: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, readonly string[]> {
  const turned = new Map<string, string[]>([...waits.keys()].map((name) => [name, []]));
  for (const [name, others] of waits) for (const other of others) turned.get(other)?.push(name);
  return turned;
}
