import { loadavg } from "node:os";
import { demoAccounts } from "#demo/accounts";
import type { OperationsReport } from "#lab/report/operations-report";
import type { RunningShop, StartedShop } from "#lab/shop/running";
import { measureHotSku } from "./hot-sku.ts";
import { databaseName } from "./instance.ts";
import type { openLab } from "./lab.ts";
import { CommandRefused } from "./refusals.ts";

export type Lab = Awaited<ReturnType<typeof openLab>>;

/** How a shop is driven. */
export interface LoadOptions {
  readonly rate: number;
  readonly seconds: number;
  readonly warmUp: number;
  readonly seed: number;
  readonly buyers: number;
  readonly think: number;
  readonly rawSeconds: number;
  readonly rounds: number;
  readonly url?: string;
}

/** A shop of this machine. */
export interface MeasuredInstance {
  readonly running: RunningShop | undefined;
  start(): Promise<StartedShop>;
}

interface Measuring {
  readonly lab: Lab;
  readonly options: LoadOptions;
  /** Absent: the shop is elsewhere, at `options.url`. */
  readonly instance?: MeasuredInstance;
  say(line: string): void;
}

export interface LoadResult {
  readonly loadBefore: number;
  readonly json: object;
  readonly markdown: string;
  readonly failure?: string;
  /** Where operations were measured: what the history keeps. */
  readonly operations?: OperationsReport;
}

const operatorAccount = demoAccounts.find(({ role }) => role === "operator");
const operator = operatorAccount ? { operator: operatorAccount } : {};

/** Drives a shop as the name says. Throws CommandRefused `load.not_here` for what only a shop of this machine shows. */
export function measure(name: string, measuring: Measuring): Promise<LoadResult> {
  if (name === "operations") return operations(measuring);
  if (name === "profile") return profile(measuring);
  return drive(name, measuring);
}

async function drive(name: string, { lab, options, instance, say }: Measuring): Promise<LoadResult> {
  const workload = lab.workloads.find((each) => each.name === name);
  if (!workload) throw new Error(`the lab has no workload ${name}`);
  const run = (running?: RunningShop) =>
    lab.runLoad({
      ...options,
      workload,
      warmUpSeconds: options.warmUp,
      thinkSeconds: options.think,
      url: options.url ?? running?.url ?? "",
      say,
      ...(running ? { running } : {}),
      ...operator,
    });
  const report = instance ? await withShop(instance, run) : await run();
  const { length } = report.acknowledged.mismatches;
  const failure = `${length} acknowledged checkouts are not as they were acknowledged: run storey audit.`;
  return {
    loadBefore: report.loadBefore,
    json: report,
    markdown: lab.loadMarkdown(report),
    ...(length > 0 ? { failure } : {}),
  };
}

async function operations(measuring: Measuring): Promise<LoadResult> {
  const { lab, options, say } = measuring;
  const instance = here(measuring);
  // A first start makes and seeds the instance; what is to be measured is one with data.
  if (!instance.running) await (await instance.start()).stop();
  const report = await lab.runOperations({
    ...options,
    say,
    hotSku: measureHotSku,
    ...(instance.running ? { running: instance.running } : { start: () => instance.start() }),
    ...operator,
  });
  const markdown = lab.operationsMarkdown(report);
  return { loadBefore: report.loadBefore, json: report, markdown, operations: report };
}

async function profile(measuring: Measuring): Promise<LoadResult> {
  const { lab, options, say } = measuring;
  const instance = here(measuring);
  const loadBefore = loadavg()[0] ?? 0;
  const found = await withShop(instance, (shop) =>
    lab.runProfile({ ...options, shop, database: databaseName, say, ...operator }),
  );
  return { loadBefore, json: found, markdown: lab.profileMarkdown(found) };
}

function here({ instance }: Measuring): MeasuredInstance {
  if (instance) return instance;
  const message =
    "This measures what the shop's processes use, so the shop must run here: name it with --name.";
  throw new CommandRefused("load.not_here", message);
}

/** With a shop that runs already, or one that is started for the time. */
async function withShop<T>(instance: MeasuredInstance, work: (shop: RunningShop) => Promise<T>): Promise<T> {
  if (instance.running) return work(instance.running);
  const started = await instance.start();
  try {
    return await work(started.shop);
  } finally {
    await started.stop();
  }
}
