import { type Random, randomFor } from "#demo/random";
import { type Kind, ofKind, type Topology } from "#topology/model";
import type { FaultName, Grades } from "../faults/fault.ts";
import { afflicted, goesOn, isNeeded, takesAway } from "./promise.ts";
import { endOf, type PlannedFault, type Scenario } from "./scenario.ts";

/** A fault that can be had in an instance, and what it can be done to. */
export interface Possibility {
  readonly name: FaultName;
  readonly lasts: boolean;
  readonly grades?: Grades;
  readonly targets: readonly string[];
}

/** What a seed decides nothing about. */
export interface Frame extends Pick<Scenario, "workload" | "perSecond" | "seconds" | "target"> {
  readonly topology: Topology;
  readonly possibilities: readonly Possibility[];
}

/** More at once would show nothing that can be told apart. */
export const mostAtOnce = 2;
/** Visitors come for so long before the first fault, so that there is something to compare with. */
export const quietSeconds = 5;
/** After the last fault has ended visitors come for so long; of a short scenario a third. */
export const recoverySeconds = (seconds: number): number => Math.min(15, seconds / 3);

/** So long after the end of a fault its kind is whole again, as far as a plan can know. */
const wholeAfterSeconds = { cluster: 25, usual: 5 };
const longestSeconds = 25;
/** One fault in so many seconds, about. */
const oneInSeconds = 9;
const tries = 60;

/** The same seed gives the same scenario in the same frame. One that nothing can be done in has no faults. */
export function randomScenario(seed: number, frame: Frame): Scenario {
  const { topology, possibilities, seconds, perSecond, workload, target } = frame;
  const random = randomFor("scenario", seed);
  const possible = possibilities.filter(({ targets }) => targets.length > 0).flatMap(weighed(topology));
  const until = seconds - recoverySeconds(seconds);
  const wanted = Math.max(2, Math.round(((until - quietSeconds) / oneInSeconds) * random.between(0.7, 1.3)));
  const faults: Fault[] = [];
  for (let tried = 0; possible.length > 0 && faults.length < wanted && tried < tries; tried++) {
    const next = draw(random, possible, until);
    if (next && fits(topology, next, faults)) faults.push(next);
  }
  faults.sort((one, other) => one.at - other.at);
  const where = { stage: topology.stage, ...(target ? { target } : {}) };
  return { seed, ...where, workload, perSecond, seconds, faults };
}

/** What takes something away, and what is done to those whom orders need, so many times as often. */
const preferred = 3;

const weighed = (topology: Topology) => (possibility: Possibility) => {
  const targets = possibility.targets.flatMap((on) => times(on, isNeeded(topology, on) ? preferred : 1));
  return times({ ...possibility, targets }, takesAway(possibility.name) ? preferred : 1);
};

const times = <T>(thing: T, howOften: number): T[] => Array<T>(howOften).fill(thing);

type Fault = PlannedFault & { readonly name: FaultName };

function draw(random: Random, possible: readonly Possibility[], until: number): Fault | undefined {
  const { name, targets, grades, lasts } = random.pick(possible);
  const on = random.pick(targets);
  const at = tenth(random.between(quietSeconds, until));
  const longest = Math.min(longestSeconds, until - at);
  const forSeconds = tenth(random.between(Math.min(2, longest), longest));
  const grade = grades && gradeOf(random, { ...grades, ...bearable[name] });
  if (at > until || at + forSeconds > until) return undefined;
  if (lasts && forSeconds <= 0) return undefined;
  return { at, name, on, ...(grade === undefined ? {} : { grade }), ...(lasts ? { forSeconds } : {}) };
}

/** A clock that is off by days ends sessions and closes orders, as it should: nothing would be left to look up. */
const bearable: Readonly<Partial<Record<FaultName, Omit<Grades, "usual">>>> = {
  "clock-jump": { least: -3_600, most: 3_600 },
};

/** The usual one as often as not; else any: where they are all above 0 small ones as likely as large ones. */
function gradeOf(random: Random, { least, most, usual }: Grades): number {
  if (random.chance(0.5)) return usual;
  const drawn = least > 0 ? least * (most / least) ** random.next() : random.between(least, most);
  const rounded = [least, most, usual].every(Number.isInteger)
    ? Math.round(drawn)
    : Number(drawn.toPrecision(2));
  return Math.min(most, Math.max(least, rounded));
}

const tenth = (seconds: number): number => Math.floor(seconds * 10) / 10;

/** Whether a fault can join others and ask no more of the stage than it promises. */
function fits(topology: Topology, next: Fault, others: readonly Fault[]): boolean {
  if (others.some(({ name, on }) => name === next.name && on === next.on)) return false;
  const near = others.filter((other) => isNear(topology, next, other));
  if (near.some((other) => shareKind(topology, next, other))) return false;
  const during = others.filter((other) => overlap(next, other));
  if (during.length >= mostAtOnce) return false;
  const outages = [next, ...during].filter((each) => !goesOn(topology, [each]));
  return outages.length <= 1;
}

const overlap = (one: Fault, other: Fault, apart = 0): boolean =>
  one.at <= endOf(other, 0) + apart && other.at <= endOf(one, 0) + apart;

const isNear = (topology: Topology, one: Fault, other: Fault): boolean =>
  overlap(one, other, Math.max(...[one, other].map(({ on }) => apartOf(topology, on))));

const kindsOf = (topology: Topology, on: string): Kind[] => afflicted(topology, on).map(({ kind }) => kind);

const shareKind = (topology: Topology, one: Fault, other: Fault): boolean =>
  kindsOf(topology, one.on).some((kind) => kindsOf(topology, other.on).includes(kind));

/** A cluster needs longer until another of it may go: whoever was away has to come back and catch up. */
function apartOf(topology: Topology, on: string): number {
  const isCluster = kindsOf(topology, on).includes("postgres") && ofKind(topology, "postgres").length > 1;
  return isCluster ? wholeAfterSeconds.cluster : wholeAfterSeconds.usual;
}
