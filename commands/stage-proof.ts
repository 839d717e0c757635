import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "./instance.ts";

/** The report that says whether a stage holds what it must. */
export interface Proof {
  /** What was done: "kills". */
  readonly what: string;
  /** ISO 8601, UTC. */
  readonly date: string;
  readonly proven: boolean;
  /** The report for people, from the checkout. */
  readonly path: string;
}

/**
 * The newest report under lab/results/NN that gives a verdict; undefined when there is none. Reports that only measure
 * have no `proven` and prove nothing.
 */
export function newestProof(stage: number, root = checkout): Proof | undefined {
  const folder = `lab/results/${String(stage).padStart(2, "0")}`;
  const reports = existsSync(join(root, folder)) ? readdirSync(join(root, folder)) : [];
  return reports
    .flatMap((name) => verdictOf(root, `${folder}/${name}`))
    .sort((one, other) => (one.date < other.date ? 1 : -1))[0];
}

function verdictOf(root: string, folder: string): Proof[] {
  const file = join(root, folder, "report.json");
  if (!existsSync(file)) return [];
  const { proven, date } = JSON.parse(readFileSync(file, "utf8")) as { proven?: boolean; date?: string };
  const what = /^\d{4}-\d\d-\d\d-(.+)$/.exec(folder.split("/").at(-1) ?? "")?.[1];
  if (typeof proven !== "boolean" || !date || !what) return [];
  return [{ what, date, proven, path: `${folder}/README.md` }];
}

/** "22 Nov 2026", in UTC. */
export const dayOf = (date: string): string =>
  new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeZone: "UTC" }).format(new Date(date));
