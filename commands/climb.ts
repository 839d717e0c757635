import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { demoOperator } from "#demo/accounts";
import { freePort } from "#lab/shop/free-port";
import { stages } from "#stages/all";
import { checkout } from "./instance.ts";
import { cleaningUp, unlessInterrupted } from "./interrupt.ts";
import { openLab } from "./lab.ts";
import { numberFrom } from "./numbers.ts";
import { CommandRefused } from "./refusals.ts";
import { stageOf } from "./stage.ts";

interface ClimbArguments {
  readonly stages?: readonly number[];
  readonly quick?: true;
  readonly workload: string;
  readonly hostCpu?: number;
  readonly hostMemory: number;
  readonly from: number;
  readonly seed: number;
  readonly json?: true;
  readonly save?: true;
}

/** How carefully: the whole climb, or one that shows the same ratios in minutes. */
const care = {
  whole: { seconds: 30, warmUpSeconds: 8, thinkSeconds: 0.5, within: 1.08, products: 1_000, buyers: 200 },
  quick: { seconds: 8, warmUpSeconds: 3, thinkSeconds: 0.2, within: 1.15, products: 1_000, buyers: 80 },
} as const;

/** All hosts of a stage together have so much of the machine; the generator has the rest. */
const shareForHosts = 0.75;

const list = (text: string): number[] => {
  const numbers = text.split(",").map(Number);
  if (numbers.some((each) => !Number.isInteger(each)))
    throw new InvalidArgumentError("numbers of stages: 1,4");
  return numbers;
};

/** `storey climb`: what each stage bears on hosts of one size, and what gives way first. */
export function climbCommand(): Command {
  return new Command("climb")
    .description("Run stages on equal small hosts and raise the load on each until it gives way.")
    .option("--stages <n,n,…>", "which (default: every stage there is)", list)
    .option("--quick", "a few seconds a step: the same ratios within a quarter, in minutes")
    .option("--workload <name>", "who comes: browse, shop or order", "order")
    .option(
      "--host-cpu <percent>",
      "what each host has of a processor (default: as much as the largest of these stages allows)",
      numberFrom(1),
    )
    .option("--host-memory <mb>", "the memory that each host has", numberFrom(128), 1_024)
    .option("--from <rate>", "visits a second to begin with", numberFrom(0.1), 8)
    .option("--seed <n>", "the same seed brings the same visitors", numberFrom(0), 1)
    .option("--json", "the report as JSON")
    .option("--save", "keep the report under lab/results/climb")
    .addHelpText(
      "after",
      "\nExample: storey climb --stages 1,4 --quick\nNeeds root on Linux: every host is a network namespace.",
    )
    .action((options: ClimbArguments) => cleaningUp((stopped) => climb(options, stopped)));
}

async function climb(options: ClimbArguments, stopped: AbortSignal): Promise<void> {
  const lab = await openLab();
  const workload = lab.workloads.find(({ name }) => name === options.workload);
  if (!workload || workload.arrivals)
    throw new CommandRefused(
      "climb.unknown_workload",
      `"${options.workload}" cannot be climbed with: browse, shop or order can.`,
    );
  const chosen = (options.stages ?? stages.map(({ stage }) => stage)).map(stageOf);
  const size = { cpuPercent: options.hostCpu ?? fairShare(chosen), memoryMb: options.hostMemory };
  const how = options.quick ? care.quick : care.whole;
  const say = (line: string) => console.error(line);
  const provenance = lab.provenanceOf(
    checkout,
    commandLine(options, chosen, size.cpuPercent),
    options.seed,
    loadavg()[0] ?? 0,
  );
  const dataRoot = await mkdtemp(join(tmpdir(), "storey-climb-"));
  // The database's own user passes through.
  await chmod(dataRoot, 0o711);
  try {
    say(`hosts of ${size.cpuPercent} % of a processor and ${size.memoryMb} MB`);
    const climbed = await lab.climb({
      ...how,
      workload,
      size,
      say,
      dataRoot,
      freePort,
      from: options.from,
      seed: options.seed,
      operator: demoOperator,
      until: (work) => unlessInterrupted(stopped, work),
      stages: chosen.map(({ stage, name }) => ({ stage, name })),
    });
    const settings = { ...how, ...size, workload: workload.name };
    const markdown = lab.climbMarkdown(settings, climbed);
    const report = { settings, stages: climbed };
    if (options.json) console.log(JSON.stringify({ ...provenance, ...report }));
    else console.log(`\n${lab.provenanceMarkdown(provenance)}\n\n${markdown}`);
    if (options.save) {
      const kept = await lab.saveReport(
        join(checkout, "lab/results/climb"),
        options.quick ? "quick" : "whole",
        provenance,
        {
          json: report,
          markdown,
        },
      );
      await writeFile(join(kept, "climb.svg"), lab.climbChart(climbed));
      say(`kept in ${kept}`);
    }
    const lost = climbed.flatMap(({ mismatches }) => mismatches);
    if (lost.length > 0)
      throw new CommandRefused("climb.failed", `${lost.length} orders were not as acknowledged: ${lost[0]}`);
  } finally {
    await rm(dataRoot, { recursive: true, force: true });
  }
}

/** The same for each of these stages, so that the one with the most hosts still fits. */
function fairShare(chosen: readonly { readonly hosts: readonly unknown[] }[]): number {
  const most = Math.max(...chosen.map(({ hosts }) => hosts.length));
  return Math.floor((availableParallelism() * 100 * shareForHosts) / most);
}

function commandLine(
  options: ClimbArguments,
  chosen: readonly { stage: number }[],
  cpuPercent: number,
): string {
  const flags = [
    `--stages ${chosen.map(({ stage }) => stage)}`,
    ...(options.quick ? ["--quick"] : []),
    `--workload ${options.workload}`,
    `--host-cpu ${cpuPercent}`,
    `--host-memory ${options.hostMemory}`,
    `--from ${options.from}`,
    `--seed ${options.seed}`,
  ];
  return `storey climb ${flags.join(" ")}`;
}
