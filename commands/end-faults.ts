import { endFaults } from "#lab/faults/api";
import type { Faulty } from "#lab/faults/fault";

/** Ends every fault that somebody left on, as whoever starts an instance must. Throws what does not end. */
export async function endLeftFaults(instance: Faulty, say: (line: string) => void): Promise<void> {
  const ended = await endFaults(instance);
  if (ended.length > 0) say(`faults that were on have ended: ${ended.join(", ")}`);
}

/** The same, as whoever stops one must: what does not end is said, and stopping goes on. */
export const endFaultsFirst = (instance: Faulty, say: (line: string) => void): Promise<void> =>
  endLeftFaults(instance, say).catch((error: Error) => say(error.message));
