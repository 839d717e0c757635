import type { Topology } from "#topology/model";
import type { FaultName } from "../faults/fault.ts";
import { goesOn } from "./promise.ts";
import type { DoneFault } from "./timetable.ts";
import type { Failure, Taken } from "./witness.ts";

/** A fault as the report shows it. Times are in milliseconds, of `beganAtMs` from the first visitor on. */
export interface FaultSeen {
  readonly name: string;
  readonly on: string;
  readonly grade?: number;
  readonly said: string;
  readonly isRefused: boolean;
  readonly beganAtMs: number;
  readonly lastedMs: number;
  /** Questions without an answer, and those to which the shop said that it was at fault, by code. */
  readonly errors: Readonly<Record<string, number>>;
  /** The longest that nobody's order was taken, of what touches the fault. */
  readonly longestWithoutOrderMs: number;
  /** From its end to the answer of the first order that was asked for after it. */
  readonly takenAgainAfterMs: number | null;
  /** Whether the stage promises orders also while it is on, with what else was on then. */
  readonly isPromised: boolean;
}

/** Whoever takes over has noticed by then: a database that does not answer is given up after 20 s (its lease). */
export const takeOverWithinMs = 30_000;
/** After the last fault has ended. */
export const againWithinMs = 60_000;

export interface Observed {
  readonly topology: Topology;
  readonly startedAtMs: number;
  /** Orders were asked for until then. */
  readonly endedAtMs: number;
  readonly faults: readonly DoneFault[];
  readonly taken: readonly Taken[];
  readonly failures: readonly Failure[];
}

/** What came of each fault. */
export function faultsSeen(observed: Observed): FaultSeen[] {
  const { topology, startedAtMs, faults, taken, failures } = observed;
  const gaps = gapsIn(observed);
  return [...faults]
    .sort((one, other) => one.beganAtMs - other.beganAtMs)
    .map((fault) => {
      const { planned, beganAtMs, endedAtMs, said, isRefused } = fault;
      const during = failures.filter(({ atMs }) => atMs >= beganAtMs && atMs <= endedAtMs + afterMs);
      const touching = gaps.filter(({ fromMs, toMs }) => fromMs <= endedAtMs + afterMs && toMs >= beganAtMs);
      const again = taken.filter(({ askedAtMs }) => askedAtMs >= endedAtMs).map((each) => each.answeredAtMs);
      const besides = faults.filter(
        (other) => !other.isRefused && other.beganAtMs <= endedAtMs && other.endedAtMs >= beganAtMs,
      );
      return {
        name: planned.name,
        on: planned.on,
        ...(planned.grade === undefined ? {} : { grade: planned.grade }),
        said,
        isRefused,
        beganAtMs: Math.round(beganAtMs - startedAtMs),
        lastedMs: Math.round(endedAtMs - beganAtMs),
        errors: counted(during.map(({ code }) => code)),
        longestWithoutOrderMs: Math.round(Math.max(0, ...touching.map(({ fromMs, toMs }) => toMs - fromMs))),
        takenAgainAfterMs: again.length === 0 ? null : Math.round(Math.min(...again) - endedAtMs),
        isPromised: goesOn(
          topology,
          besides.map(({ planned: { name, on } }) => ({ name: name as FaultName, on })),
        ),
      };
    });
}

/** Of a death what follows is felt in the second after it. */
const afterMs = 1_000;

/** Times in which no order was taken, from the first visitor to the last question. */
function gapsIn({ startedAtMs, endedAtMs, taken }: Observed): { fromMs: number; toMs: number }[] {
  const moments = taken.map(({ answeredAtMs }) => answeredAtMs).sort((one, other) => one - other);
  const edges = [startedAtMs, ...moments, Math.max(endedAtMs, moments.at(-1) ?? 0)];
  return edges.slice(1).map((toMs, at) => ({ fromMs: edges[at] ?? startedAtMs, toMs }));
}

/** How often each of the codes comes. */
export function counted(codes: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const code of codes) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

/** What was not kept of the promises about time. */
export function timesBroken(faults: readonly FaultSeen[]): string[] {
  const done = faults.filter((fault) => !fault.isRefused);
  const late = done
    .filter((fault) => fault.isPromised && fault.longestWithoutOrderMs > takeOverWithinMs)
    .map(
      ({ name, on, longestWithoutOrderMs: longest }) =>
        `no order was taken for ${longest} ms around ${name} on ${on}, which the stage is to survive`,
    );
  const last = done.toSorted((one, other) => endOf(one) - endOf(other)).at(-1);
  const again = last?.takenAgainAfterMs;
  if (last && (again === null || again === undefined || again > againWithinMs))
    late.push(
      `no order was taken within ${againWithinMs / 1_000} s after ${last.name} on ${last.on} had ended`,
    );
  return late;
}

const endOf = ({ beganAtMs, lastedMs }: FaultSeen): number => beganAtMs + lastedMs;
