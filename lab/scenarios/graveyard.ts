import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readScenario, type Scenario } from "./scenario.ts";

/** A seeded scenario that failed once, kept for ever: it is played before any new one. */
export interface Grave {
  readonly stage: number;
  readonly seed: number;
  /** Of the code that failed. */
  readonly commit: string;
  /** ISO 8601, UTC. */
  readonly date: string;
  readonly failed: readonly string[];
  readonly scenario: Scenario;
}

/** More would say nothing else. */
const mostReasons = 20;

/** Keeps a scenario that failed and answers its file; one that is kept already stays as it is. */
export async function bury(directory: string, grave: Grave): Promise<string> {
  const { stage, seed, scenario, failed } = grave;
  const apart = scenario.target === "hosts" ? "-hosts" : "";
  const path = join(directory, `stage-${String(stage).padStart(2, "0")}${apart}-seed-${seed}.json`);
  const text = `${JSON.stringify({ ...grave, failed: failed.slice(0, mostReasons) }, undefined, 2)}\n`;
  await mkdir(directory, { recursive: true });
  if (!existsSync(path)) await writeFile(path, text);
  return path;
}

/** Every scenario that is kept for a stage on that target, in the order of their files. Throws ScenarioRefused. */
export function gravesOf(
  directory: string,
  stage: number,
  target: "loopback" | "hosts" = "loopback",
): Grave[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => readGrave(readFileSync(join(directory, name), "utf8")))
    .filter((grave) => grave.stage === stage && (grave.scenario.target ?? "loopback") === target);
}

const readGrave = (text: string): Grave => ({ ...(JSON.parse(text) as Grave), scenario: readScenario(text) });

/** The same in less time: what is on the timetable comes sooner and lasts shorter, in proportion. */
export function shortened(scenario: Scenario, seconds: number): Scenario {
  const share = Math.min(1, seconds / scenario.seconds);
  const faults = scenario.faults.map((fault) => ({
    ...fault,
    at: fault.at * share,
    ...(fault.forSeconds === undefined ? {} : { forSeconds: fault.forSeconds * share }),
  }));
  return { ...scenario, seconds: scenario.seconds * share, faults };
}
