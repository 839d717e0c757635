import { endFaults } from "#lab/faults/api";
import type { Faulty } from "#lab/faults/fault";

/** Ends every fault that somebody left on, as whoever starts or stops an instance must; what does not end is said. */
export async function endLeftFaults(instance: Faulty, say: (line: string) => void): Promise<void> {
  try {
    const ended = await endFaults(instance);
    if (ended.length > 0) say(`faults that were on have ended: ${ended.join(", ")}`);
  } catch (error) {
    say((error as Error).message);
  }
}
