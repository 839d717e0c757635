import { Command } from "commander";
import { chooseDataRoot } from "#launcher/data-root";
import { openInstance } from "#launcher/instance";
import { type Outside, writeOutside } from "#launcher/outside";
import type { TargetChoice } from "#launcher/target";
import type { Tracing } from "#topology/wiring";
import { type BroughtUp, bringUp } from "./bring-up.ts";
import { checkout } from "./instance.ts";
import { lineOf, type Told } from "./progress.ts";
import { settlePurpose } from "./purpose.ts";
import type { ServeSettings } from "./serve.ts";
import { refuseOtherStage, stageOf } from "./stage.ts";

/** What `up` hands to the supervisor it starts. */
export interface SupervisorInput {
  readonly name: string;
  readonly data: string;
  readonly stage: number;
  readonly target: TargetChoice;
  readonly host: string;
  readonly port: number;
  readonly outside: Outside;
  readonly trace?: Tracing;
  readonly demoProducts: number;
  readonly settings: ServeSettings;
}

/** `storey supervisor`: brings an instance up and looks after it until it is told to end. What `up` starts. */
export function supervisorCommand(): Command {
  return new Command("supervisor")
    .description("Run and look after the components of an instance (what `up` starts).")
    .argument("<input>", "what it must know, as JSON")
    .action(async (text: string) => {
      const tell = (told: Told) => console.log(lineOf(told));
      await supervise(JSON.parse(text), tell).catch((error: Error & { code?: string }) => {
        tell({ failed: { code: error.code, message: error.message } });
        process.exitCode = 1;
      });
    });
}

/** Brings an instance up, tells of it, and looks after it until a signal comes. */
export async function supervise(input: SupervisorInput, tell: (told: Told) => void): Promise<void> {
  const say = (line: string) => tell({ say: line });
  const instance = await openInstance({
    name: input.name,
    dataRoot: await chooseDataRoot(checkout, input.data),
  });
  const stopping = new AbortController();
  let up: BroughtUp | undefined;
  const ended = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => {
        stopping.abort();
        resolve();
      });
    }
  });
  try {
    await settleStage(instance, input.stage);
    await settlePurpose(instance, input.settings.demo ? "demo" : "production");
    const topology = stageOf(instance.stage);
    const { host, port, demoProducts, settings, outside, trace } = input;
    const address = { host, port, outside, ...(trace ? { trace } : {}) };
    await writeOutside(instance.directory, outside);
    const { signal } = stopping;
    const { target } = input;
    up = await bringUp({ instance, topology, target, ...address, demoProducts, settings, signal, say });
    tell({ ready: { url: up.url, pid: process.pid } });
    await ended;
  } finally {
    await up?.stop();
    instance.close();
  }
}

/** An instance that is new takes the stage it is started at; one that has data keeps its own. */
async function settleStage(
  instance: { name: string; stage: number; purpose: unknown; rememberStage(stage: number): Promise<void> },
  wanted: number,
): Promise<void> {
  if (instance.stage === wanted) return undefined;
  refuseOtherStage(instance, wanted);
  return instance.rememberStage(wanted);
}
