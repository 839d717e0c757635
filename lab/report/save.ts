import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { commitOf, type Machine, thisMachine } from "../machine/machine.ts";

/** What every result says of itself, so that somebody else can take it again. */
export interface Provenance {
  readonly command: string;
  readonly commit: string;
  readonly date: string;
  readonly seed: number;
  readonly machine: Machine;
}

/** Where and how the figures were taken. `loadBefore` is the load average before the run. */
export const provenanceOf = (
  checkout: string,
  command: string,
  seed: number,
  loadBefore: number,
): Provenance => ({
  command,
  commit: commitOf(checkout),
  date: new Date().toISOString(),
  seed,
  machine: thisMachine(loadBefore),
});

/** The head of a report as people read it. */
export function provenanceMarkdown({ command, commit, date, seed, machine }: Provenance): string {
  return [
    `    ${command}`,
    "",
    `Commit ${commit}, ${date}, seed ${seed}; ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ` +
      `Linux ${machine.kernel}, Node ${machine.node}, load before ${machine.loadBefore}.`,
  ].join("\n");
}

/** Writes `report.json` and `README.md` under `<results>/<date>-<what>/`; answers that directory. */
export async function saveReport(
  results: string,
  what: string,
  provenance: Provenance,
  report: { json: object; markdown: string },
): Promise<string> {
  const directory = join(results, `${provenance.date.slice(0, 10)}-${what}`);
  await mkdir(directory, { recursive: true });
  await writeFile(
    join(directory, "report.json"),
    `${JSON.stringify({ ...provenance, ...report.json }, null, 2)}\n`,
  );
  const text = [`# ${what}`, "", provenanceMarkdown(provenance), "", report.markdown, ""].join("\n");
  await writeFile(join(directory, "README.md"), text);
  return directory;
}
