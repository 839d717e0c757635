import { chmod, mkdtemp, rm } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { randomFor } from "#demo/random";
import { killsInWords } from "#lab/report/kills-report";
import { provenanceOf, saveReport } from "#lab/report/save";
import { holds, type KillsReport, type MortalShop, runKills } from "#lab/scenarios/kills";
import { openMortal } from "#lab/scenarios/shop-process";
import { isSmooth, runSwitchovers, type SwitchoversReport } from "#lab/scenarios/switchovers";
import { fullCounts, type Victim } from "#lab/scenarios/victims";
import { freePort } from "#lab/shop/free-port";
import { startStage } from "#lab/shop/staged";
import type { Topology } from "#topology/model";
import { checkout } from "./instance.ts";
import { cleaningUp, unlessInterrupted } from "./interrupt.ts";
import { stageOf } from "./stage.ts";
import { switchLeader } from "./switchover.ts";

interface ProveOptions {
  readonly stage: string;
  readonly kills?: string;
  readonly switchovers: string;
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
    .option("--kills <n>", "a trial: each part so often, and no report is kept")
    .option("--switchovers <n>", "how often the lead of a cluster is handed over", "5")
    .option("--only <components...>", "a trial: kill these and no others")
    .option("--seed <n>", "repeat the moments of an earlier run")
    .option("--json", "the report as JSON, and no progress")
    .addHelpText(
      "after",
      "\nWants a machine that does nothing else; takes five to twelve minutes.\n\nExample: storey prove --stage 1",
    )
    .action((options: ProveOptions) => cleaningUp((stopped) => prove(options, stopped)));
}

async function prove(options: ProveOptions, stopped: AbortSignal): Promise<void> {
  const stage = Number(options.stage);
  const topology = stageOf(stage);
  const seed = Number(options.seed ?? crypto.getRandomValues(new Uint32Array(1))[0]);
  const random = randomFor("prove", seed).next;
  const counts = [
    ...(options.kills ? ["--kills", options.kills] : []),
    ...(options.only ? ["--only", ...options.only] : []),
  ];
  const command = ["storey prove --stage", stage, ...counts, "--seed", seed].join(" ");
  const provenance = provenanceOf(checkout, command, seed, loadavg()[0] ?? 0);
  const say = options.json ? () => undefined : (line: string) => console.log(line);
  const dataRoot = await mkdtemp(join(tmpdir(), "storey-prove-"));
  // The database's own user passes through.
  await chmod(dataRoot, 0o711);
  const port = await freePort();
  let told: Proof;
  try {
    const at = { dataRoot, name: `prove-${stage}`, port };
    const shop: ProvenShop = stage === 1 ? await openMortal(at) : await startStage({ ...at, stage });
    try {
      told = await unlessInterrupted(stopped, proofOf({ shop, at, options, topology, random, say }));
    } finally {
      await shop.stop();
    }
  } finally {
    await rm(dataRoot, { recursive: true, force: true });
  }
  const { reports, switchovers } = told;
  const proven = reports.every(holds) && (!switchovers || isSmooth(switchovers));
  const report = { proven, reports, ...(switchovers ? { switchovers } : {}) };
  const markdown = killsInWords(reports, switchovers);
  say(`\n${markdown}\n`);
  const isWhole = options.kills === undefined && options.only === undefined;
  const folder = join(checkout, "lab/results", String(stage).padStart(2, "0"));
  const path = isWhole && (await saveReport(folder, "kills", provenance, { json: report, markdown }));
  const verdict = proven ? "Proven" : "NOT proven";
  console.log(
    options.json ? JSON.stringify(report) : `${verdict}: ${path || "a trial, of which no report is kept"}`,
  );
  if (!proven) process.exitCode = 2;
}

type ProvenShop = MortalShop & { stop(): Promise<void> };

interface Proof {
  readonly reports: readonly KillsReport[];
  readonly switchovers?: SwitchoversReport;
}

/** The kills of each part, then the switchovers of a cluster. */
async function proofOf(of: {
  readonly shop: ProvenShop;
  readonly at: { readonly name: string; readonly dataRoot: string };
  readonly options: ProveOptions;
  readonly topology: Topology;
  readonly random: () => number;
  readonly say: (line: string) => void;
}): Promise<Proof> {
  const { shop, at, options, topology, random, say } = of;
  const reports: KillsReport[] = [];
  for (const { name, kills } of victimsOf(options, topology))
    reports.push(await runKills({ shop, victims: Array(kills).fill(name), random, say }));
  if (!shop.rejoined || options.only) return { reports };
  const switchOver = () => switchLeader({ name: at.name, data: at.dataRoot }, () => undefined);
  const times = Number(options.switchovers);
  const whole = shop.whole;
  return { reports, switchovers: await runSwitchovers({ url: shop.url, times, switchOver, whole, say }) };
}

/** Each part of the stage, or those that were asked for, with the full counts or with one count for all. */
function victimsOf({ only, kills }: ProveOptions, topology: Topology): Victim[] {
  const all =
    topology.stage === 1
      ? ["application", "database"].map((name) => ({ name, kills: 20 }))
      : fullCounts(topology);
  const chosen = only ? all.filter(({ name }) => only.includes(name)) : all;
  return kills ? chosen.map(({ name }) => ({ name, kills: Number(kills) })) : chosen;
}
