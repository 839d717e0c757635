import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { median, table } from "./markdown.ts";
import type { OperationsReport, Round } from "./operations-report.ts";
import type { Provenance } from "./save.ts";

/** What the operations cost at some commit; kept for good, so that none becomes dearer unnoticed. */
export interface HistoryEntry {
  readonly date: string;
  readonly commit: string;
  readonly products: number;
  readonly costs: Readonly<Record<string, Cost>>;
  /** Why something costs more than before. */
  readonly note?: string;
}

export interface Cost {
  /** Application and database. */
  readonly cpuMs: number;
  /** In raw operations of the same round: a bare request, a point read and an order of one statement together. */
  readonly raw: number;
}

/** An operation that costs more than in the entry before. */
export interface Rise {
  readonly name: string;
  /** 1.2: a fifth more. */
  readonly factor: number;
}

/** By so much a figure may rise without a note; two runs on a quiet machine differ by a few in a hundred. */
export const allowedRise = 1.1;

const rawLimits: ReadonlySet<string> = new Set(["bare node:http", "point reads", "one-statement orders"]);

/** What a report adds to the history. Costs are medians over its rounds, each held against its own round's limits. */
export function entryOf(
  report: Pick<OperationsReport, "rounds" | "settings">,
  { date, commit }: Pick<Provenance, "date" | "commit">,
  note?: string,
): HistoryEntry {
  const names = report.rounds[0]?.measured.map(({ name }) => name) ?? [];
  return {
    date,
    commit,
    products: report.settings["products"] ?? 0,
    costs: Object.fromEntries(names.map((name) => [name, costOf(report.rounds, name)])),
    ...(note === undefined ? {} : { note }),
  };
}

function costOf(rounds: readonly Round[], name: string): Cost {
  const found = rounds.flatMap(({ measured, limits }) => {
    const cpuMs = measured.find((each) => each.name === name)?.cpuMs;
    const rawMs = limits.reduce((sum, limit) => sum + (rawLimits.has(limit.name) ? limit.cpuMs : 0), 0);
    return cpuMs ? [{ ...cpuMs, raw: (cpuMs.application + cpuMs.database) / rawMs }] : [];
  });
  const of = (value: (each: (typeof found)[number]) => number) => median(found.map(value));
  const rounded = (value: number) => Number(value.toPrecision(3));
  // As the report's table adds them up.
  const cpuMs = of(({ application }) => application) + of(({ database }) => database);
  return { cpuMs: rounded(cpuMs), raw: rounded(of(({ raw }) => raw)) };
}

/** What costs more than in the last entry of a catalogue of the same size; nothing where there is none. */
export function risesOf(before: readonly HistoryEntry[], entry: HistoryEntry): Rise[] {
  const last = before.findLast(({ products }) => products === entry.products);
  return Object.entries(entry.costs).flatMap(([name, { raw }]) => {
    const factor = raw / (last?.costs[name]?.raw ?? raw);
    return factor > allowedRise ? [{ name, factor }] : [];
  });
}

/** The entries of rising cost that say nothing of it. */
export const silentRises = (history: readonly HistoryEntry[]): readonly (readonly [HistoryEntry, Rise[]])[] =>
  history
    .map((entry, at) => [entry, risesOf(history.slice(0, at), entry)] as const)
    .filter(([{ note }, rises]) => rises.length > 0 && !note);

const fileIn = (results: string) => join(results, "history.jsonl");

/** What was kept under a folder of results, the oldest first. */
export async function readHistory(results: string): Promise<HistoryEntry[]> {
  const text = await readFile(fileIn(results), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as HistoryEntry);
}

/** Adds an entry, and writes the history anew for people to read. */
export async function keepEntry(results: string, entry: HistoryEntry): Promise<void> {
  await appendFile(fileIn(results), `${JSON.stringify(entry)}\n`);
  await writeFile(join(results, "HISTORY.md"), historyMarkdown(await readHistory(results)));
}

/** A row for each entry, the newest first. */
export function historyMarkdown(history: readonly HistoryEntry[]): string {
  const names = [...new Set(history.flatMap(({ costs }) => Object.keys(costs)))];
  const cell = (cost: Cost | undefined) => (cost ? `${cost.raw} (${cost.cpuMs})` : "");
  const rows = history.toReversed().map(({ date, commit, products, costs, note }) => {
    const dated = date.slice(0, 16).replace("T", " ");
    return [dated, commit, String(products), ...names.map((name) => cell(costs[name])), note ?? ""];
  });
  return `${[
    "# What operations cost, from run to run",
    "",
    "Written by `storey load operations --save`. CPU of application and database, as a multiple of what a bare request, a point",
    "read and an order of one statement cost together in the same round; in brackets milliseconds. What rises by more than a",
    "tenth has a note.",
    "",
    ...table(["taken (UTC)", "commit", "products", ...names, "note"], rows),
  ].join("\n")}\n`;
}
