import { setTimeout as pause } from "node:timers/promises";
import { openClient } from "#apps/client/client";
import { demoOperator } from "#demo/accounts";
import { beginFault, endFaults, faultKinds } from "../faults/api.ts";
import type { WantedFault } from "../faults/fault.ts";
import { poisson } from "../generate/arrivals.ts";
import { runOpenLoop } from "../generate/open-loop.ts";
import { workloads } from "../load.ts";
import { openApi } from "../shop/api.ts";
import { persistent } from "../shop/persistent.ts";
import type { StagedShop } from "../shop/staged.ts";
import { openVisits, type Visits } from "../visits.ts";
import type { Workload } from "../workloads/workload.ts";
import { againWithinMs, counted, type FaultSeen, faultsSeen, timesBroken } from "./judge.ts";
import { audit } from "./market.ts";
import type { ScenarioPlace } from "./place.ts";
import { startPulse } from "./pulse.ts";
import type { Scenario } from "./scenario.ts";
import { type DoneFault, keepTimetable } from "./timetable.ts";
import { type Failure, openWitness, type Witness } from "./witness.ts";

/** What came of a scenario. */
export interface ScenarioReport {
  readonly scenario: Scenario;
  /** What did not hold; empty when all did. */
  readonly failed: readonly string[];
  readonly faults: readonly FaultSeen[];
  readonly visits: number;
  readonly questions: number;
  /** Questions without an answer, and those to which the shop said that it was at fault, by code, in the whole run. */
  readonly errors: Readonly<Record<string, number>>;
  readonly acknowledged: { readonly checkouts: number; readonly orders: number; readonly paid: number };
  /** Checkouts without an answer that were asked again with their key at the end, and how many of them were placed. */
  readonly askedAgain: { readonly checkouts: number; readonly placed: number };
  readonly lost: readonly string[];
  /** Orders that nobody was told of. */
  readonly untold: readonly string[];
  readonly brokenInvariants: readonly string[];
  /** What the shop did not say even when it was asked for a minute. */
  readonly unknown: readonly string[];
  /** From the end of the last fault until every component was well; null: never. */
  readonly wholeAfterMs: number | null;
}

const connections = 256;
const mostOpen = 2_000;
const lastMs = 20_000;
const thinkSeconds = 0.2;
const pulseEveryMs = 250;
const settleWithinMs = 60_000;

/** Why a workload cannot be driven through faults; undefined: it can. */
export function whyNotDriven(name: string): string | undefined {
  const workload = workloads.find((each) => each.name === name);
  if (!workload) return `there is no workload "${name}"`;
  if (!workload.buys) return `nobody orders in the workload ${name}`;
  // It counts what was sold by the answers; an answer that is lost may have been a yes.
  return name === "flash-sale" ? "flash-sale counts by answers, and faults lose some" : undefined;
}

/** Plays a scenario in a running shop, and holds the shop to every order that it acknowledged. */
export async function runScenario(
  scenario: Scenario,
  place: ScenarioPlace,
  say: (line: string) => void,
): Promise<ScenarioReport> {
  const workload = workloads.find(({ name }) => name === scenario.workload);
  const reason = whyNotDriven(scenario.workload);
  if (!workload || reason) throw new Error(reason);
  const api = openApi(place.shop.url, connections);
  try {
    const witness = openWitness(api);
    const visits = await openVisits(
      {
        workload,
        seed: scenario.seed ?? 1,
        buyers: Math.min(64, Math.max(16, Math.ceil(scenario.perSecond * 4))),
        thinkSeconds,
        url: place.shop.url,
        sandboxKey: place.sandboxKey,
        operator: demoOperator,
        say,
      },
      witness.api,
    );
    const played = await play(scenario, place, { workload, visits, witness, say });
    const found = await holdToIt({ visits, witness, say });
    const { topology } = place;
    const faults = faultsSeen({ topology, ...played, taken: witness.taken });
    const switches = played.faults.flatMap(({ failure }) => failure ?? []);
    await visits.company.close?.();
    return {
      scenario,
      faults,
      failed: [...switches, ...timesBroken(faults), ...whatFailed(found, played)],
      visits: played.visits,
      questions: played.questions,
      errors: counted(played.failures.map(({ code }) => code)),
      acknowledged: visits.means.acknowledged.count(),
      wholeAfterMs: played.wholeAfterMs,
      ...found,
    };
  } finally {
    await api.close();
  }
}

interface Playing {
  readonly workload: Workload;
  readonly visits: Visits;
  readonly witness: Witness;
  readonly say: (line: string) => void;
}

interface Played {
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly faults: readonly DoneFault[];
  readonly visits: number;
  readonly questions: number;
  readonly failures: readonly Failure[];
  readonly wholeAfterMs: number | null;
}

