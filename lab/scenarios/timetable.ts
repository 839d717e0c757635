import { setTimeout as pause } from "node:timers/promises";
import type { BegunFault } from "../faults/api.ts";
import { FaultRefused, type WantedFault } from "../faults/fault.ts";
import type { PlannedFault } from "./scenario.ts";

/** What became of a fault of the timetable. Times are of `performance.now()`. */
export interface DoneFault {
  readonly planned: PlannedFault;
  /** From when it was begun, which may take a moment. */
  readonly beganAtMs: number;
  readonly endedAtMs: number;
  /** What was done, in words; or why it could not be done. */
  readonly said: string;
  readonly isRefused: boolean;
  /** What went wrong with the switch itself, which says nothing of the shop. */
  readonly failure?: string;
}

export interface TimetableOptions {
  readonly faults: readonly PlannedFault[];
  /** On the scale of `performance.now()`. */
  readonly startedAtMs: number;
  readonly seconds: number;
  begin(wanted: WantedFault): Promise<BegunFault>;
  /** Whether a fault of that name goes on until it is ended; else it is a moment. */
  lasts(name: string): boolean;
  say(line: string): void;
}

/**
 * Begins each fault at its time, and ends it when it has been on for its time: a busy machine takes a while to begin
 * one. Ends when all have ended.
 */
export function keepTimetable(options: TimetableOptions): Promise<DoneFault[]> {
  return Promise.all(options.faults.map((fault) => keepOne(fault, options)));
}

async function keepOne(planned: PlannedFault, options: TimetableOptions): Promise<DoneFault> {
  const { startedAtMs, seconds, begin, lasts, say } = options;
  const { at, forSeconds = seconds - at } = planned;
  const until = (second: number) => pause(Math.max(0, startedAtMs + second * 1_000 - performance.now()));
  const tell = (line: string) => say(`${((performance.now() - startedAtMs) / 1_000).toFixed(1)} s: ${line}`);
  await until(at);
  const beganAtMs = performance.now();
  try {
    const { name, on, grade } = planned;
    const begun = await begin({
      name: name as WantedFault["name"],
      on,
      ...(grade === undefined ? {} : { grade }),
    });
    tell(begun.said);
    if (lasts(name)) {
      const isOnAt = (performance.now() - startedAtMs) / 1_000;
      await until(Math.min(isOnAt + forSeconds, Math.max(seconds, at + forSeconds)));
      await begun.end();
      tell(`${name} on ${on} is over`);
    }
    return { planned, beganAtMs, endedAtMs: performance.now(), said: begun.said, isRefused: false };
  } catch (error) {
    const { message } = error as Error;
    const title = `${planned.name} on ${planned.on}`;
    const isRefused = error instanceof FaultRefused;
    tell(isRefused ? `${title} was not begun: ${message}` : `the switch of ${title} failed: ${message}`);
    const failure = isRefused ? {} : { failure: `the switch of ${title} failed: ${message}` };
    return { planned, beganAtMs, endedAtMs: performance.now(), said: message, isRefused, ...failure };
  }
}
