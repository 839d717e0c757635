import { setTimeout as pause } from "node:timers/promises";
import type { Findings } from "#kernel/audit";
import { type Clock, isoTime } from "#kernel/clock";

interface Box {
  readonly domain: string;
  readonly box: string;
  readonly waiting: number;
  /** When the oldest was told, in milliseconds since 1970. */
  readonly since: number;
}

/** What waits to be carried or applied now. */
export type Waits = () => Promise<readonly Box[]>;

/** A busy shop applies events within seconds; a start after a long rest begins with what is that old at once. */
const lateMs = 60_000;

/**
 * Boxes whose oldest event has waited for long. One was lost before it, or it cannot be applied, if it is still the
 * oldest when the bound has passed: the invariant that events are delivered and applied, also where no other domain's
 * rows tell of it.
 */
export async function stuckEvents(waits: Waits, clock: Clock, boundMs: number) {
  const lookedAt = clock.now();
  const late = (await waits()).filter(({ waiting, since }) => waiting > 0 && lookedAt - since > lateMs);
  return {
    still: async (): Promise<Findings["broken"]> => {
      if (late.length === 0) return [];
      await pause(Math.min(Math.max(lookedAt + boundMs - clock.now(), 0), boundMs));
      const wasLate = new Set(late.map(keyOf));
      const boxes = (await waits()).filter((box) => wasLate.has(keyOf(box)));
      return boxes.map((box) => ({
        rule: "events.are_applied",
        offender: `${box.domain} ${box.box}`,
        detail: `${box.waiting} wait, the oldest since ${isoTime(box.since)}: one before it is missing, or it cannot be applied`,
      }));
    },
  };
}

const keyOf = ({ domain, box, since }: Box): string => `${domain} ${box} ${since}`;
