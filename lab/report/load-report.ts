import type { Percentiles } from "../generate/latencies.ts";
import type { OpenLoopOutcome } from "../generate/open-loop.ts";
import type { Verdict } from "../generate/saturation.ts";
import type { Limit } from "../raw/limit.ts";
import { milliseconds, table } from "./markdown.ts";

/** What `storey load WORKLOAD` found. Times in milliseconds. */
export interface LoadReport {
  readonly workload: string;
  readonly settings: Readonly<Record<string, number>>;
  readonly verdict: Verdict;
  readonly outcome: OpenLoopOutcome;
  readonly loadBefore: number;
  readonly sessionsPerSecond: number;
  readonly interactionsPerSecond: number;
  readonly latencies: Readonly<Record<string, Percentiles>>;
  readonly histograms: Readonly<Record<string, string>>;
  /** Answers that were right and no success. */
  readonly told: Readonly<Record<string, number>>;
  /** Sessions that ended early, by the code they ended with. */
  readonly errors: Readonly<Record<string, number>>;
  readonly cpuMsPerInteraction?: { readonly application: number; readonly database: number };
  /** How long after the last answer events still waited. */
  readonly eventsQuietAfterMs: number;
  readonly acknowledged: {
    readonly checkouts: number;
    readonly orders: number;
    readonly paid: number;
    readonly mismatches: readonly string[];
  };
  readonly limits: readonly Limit[];
}

/** What the machine can do at best. */
export function limitsTable(limits: readonly Limit[]): string[] {
  if (limits.length === 0) return [];
  return table(
    ["raw limit, same run", "driven by", "a second", "server's CPU ms"],
    limits.map(({ name, by, perSecond, cpuMs }) => [
      name,
      by,
      Math.round(perSecond).toString(),
      cpuMs.toFixed(3),
    ]),
  );
}

/** The report as people read it. Without a trustworthy generator there are no percentiles in it. */
export function loadMarkdown(report: LoadReport): string {
  const { settings, verdict, outcome, cpuMsPerInteraction: cpu, acknowledged } = report;
  const { lateness, utilization } = outcome;
  const lines = [
    `Workload **${report.workload}**: ${settings["rate"]} arrivals a second offered for ${settings["seconds"]} s; reached ` +
      `${report.sessionsPerSecond.toFixed(1)} sessions and ${report.interactionsPerSecond.toFixed(1)} interactions a second.`,
    "",
    ...timesOf(report),
    "",
    ...(Object.keys(report.told).length > 0 ? [`Answered: ${list(report.told)}.`] : []),
    `Errors: ${list(report.errors) || "none"}.`,
  ];
  if (cpu) {
    const sum = cpu.application + cpu.database;
    lines.push(
      `CPU per interaction: ${sum.toFixed(3)} ms (application ${cpu.application.toFixed(3)}, database ${cpu.database.toFixed(3)}).`,
    );
  }
  lines.push(
    `Orders acknowledged: ${acknowledged.orders} in ${acknowledged.checkouts} checkouts, ${acknowledged.paid} paid; looked up again: ` +
      `${acknowledged.mismatches.length === 0 ? "all as acknowledged" : `${acknowledged.mismatches.length} WRONG`}.`,
    ...acknowledged.mismatches.slice(0, 20).map((each) => `- ${each}`),
    `Generator: began p50 ${milliseconds(lateness.p50)}, p99 ${milliseconds(lateness.p99)} ms late (in the times above), ` +
      `busy ${Math.round(utilization * 100)} %.`,
    ...verdict.reasons.map((reason) => `- ${reason}`),
    "",
    ...limitsTable(report.limits),
  );
  return lines.join("\n");
}

function timesOf({ verdict, latencies }: LoadReport): string[] {
  if (verdict.generatorSaturated) {
    return [
      "**The generator was saturated: these times would be its own, not the shop's, and are not reported.** " +
        "Lower --rate, or run it on another machine.",
    ];
  }
  const head = ["ms", "count", "p50", "p90", "p99", "p99.9", "max"];
  const rows = Object.entries(latencies)
    .sort(([a], [b]) => order(a) - order(b) || a.localeCompare(b))
    .map(([name, t]) => [name, String(t.count), ...[t.p50, t.p90, t.p99, t.p999, t.max].map(milliseconds)]);
  const behind = verdict.shopFellBehind
    ? ["**The shop fell behind: these times grow with the length of the run.**", ""]
    : [];
  return [...behind, ...table(head, rows)];
}

const order = (name: string) => (name === "every interaction" ? 0 : name === "whole purchase" ? 2 : 1);
const list = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts)
    .map(([code, count]) => `${count} × ${code}`)
    .join(", ");