/** Visitors and faults at their times, until orders are taken again and every component is well. */
async function play(scenario: Scenario, place: ScenarioPlace, playing: Playing): Promise<Played> {
  const { workload, visits, witness, say } = playing;
  const { instance, shop } = place;
  const { perSecond, seconds, seed = 1 } = scenario;
  const measuredMs = seconds * 1_000;
  const lap = visits.lap();
  const plan = { rate: perSecond, warmUpMs: 0, measuredMs, seed, buyers: visits.means.buyers.all.length };
  const pulse = await startPulse(visits.means, pulseEveryMs);
  const startedAtMs = performance.now();
  say(
    `${perSecond} visits a second of ${scenario.workload} for ${seconds} s, ${scenario.faults.length} faults`,
  );
  const begin = (wanted: WantedFault) => beginFault(instance, wanted);
  const lasts = (name: string) => faultKinds().some((kind) => kind.name === name && kind.lasts);
  try {
    const [outcome, ended] = await Promise.all([
      runOpenLoop({
        arrivals: workload.arrivals?.(plan) ?? poisson(perSecond, measuredMs, seed),
        warmUpMs: 0,
        measuredMs,
        mostOpen,
        lastMs,
        measuring: () => lap.begin(),
        arrive: (arrival, at) => lap.send(arrival, at, { share: arrival.atMs / measuredMs }),
      }),
      keepTimetable({ ...scenario, startedAtMs, begin, lasts, say }).then(async (faults) => {
        await endFaults(instance);
        return { faults, wholeAfterMs: await untilWhole(faults, shop, playing) };
      }),
    ]);
    return {
      ...ended,
      startedAtMs,
      endedAtMs: performance.now(),
      visits: outcome.arrivals,
      questions: witness.questions(),
      failures: [...witness.failures],
    };
  } finally {
    await endFaults(instance);
    await pulse.stop();
  }
}

/** From the end of the last fault until orders are taken again and every component is well; null: it never is. */
async function untilWhole(
  faults: readonly DoneFault[],
  shop: StagedShop,
  { witness, say }: Playing,
): Promise<number | null> {
  const last = faults.toSorted((one, other) => one.endedAtMs - other.endedAtMs).at(-1);
  const lastEndMs = last?.endedAtMs ?? performance.now();
  await untilTaken(witness, lastEndMs);
  try {
    await shop.whole();
    return Math.round(performance.now() - lastEndMs);
  } catch (error) {
    say((error as Error).message);
    return null;
  }
}

/** An order that was asked for after that moment was taken, or the time given for that is up. */
async function untilTaken(witness: Witness, afterMs: number): Promise<void> {
  for (const deadline = afterMs + againWithinMs; performance.now() < deadline; await pause(50)) {
    if (witness.taken.some(({ askedAtMs }) => askedAtMs >= afterMs)) return;
  }
}

type Found = Pick<ScenarioReport, "askedAgain" | "lost" | "untold" | "brokenInvariants" | "unknown">;

/** Whatever had no answer is asked again, everything acknowledged is looked up, and the shop's own audit is asked. */
async function holdToIt({ visits, witness, say }: Omit<Playing, "workload">): Promise<Found> {
  const { acknowledged, api } = visits.means;
  const { asked, placed, unsettled } = await witness.settle(settleWithinMs);
  for (const { token, checkout } of placed) acknowledged.placed(token, checkout);
  say(`${asked} checkouts had no answer and were asked again: ${placed.length} are placed`);
  say(`looking up ${acknowledged.count().checkouts} acknowledged checkouts`);
  const unknown = unsettled.map((each) => `neither placed nor refused: ${each}`);
  // A shop that cannot be asked has not kept its word either; what it does answer is still worth knowing.
  const unless = (what: string) => (error: Error) => {
    unknown.push(`${what} cannot be had: ${error.message}`);
    return [];
  };
  const lost = await acknowledged.check(persistent(api, settleWithinMs));
  const untold = await witness.untold(settleWithinMs).catch(unless("everybody's orders"));
  const brokenInvariants = await brokenBy(api.url).catch(unless("the audit"));
  const askedAgain = { checkouts: asked, placed: placed.length };
  return { askedAgain, lost, untold, brokenInvariants, unknown };
}

async function brokenBy(url: string): Promise<string[]> {
  const client = openClient(url);
  const { broken } = await audit(client).finally(() => client.close());
  return broken.map(({ rule, offender, detail }) => `${rule} ${offender}: ${detail}`);
}

const whatFailed = (found: Found, played: Played): string[] => [
  ...found.lost.map((each) => `lost: ${each}`),
  ...found.untold.map((each) => `nobody was told of the order ${each}`),
  ...found.brokenInvariants.map((each) => `broken: ${each}`),
  ...found.unknown,
  ...(played.wholeAfterMs === null ? ["not every component was well again"] : []),
];
