import { globSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import type { StageClimb } from "./climb.ts";
import type { ClimbSettings } from "./report.ts";

export interface KeptClimb {
  readonly directory: string;
  readonly date: string;
  readonly settings: ClimbSettings;
  readonly stages: readonly StageClimb[];
}

/** The newest whole climb under a folder of results, else the newest quick one; undefined where there is none. */
export function newestClimb(results: string): KeptClimb | undefined {
  const newest = (what: string) =>
    globSync(`${results}/*-${what}/report.json`)
      .map((path) => ({ ...(JSON.parse(readFileSync(path, "utf8")) as KeptClimb), directory: dirname(path) }))
      .toSorted((a, b) => b.date.localeCompare(a.date))[0];
  return newest("whole") ?? newest("quick");
}
