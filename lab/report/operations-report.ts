import type { Measured } from "../operations/measure.ts";
import type { Limit } from "../raw/limit.ts";
import { limitsTable } from "./load-report.ts";
import { median, milliseconds, table } from "./markdown.ts";

/** Many callers in one process who all want the same SKU. */
export interface HotSku {
  readonly callers: number;
  readonly perSecond: number;
  readonly p99: number;
  /** In a second SKU with few pieces: how many there were, and how many were reserved. */
  readonly pieces: number;
  readonly sold: number;
  /** The same callers in several processes; those of each. */
  readonly together?: Omit<HotSku, "together"> & { readonly processes: number };
}

export interface Round {
  readonly limits: readonly Limit[];
  readonly measured: readonly Measured[];
  readonly hotSku?: HotSku;
}

/** What `storey load operations` found. */
export interface OperationsReport {
  readonly settings: Readonly<Record<string, number>>;
  readonly loadBefore: number;
  readonly starts: readonly { readonly ms: number; readonly idleBytes: number }[];
  readonly rounds: readonly Round[];
}

/** What an operation is to reach, and which limit it is held against (the design's section 10). */
const goals: Readonly<Record<string, { reach: string; against: string }>> = {
  product: { reach: "CPU ≤ 0.12 ms", against: "bare node:http" },
  "product with stock": { reach: "", against: "bare node:http" },
  "list of 24 with price and stock": { reach: "CPU ≤ 0.5 ms", against: "bare node:http" },
  "text search": { reach: "CPU ≤ 4 ms, p99 ≤ 20 ms", against: "point reads" },
  checkout: { reach: "CPU ≤ 0.9 ms, ≥ 25 % of one-statement orders", against: "one-statement orders" },
  "whole purchase": { reach: "CPU ≤ 2 ms, ≥ 700/s", against: "one-statement orders" },
  "hot SKU": { reach: "≥ 8,000/s, none oversold", against: "updates of one row" },
};

/** The table: medians over the rounds; every ratio is taken within its round first. */
export function operationsMarkdown(report: OperationsReport): string {
  const { rounds, starts, settings } = report;
  const names = rounds[0]?.measured.map(({ name }) => name) ?? [];
  const rows = names.map((name) => operationRow(rounds, name));
  const hot = hotRowsOf(rounds);
  return [
    `${settings["products"]} products; medians of ${settings["rounds"]} rounds of ${settings["seconds"]} s each, closed loops.`,
    "",
    ...table(
      [
        "operation",
        "to reach",
        "CPU ms (application + database)",
        "a second",
        "of the raw limit, same round",
        "p50 / p99 ms, two at a time",
      ],
      [...rows, ...hot],
    ),
    "",
    ...startLines(starts),
    ...limitsTable(medianLimits(rounds)),
  ].join("\n");
}

function operationRow(rounds: readonly Round[], name: string): string[] {
  const found = rounds.flatMap(({ measured }) => measured.filter((m) => m.name === name));
  const of = (value: (measured: Measured) => number) => median(found.map(value));
  const { reach = "", against = "" } = goals[name] ?? {};
  const application = of((m) => m.cpuMs.application);
  const database = of((m) => m.cpuMs.database);
  return [
    `${name} (${found[0]?.how})`,
    reach,
    `**${(application + database).toFixed(3)}** (${application.toFixed(3)} + ${database.toFixed(3)})`,
    Math.round(of((m) => m.perSecond)).toString(),
    ratio(rounds, against, (round) => round.measured.find((m) => m.name === name)?.perSecond),
    `${milliseconds(of((m) => m.p50))} / ${milliseconds(of((m) => m.p99))}`,
  ];
}

function ratio(
  rounds: readonly Round[],
  against: string,
  rate: (round: Round) => number | undefined,
): string {
  const ratios = rounds.flatMap((round) => {
    const limit = round.limits.find(({ name }) => name === against)?.perSecond;
    const reached = rate(round);
    return limit && reached ? [reached / limit] : [];
  });
  return ratios.length === 0 ? "" : `${Math.round(median(ratios) * 100)} % of ${against}`;
}

function hotRowsOf(rounds: readonly Round[]): string[][] {
  const { reach = "" } = goals["hot SKU"] ?? {};
  const { processes = 0 } = rounds[0]?.hotSku?.together ?? {};
  return [
    ...hotRow(rounds, ({ hotSku }) => hotSku, "in one process", reach),
    ...hotRow(rounds, ({ hotSku }) => hotSku?.together, `in each of ${processes} processes`, ""),
  ];
}

function hotRow(
  rounds: readonly Round[],
  of: (round: Round) => Omit<HotSku, "together"> | undefined,
  where: string,
  reach: string,
): string[][] {
  const found = rounds.flatMap((round) => of(round) ?? []);
  const [first] = found;
  if (!first) return [];
  const oversold = found.filter(({ pieces, sold }) => sold !== pieces);
  return [
    [
      `hot SKU (${first.callers} callers ${where}, through the inventory door)`,
      reach,
      oversold.length === 0 ? `${first.sold} of ${first.pieces} sold` : "**OVERSOLD**",
      Math.round(median(found.map(({ perSecond }) => perSecond))).toString(),
      ratio(rounds, goals["hot SKU"]?.against ?? "", (round) => of(round)?.perSecond),
      `– / ${milliseconds(median(found.map(({ p99 }) => p99)))}, all at once`,
    ],
  ];
}

function startLines(starts: OperationsReport["starts"]): string[] {
  if (starts.length === 0) return [];
  const ms = median(starts.map((start) => start.ms));
  const megabytes = median(starts.map((start) => start.idleBytes)) / 1e6;
  return [
    `Start to first answer with data present: ${(ms / 1_000).toFixed(2)} s (to reach: 2 s). ` +
      `Memory idle, with the database: ${Math.round(megabytes)} MB PSS (to reach: 200 MB).`,
    "",
  ];
}

function medianLimits(rounds: readonly Round[]): Limit[] {
  const names = rounds[0]?.limits ?? [];
  return names.map((limit) => {
    const all = rounds.flatMap(({ limits }) => limits.filter(({ name }) => name === limit.name));
    return {
      name: limit.name,
      by: limit.by,
      perSecond: median(all.map(({ perSecond }) => perSecond)),
      cpuMs: median(all.map(({ cpuMs }) => cpuMs)),
    };
  });
}
