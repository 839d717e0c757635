import { chmod, mkdtemp, rm } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { randomFor } from "#demo/random";
import { provenanceOf, saveReport } from "#lab/report/save";
import { holds, type KillsReport, runKills } from "#lab/scenarios/kills";
import { checkout } from "./instance.ts";
import { CommandRefused } from "./refusals.ts";

interface ProveOptions {
  readonly stage: string;
  readonly kills: string;
  readonly seed?: string;
  readonly json?: true;
}

/** `storey prove`: the full counts of what `npm test` does a few times, and a dated report under lab/results. */
export function proveCommand(): Command {
  return new Command("prove")
    .description("Kill the shop and its database in the middle of checkouts, many times, and write a report.")
    .requiredOption("--stage <n>", "which stage (1, so far)")
    .option("--kills <n>", "kills of the application, and as many of the database", "20")
    .option("--seed <n>", "repeat the moments of an earlier run")
    .option("--json", "the report as JSON, and no progress")
    .action(prove);
}

async function prove(options: ProveOptions): Promise<void> {
  if (options.stage !== "1")
    throw new CommandRefused("prove.no_such_stage", "only stage 1 can be proved so far.");
  const seed = Number(options.seed ?? crypto.getRandomValues(new Uint32Array(1))[0]);
  const random = randomFor("prove", seed).next;
  const provenance = provenanceOf(
    checkout,
    `storey prove --stage 1 --kills ${options.kills} --seed ${seed}`,
    seed,
    loadavg()[0] ?? 0,
  );
  const say = options.json ? () => undefined : (line: string) => console.log(line);
  const dataRoot = await mkdtemp(join(tmpdir(), "storey-prove-"));
  // The database's own user passes through.
  await chmod(dataRoot, 0o711);
  const reports: KillsReport[] = [];
  try {
    for (const victim of ["application", "database"] as const) {
      reports.push(await runKills({ victim, times: Number(options.kills), dataRoot, random, say }));
    }
  } finally {
    await rm(dataRoot, { recursive: true, force: true });
  }
  const report = { proven: reports.every(holds), reports };
  const markdown = inWords(reports);
  const path = await saveReport(join(checkout, "lab/results/01"), "kills", provenance, {
    json: report,
    markdown,
  });
  say(`\n${markdown}\n`);
  console.log(options.json ? JSON.stringify(report) : `${report.proven ? "Proven" : "NOT proven"}: ${path}`);
  if (!report.proven) process.exitCode = 2;
}

/** The report as people read it: a row a victim. */
function inWords(reports: readonly KillsReport[]): string {
  const rows = reports.map((r) => {
    const times = [...r.recoveredAfterMs].sort((a, b) => a - b);
    const median = times[Math.floor(times.length / 2)];
    const wrong = [...r.lost, ...r.doubled, ...r.brokenInvariants].length;
    return `| ${r.victim} | ${r.kills} | ${r.inFlight} | ${r.acknowledged} | ${r.repeated} | ${wrong} | ${median} (${times.at(-1)}) |`;
  });
  const head =
    "| killed with SIGKILL | times | in the middle of a checkout | acknowledged | sent again | lost, doubled or broken | " +
    "answering again after, ms: median (longest) |";
  return [head, "|---|---|---|---|---|---|---|", ...rows].join("\n");
}
