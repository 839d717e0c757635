import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { findNeed } from "#launcher/packages";
import { fifteen, type Stage } from "#stages/fifteen";
import { checkout } from "./instance.ts";
import { needsOf } from "./make-room.ts";
import { commandOf, filesOfStages } from "./stage-files.ts";
import { dayOf, newestProof, type Proof } from "./stage-proof.ts";

/** `storey stages`: the fifteen steps, which of them can be run here, and what proves them. */
export function stagesCommand(): Command {
  return new Command("stages")
    .description("List the fifteen stages: what each adds, whether it runs here, which report proves it.")
    .option("--json", "the list as JSON")
    .option("--renew", "write anew what follows from the stages: stages/golden and the README's table")
    .addHelpText("after", "\nExample: storey stages --json")
    .action((options: { json?: true; renew?: true }) => {
      if (options.renew) return renew();
      const facts = fifteen.map(factsOf);
      console.log(options.json ? JSON.stringify(facts, undefined, 2) : inWords(facts));
    });
}

interface StageFacts extends Pick<Stage, "number" | "name" | "adds"> {
  /** How to run it; null: nobody can yet. */
  readonly command: string | null;
  /** What this machine would have to install first. */
  readonly lacks: readonly string[];
  readonly proof: Proof | null;
}

function factsOf(stage: Stage): StageFacts {
  const { number, name, adds, topology } = stage;
  const command = commandOf(stage) ?? null;
  const needs = command && topology ? needsOf(topology) : [];
  const lacks = needs.filter((need) => !findNeed(need)).map((need) => need.name);
  return { number, name, adds, command, lacks, proof: newestProof(number) ?? null };
}

function inWords(facts: readonly StageFacts[]): string {
  const rows = facts.map(({ number, name, adds, command, lacks, proof }) => [
    String(number).padStart(2),
    name,
    adds,
    command ? (lacks.length > 0 ? `needs ${lacks.join(", ")}` : command) : "not yet",
    proof ? `${proof.proven ? "" : "failed: "}${proof.what}, ${dayOf(proof.date)}` : "not yet",
  ]);
  const table = [["#", "stage", "what is added", "run here", "proof"], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const lines = table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return [...lines, "", "./storey show N draws one of them."].join("\n");
}

function renew(): void {
  const files = filesOfStages();
  for (const [path, text] of files) writeFileSync(join(checkout, path), text);
  console.log(`Wrote ${files.size} files: stages/golden, and the table in README.md.`);
}
