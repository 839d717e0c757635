import { loadavg } from "node:os";
import { join } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { demoAccounts } from "#demo/accounts";
import { freePort } from "#lab/shop/free-port";
import type { RunningShop, StartedShop } from "#lab/shop/running";
import { chooseDataRoot } from "#launcher/data-root";
import { measureHotSku } from "./hot-sku.ts";
import { checkout, databaseName } from "./instance.ts";
import { openLab } from "./lab.ts";
import { CommandRefused } from "./refusals.ts";

interface LoadArguments {
  readonly rate: number;
  readonly seconds: number;
  readonly warmUp: number;
  readonly seed: number;
  readonly buyers: number;
  readonly think: number;
  readonly rawSeconds: number;
  readonly rounds: number;
  readonly url?: string;
  readonly name: string;
  readonly data?: string;
  readonly json?: true;
  readonly save?: true;
}

const number =
  (least: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!Number.isFinite(value) || value < least)
      throw new InvalidArgumentError(`a number from ${least} is needed.`);
    return value;
  };

const names = [
  "browse",
  "shop",
  "order",
  "double-eleven",
  "flash-sale",
  "merchant",
  "hostile",
  "operations",
  "profile",
] as const;

/** `storey load`: drives a shop with a workload and says what it cost, beside what the machine can do at best. */
export function loadCommand(): Command {
  return new Command("load")
    .description("Drive a shop with a workload and measure it, beside the machine's raw limits.")
    .argument(
      "<workload>",
      `${names.join(", ")} (operations: each by itself, in closed loops; profile: what a purchase costs where)`,
    )
    .option("--rate <n>", "arrivals of visitors a second", number(0.01), 100)
    .option("--seconds <n>", "how long is measured", number(0.5), 20)
    .option("--warm-up <seconds>", "how long before that", number(0), 5)
    .option("--seed <n>", "the same seed brings the same visitors", number(0), 1)
    .option("--buyers <n>", "buyers prepared for workloads that buy", number(1), 64)
    .option(
      "--think <seconds>",
      "how long a visitor thinks between two requests, in the mean",
      number(0),
      0.5,
    )
    .option("--raw-seconds <n>", "how long each raw limit is measured; 0 leaves them out", number(0), 5)
    .option("--rounds <n>", "of operations; the table shows medians", number(1), 3)
    .addOption(new Option("--url <url>", "a shop elsewhere: no CPU, no limit of its database"))
    .option(
      "--name <name>",
      "an instance here, started for the run if it rests; it is left with the orders placed",
      "shop",
    )
    .option("--data <dir>", "where instances are kept (or STOREY_DATA)")
    .option("--json", "the report as JSON")
    .option("--save", "keep the report under lab/results")
    .addHelpText("after", "\nExample: storey load browse --rate 200 --seconds 30 --name shop")
    .action(load);
}

async function load(workload: string, options: LoadArguments): Promise<void> {
  const known = names.find((name) => name === workload);
  if (!known)
    throw new CommandRefused(
      "load.unknown_workload",
      `"${workload}" is no workload: choose one of ${names.join(", ")}.`,
    );
  const lab = await openLab();
  const say = (line: string) => console.error(line);
  const instance = options.url ? undefined : await instanceAt(options, lab);
  const result =
    known === "operations"
      ? await operations(lab, options, instance, say)
      : known === "profile"
        ? await profile(lab, options, instance, say)
        : await drive(lab, known, options, instance, say);
  const provenance = lab.provenanceOf(checkout, commandLine(known, options), options.seed, result.loadBefore);
  if (options.json) console.log(JSON.stringify({ ...provenance, ...result.json }));
  else console.log(`\n${lab.provenanceMarkdown(provenance)}\n\n${result.markdown}`);
  if (options.save) {
    say(`kept in ${await lab.saveReport(join(checkout, "lab/results"), known, provenance, result)}`);
  }
  if (result.failure) throw new CommandRefused("load.failed", result.failure);
}

type Lab = Awaited<ReturnType<typeof openLab>>;

interface Instance {
  readonly running: RunningShop | undefined;
  start(): Promise<StartedShop>;
}

async function instanceAt({ name, data }: LoadArguments, lab: Lab): Promise<Instance> {
  const dataRoot = await chooseDataRoot(checkout, data);
  return {
    running: await lab.findRunning(join(dataRoot, name)),
    start: async () => lab.startShop({ checkout, name, dataRoot, port: await freePort() }),
  };
}

interface Result {
  readonly loadBefore: number;
  readonly json: object;
  readonly markdown: string;
  readonly failure?: string;
}

type Say = (line: string) => void;

const operatorAccount = demoAccounts.find(({ role }) => role === "operator");

async function drive(
  lab: Lab,
  name: string,
  options: LoadArguments,
  instance: Instance | undefined,
  say: Say,
): Promise<Result> {
  const workload = lab.workloads.find((each) => each.name === name);
  if (!workload) throw new Error(`the lab has no workload ${name}`);
  const started = instance && !instance.running ? await instance.start() : undefined;
  try {
    const running = started?.shop ?? instance?.running;
    const report = await lab.runLoad({
      ...options,
      workload,
      warmUpSeconds: options.warmUp,
      thinkSeconds: options.think,
      url: options.url ?? running?.url ?? "",
      say,
      ...(running ? { running } : {}),
      ...(operatorAccount ? { operator: operatorAccount } : {}),
    });
    const { mismatches } = report.acknowledged;
    return {
      loadBefore: report.loadBefore,
      json: report,
      markdown: lab.loadMarkdown(report),
      ...(mismatches.length > 0
        ? {
            failure: `${mismatches.length} acknowledged checkouts are not as they were acknowledged: run storey audit.`,
          }
        : {}),
    };
  } finally {
    await started?.stop();
  }
}

async function operations(
  lab: Lab,
  options: LoadArguments,
  instance: Instance | undefined,
  say: Say,
): Promise<Result> {
  if (!instance) {
    throw new CommandRefused(
      "load.operations_here",
      "operations measures CPU, so the shop must run here: name it with --name.",
    );
  }
  // A first start makes and seeds the instance; what is to be measured is one with data.
  if (!instance.running) await (await instance.start()).stop();
  const report = await lab.runOperations({
    ...options,
    say,
    hotSku: measureHotSku,
    ...(instance.running ? { running: instance.running } : { start: () => instance.start() }),
    ...(operatorAccount ? { operator: operatorAccount } : {}),
  });
  return { loadBefore: report.loadBefore, json: report, markdown: lab.operationsMarkdown(report) };
}

async function profile(
  lab: Lab,
  options: LoadArguments,
  instance: Instance | undefined,
  say: Say,
): Promise<Result> {
  if (!instance) {
    throw new CommandRefused(
      "load.profile_here",
      "profile reads what the shop's processes use, so it must run here: name it with --name.",
    );
  }
  const loadBefore = loadavg()[0] ?? 0;
  const started = instance.running ? undefined : await instance.start();
  try {
    const shop = started?.shop ?? instance.running;
    if (!shop) throw new Error("there is no shop to measure");
    const account = operatorAccount ? { operator: operatorAccount } : {};
    const found = await lab.runProfile({ ...options, shop, database: databaseName, say, ...account });
    return { loadBefore, json: found, markdown: lab.profileMarkdown(found) };
  } finally {
    await started?.stop();
  }
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
