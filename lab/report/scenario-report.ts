import type { FaultSeen } from "../scenarios/judge.ts";
import type { ScenarioReport } from "../scenarios/run.ts";
import { table } from "./markdown.ts";

/** The report of scenarios as people read it: a section each, with a row a fault. */
export const scenariosInWords = (reports: readonly ScenarioReport[]): string =>
  reports.map(scenarioInWords).join("\n\n");

/** One scenario's. */
export function scenarioInWords(report: ScenarioReport): string {
  const { scenario, failed, faults, acknowledged, askedAgain } = report;
  const { stage, seed, workload, perSecond, seconds } = scenario;
  const title = `## ${seed === undefined ? "Scenario" : `Seed ${seed}`} at stage ${stage}: ${failed.length === 0 ? "held" : "FAILED"}`;
  const whole =
    report.wholeAfterMs === null
      ? "not every component was well again"
      : `all well again after ${tenths(report.wholeAfterMs)} s`;
  return [
    title,
    "",
    ...failed.map((each) => `- **${each}**`),
    ...(failed.length > 0 ? [""] : []),
    `${perSecond} visits a second of ${workload} for ${seconds} s: ${report.visits} visits, ${report.questions} questions, of which ` +
      `without a good answer: ${counts(report.errors)}. ${acknowledged.orders} orders acknowledged in ${acknowledged.checkouts} ` +
      `checkouts, ${acknowledged.paid} paid; ${askedAgain.checkouts} checkouts had no answer, ${askedAgain.placed} of them were placed ` +
      `when asked again. Lost ${report.lost.length}, nobody told of ${report.untold.length}, broken invariants ` +
      `${report.brokenInvariants.length}; ${whole}.`,
    "",
    ...(faults.length === 0 ? ["No faults."] : table(head, faults.map(rowOf))),
  ].join("\n");
}

const head = [
  "at, s",
  "fault",
  "on",
  "for, s",
  "done",
  "without a good answer",
  "longest without an order, s",
  "orders again after its end, s",
  "orders promised meanwhile",
];

const rowOf = (fault: FaultSeen): string[] => [
  tenths(fault.beganAtMs),
  fault.name,
  fault.on,
  tenths(fault.lastedMs),
  cut(fault.isRefused ? `not begun: ${fault.said}` : fault.said),
  counts(fault.errors),
  tenths(fault.longestWithoutOrderMs),
  fault.takenAgainAfterMs === null ? "never" : tenths(fault.takenAgainAfterMs),
  fault.isPromised ? "yes" : "no",
];

/** What stands still may be a hundred processes. */
const mostCharacters = 90;
const cut = (text: string): string =>
  text.length <= mostCharacters ? text : `${text.slice(0, mostCharacters - 1)}…`;

const tenths = (ms: number): string => (ms / 1_000).toFixed(1);

const counts = (errors: Readonly<Record<string, number>>): string =>
  Object.entries(errors)
    .map(([code, count]) => `${count} × ${code}`)
    .join(", ") || "none";
