import { setTimeout as pause } from "node:timers/promises";

/** Runs turns one at a time for as long as they find work. */
export interface Pump {
  /** There may be work: a turn begins, or one that runs is followed by another. */
  poke(): void;
  /** Ends when a turn that is yet to begin has ended, or the time is over. */
  turned(withinMs: number): Promise<void>;
  /** Ends when no turn runs and none is to come. */
  idle(): Promise<void>;
  /** Ends when the turn that runs has ended; none begins after it. */
  end(): Promise<void>;
}

/**
 * Turns begin at least this far apart. Who comes after a while of quiet is carried at once; in a rush what comes
 * within this time is carried together, and ten events cost little more than one. A checkout waits
 * 100 ms for its cart to be emptied, so this leaves room for two turns.
 */
const gatherMs = 40;

/** `turn` answers whether it found work, or wants to look again for another reason. */
export function openPump(turn: () => Promise<boolean>, log: (message: string, error: unknown) => void): Pump {
  let running: Promise<void> | undefined;
  let again = false;
  let ended = false;
  let begunAt = Number.NEGATIVE_INFINITY;
  let waiting: (() => void)[] = [];
  const run = async () => {
    do {
      const early = begunAt + gatherMs - performance.now();
      if (early > 0) await pause(early);
      if (ended) return;
      begunAt = performance.now();
      again = false;
      const served = waiting;
      waiting = [];
      const moved = await turn().catch((error) => {
        log("the bus could not take a turn; it looks again within a second", error);
        return false;
      });
      for (const done of served) done();
      again ||= moved;
    } while (again && !ended);
  };
  const poke = () => {
    if (ended) return;
    again = true;
    running ??= run().finally(() => {
      running = undefined;
      // A poke that came after the last turn began to end, and before this line, would be lost.
      if (again) poke();
    });
  };
  return {
    poke,
    turned: async (withinMs) => {
      if (ended) return;
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((done) => {
        waiting.push(done);
        timer = setTimeout(done, withinMs);
        poke();
      });
      clearTimeout(timer);
    },
    idle: () => running ?? Promise.resolve(),
    end: async () => {
      ended = true;
      await running;
    },
  };
}
