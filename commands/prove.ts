import { chmod, mkdtemp, rm } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { randomFor } from "#demo/random";
import { provenanceOf, saveReport } from "#lab/report/save";
import { holds, type KillsReport, runKills } from "#lab/scenarios/kills";
import { openMortal } from "#lab/scenarios/shop-process";
import { freePort } from "#lab/shop/free-port";
import { startStage } from "#lab/shop/staged";
import { checkout } from "./instance.ts";
import { stageOf } from "./stage.ts";

interface ProveOptions {
  readonly stage: string;
  readonly kills: string;
  readonly only?: readonly string[];
  readonly seed?: string;
  readonly json?: true;
}

/** `storey prove`: the full counts of what `npm test` does a few times, and a dated report under lab/results. */
export function proveCommand(): Command {
  return new Command("prove")
    .description(
      "Kill each part of a running stage in the middle of checkouts, many times, and write a report.",
    )
    .requiredOption("--stage <n>", "which stage; `storey stages` lists them")
    .option("--kills <n>", "how often each part is killed", "20")
    .option("--only <components...>", "kill these and no others")
    .option("--seed <n>", "repeat the moments of an earlier run")
    .option("--json", "the report as JSON, and no progress")
    .addHelpText("after", "\nExample: storey prove --stage 1 --kills 20")
    .action(prove);
}

async function prove(options: ProveOptions): Promise<void> {
  const stage = Number(options.stage);
  const topology = stageOf(stage);
  const seed = Number(options.seed ?? crypto.getRandomValues(new Uint32Array(1))[0]);
  const random = randomFor("prove", seed).next;
  const command = `storey prove --stage ${stage} --kills ${options.kills} --seed ${seed}`;
  const provenance = provenanceOf(checkout, command, seed, loadavg()[0] ?? 0);
  const say = options.json ? () => undefined : (line: string) => console.log(line);
  const dataRoot = await mkdtemp(join(tmpdir(), "storey-prove-"));
  // The database's own user passes through.
  await chmod(dataRoot, 0o711);
  const port = await freePort();
  const reports: KillsReport[] = [];
  try {
    const at = { dataRoot, name: `prove-${stage}`, port };
    const shop = stage === 1 ? await openMortal(at) : await startStage({ ...at, stage });
    const victims = stage === 1 ? ["application", "database"] : topology.components.map(({ name }) => name);
    try {
      for (const victim of options.only ?? victims) {
        reports.push(
          await runKills({ shop, victims: Array(Number(options.kills)).fill(victim), random, say }),
        );
      }
    } finally {
      await shop.stop();
    }
  } finally {
    await rm(dataRoot, { recursive: true, force: true });
  }
  const report = { proven: reports.every(holds), reports };
  const markdown = inWords(reports);
  const folder = join(checkout, "lab/results", String(stage).padStart(2, "0"));
  const path = await saveReport(folder, "kills", provenance, { json: report, markdown });
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
    return `| ${r.victims} | ${r.kills} | ${r.inFlight} | ${r.acknowledged} | ${r.repeated} | ${wrong} | ${median} (${times.at(-1)}) |`;
  });
  const head =
    "| killed with SIGKILL | times | in the middle of a checkout | acknowledged | sent again | lost, doubled or broken | " +
    "answering again after, ms: median (longest) |";
  return [head, "|---|---|---|---|---|---|---|", ...rows].join("\n");
}
