import { join } from "node:path";
import { Command, Option } from "commander";
import type { HistoryEntry } from "#lab/report/history";
import { freePort } from "#lab/shop/free-port";
import { chooseDataRoot } from "#launcher/data-root";
import { checkout } from "./instance.ts";
import { openLab } from "./lab.ts";
import { type Lab, type LoadOptions, type MeasuredInstance, measure } from "./measure-load.ts";
import { numberFrom } from "./numbers.ts";
import { CommandRefused } from "./refusals.ts";

interface LoadArguments extends LoadOptions {
  readonly name: string;
  readonly data?: string;
  readonly json?: true;
  readonly save?: true;
  readonly note?: string;
}

const workloads = ["browse", "shop", "order", "double-eleven", "flash-sale", "merchant", "hostile"] as const;
const names = [...workloads, "operations", "profile"] as const;

/** `storey load`: drives a shop with a workload and says what it cost, beside what the machine can do at best. */
export function loadCommand(): Command {
  return new Command("load")
    .description("Drive a shop with a workload and measure it, beside the machine's raw limits.")
    .argument(
      "<workload>",
      `${names.join(", ")} (operations: each by itself, in closed loops; profile: what a purchase costs where)`,
    )
    .option("--rate <n>", "arrivals of visitors a second", numberFrom(0.01), 100)
    .option("--seconds <n>", "how long is measured", numberFrom(0.5), 20)
    .option("--warm-up <seconds>", "how long before that", numberFrom(0), 5)
    .option("--seed <n>", "the same seed brings the same visitors", numberFrom(0), 1)
    .option("--buyers <n>", "buyers prepared for workloads that buy", numberFrom(1), 64)
    .option(
      "--think <seconds>",
      "how long a visitor thinks between two requests, in the mean",
      numberFrom(0),
      0.5,
    )
    .option("--raw-seconds <n>", "how long each raw limit is measured; 0 leaves them out", numberFrom(0), 5)
    .option("--rounds <n>", "of operations; the table shows medians", numberFrom(1), 3)
    .addOption(new Option("--url <url>", "a shop elsewhere: no CPU, no limit of its database"))
    .option(
      "--name <name>",
      "an instance here, started for the run if it rests; it is left with the orders placed",
      "shop",
    )
    .option("--data <dir>", "where instances are kept (or STOREY_DATA)")
    .option("--json", "the report as JSON")
    .option("--save", "keep the report under lab/results")
    .option(
      "--note <text>",
      "with --save of operations: why something costs more than a tenth more than before",
    )
    .addHelpText("after", "\nExample: storey load browse --rate 200 --seconds 30 --name shop")
    .action(load);
}

async function load(workload: string, options: LoadArguments): Promise<void> {
  const known = names.find((name) => name === workload);
  if (!known) {
    const message = `"${workload}" is no workload: choose one of ${names.join(", ")}.`;
    throw new CommandRefused("load.unknown_workload", message);
  }
  const lab = await openLab();
  const say = (line: string) => console.error(line);
  const instance = options.url ? undefined : await instanceAt(options, lab);
  const measured = measure(known, { lab, options, say, ...(instance ? { instance } : {}) });
  const result = await measured.catch((error: unknown) => {
    if (error instanceof lab.NothingSold) throw nothingSold();
    throw error instanceof lab.Unanswered && error.status === 429 ? tooManyFromOne() : error;
  });
  const provenance = lab.provenanceOf(checkout, commandLine(known, options), options.seed, result.loadBefore);
  if (options.json) console.log(JSON.stringify({ ...provenance, ...result.json }));
  else console.log(`\n${lab.provenanceMarkdown(provenance)}\n\n${result.markdown}`);
  if (options.save) {
    const results = join(checkout, "lab/results");
    if (result.operations) {
      const entry = lab.entryOf(result.operations, provenance, options.note);
      refuseSilentRises(lab, await lab.readHistory(results), entry);
      await lab.keepEntry(results, entry);
    }
    say(`kept in ${await lab.saveReport(results, known, provenance, result)}`);
  }
  if (result.failure) throw new CommandRefused("load.failed", result.failure);
}

/** What became dearer needs a reason that is kept with it, or a second look: another process may have been at work. */
function refuseSilentRises(lab: Lab, history: readonly HistoryEntry[], entry: HistoryEntry): void {
  const rises = entry.note ? [] : lab.risesOf(history, entry);
  if (rises.length === 0) return;
  const risen = rises.map(({ name, factor }) => `${name} by ${Math.round((factor - 1) * 100)} %`).join(", ");
  throw new CommandRefused(
    "load.dearer",
    `Not kept: it rose in cost over the last time: ${risen}. Measure again on a quiet machine, mend it, or say why with --note.`,
  );
}

const nothingSold = () =>
  new CommandRefused(
    "load.nothing_sold",
    "The shop sells nothing yet: storey seed fills it, or storey import.",
  );

/** All visitors come from one address or a few: what protects a shop from one of them ends the measurement. */
const tooManyFromOne = () =>
  new CommandRefused(
    "load.limited",
    "The shop refuses more requests a minute from this address. Start it with --client-limit 100000000, or let it " +
      "rest: then it is started for the measurement.",
  );

async function instanceAt({ name, data }: LoadArguments, lab: Lab): Promise<MeasuredInstance> {
  const dataRoot = await chooseDataRoot(checkout, data);
  return {
    running: await lab.findRunning(join(dataRoot, name)),
    start: async () => lab.startShop({ checkout, name, dataRoot, port: await freePort() }),
  };
}

/** What gives the same again: what has no part in the figures is left out. */
function commandLine(workload: string, options: LoadArguments): string {
  const used = workload === "operations" || workload === "profile" ? repeated : flagsOfLoad;
  const flags = used.map(
    (flag) => `--${flag.replaceAll(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)} ${options[flag]}`,
  );
  return ["storey load", workload, ...flags].join(" ");
}

const repeated = ["seconds", "rounds", "seed"] as const;
const flagsOfLoad = ["rate", "seconds", "warmUp", "seed", "buyers", "think", "rawSeconds"] as const;
