import type { KillsReport } from "../scenarios/kills.ts";
import type { SwitchoversReport } from "../scenarios/switchovers.ts";
import { median, table } from "./markdown.ts";

/** The report of kills as people read it: a row a victim. */
export function killsInWords(reports: readonly KillsReport[], switchovers?: SwitchoversReport): string {
  const rows = reports.map((r) => [
    r.victims.join(", "),
    String(r.kills),
    String(r.inFlight),
    String(r.acknowledged),
    String(r.repeated),
    String([...r.lost, ...r.doubled, ...r.brokenInvariants].length),
    middleOf(r.recoveredAfterMs),
    middleOf(r.writesAfterMs),
    middleOf(r.rejoinedAfterMs),
  ]);
  const lines = table(head, rows);
  return [...lines, ...(switchovers ? ["", switchoversInWords(switchovers)] : [])].join("\n");
}

const head = [
  "killed with SIGKILL",
  "times",
  "in the middle of a checkout",
  "orders acknowledged",
  "sent again",
  "lost, doubled or broken",
  "answers again, ms: median (longest)",
  "takes orders again",
  "cluster whole again",
];

const middleOf = (times: readonly number[]): string =>
  times.length === 0 ? "" : `${Math.round(median(times))} (${Math.max(...times)})`;

const switchoversInWords = (r: SwitchoversReport): string =>
  `Planned switchovers: ${r.switchovers}, under ${r.requests} requests, of which ${r.failed.length} failed; ` +
  `writes were held for ${middleOf(r.heldMs)} ms, the longest wait of anybody was ${middleOf(r.longestMs)} ms; ` +
  `${r.acknowledged} orders acknowledged, ${r.lost.length} lost.`;
