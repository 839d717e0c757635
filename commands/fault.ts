import { setTimeout as pause } from "node:timers/promises";
import { Command, InvalidArgumentError } from "commander";
import { beginFault, endFaults, faultKind, faultKinds, faultsOn } from "#lab/faults/api";
import type { FaultKind, Faulty, WantedFault } from "#lab/faults/fault";
import type { InstanceOptions } from "./instance.ts";
import { interrupted } from "./interrupt.ts";
import { readNumber } from "./numbers.ts";
import { knownInstance } from "./status.ts";

interface FaultOptions extends InstanceOptions {
  readonly grade?: number;
  readonly for?: number;
  readonly json?: true;
}

/** `storey fault`: what can go wrong, and making it go wrong, on an instance that runs. */
export function faultCommand(): Command {
  const command = new Command("fault")
    .description("Make something go wrong on a running instance, or show what can and what does.")
    .argument("[fault]", "which; without it, all there are and what is on now")
    .argument("[on]", "the component or the host that it is done to")
    .option("--grade <n>", "how much of it, in the unit of the fault", readNumber)
    .option("--for <seconds>", "wait so long and end it; Ctrl-C ends it sooner", readSeconds);
  return shared(command)
    .addHelpText("after", help())
    .action(async (name: string | undefined, on: string | undefined, options: FaultOptions) => {
      const instance = await knownInstance(options);
      if (name === undefined) return list(instance, options);
      const { name: known } = faultKind(name);
      if (on === undefined) return list(instance, options, known);
      const { grade } = options;
      return begin(instance, { name: known, on, ...(grade === undefined ? {} : { grade }) }, options);
    })
    .addCommand(endCommand());
}

function endCommand(): Command {
  const command = new Command("end")
    .description("End the faults that are on.")
    .argument("[fault]", "only this one")
    .argument("[on]", "only of this component or host");
  return shared(command)
    .addHelpText("after", "\nExample: ./storey fault end freeze --name stage-4")
    .action(async (name: string | undefined, on: string | undefined, _: object, self: Command) => {
      // The command above it has taken the options of the same names.
      const options = self.optsWithGlobals<FaultOptions>();
      const instance = await knownInstance(options);
      const ended = await endFaults(instance, {
        ...(name === undefined ? {} : { name: faultKind(name).name }),
        ...(on === undefined ? {} : { on }),
      });
      if (options.json) console.log(JSON.stringify({ ended }));
      else console.log(ended.length > 0 ? `Ended: ${ended.join(", ")}.` : "Nothing was on.");
    });
}

const shared = (command: Command): Command =>
  command
    .option("--name <name>", "which instance", "shop")
    .option("--data <dir>", "where instances are kept (or STOREY_DATA)")
    .option("--json", "as JSON");

const help = (): string => {
  const kinds = faultKinds().map((kind) => `  ${kind.name.padEnd(22)} ${kind.about}${boundsOf(kind)}`);
  return `
Faults:
${kinds.join("\n")}

Examples:
  ./storey fault --name stage-4                            what can be done to what, and what is on
  ./storey fault kill app-1 --name stage-4
  ./storey fault freeze redis --for 10 --name stage-4
  ./storey fault slow-link data --grade 512 --name stage-5
  ./storey fault end --name stage-5

A fault that lasts is ended by "fault end" in any terminal, by --for, and by the supervisor when it stops.
More, and what cannot be done: docs/faults.md.`;
};

const boundsOf = ({ grades, unit }: FaultKind): string =>
  grades
    ? `\n${" ".repeat(25)}--grade: ${unit}; ${grades.least} to ${grades.most}, ${grades.usual} unless said`
    : "";

async function list(instance: Faulty, { json }: FaultOptions, only?: string): Promise<void> {
  const kinds = faultKinds().filter(({ name }) => only === undefined || name === only);
  const faults = await Promise.all(
    kinds.map(async (kind) => {
      const refused = await kind.whyNot?.(instance);
      const { name, about, unit, grades, lasts } = kind;
      const facts = { name, about, ...(grades ? { unit, grades } : {}), lasts };
      return refused
        ? { ...facts, targets: [], whyNot: { code: refused.code, message: refused.message } }
        : { ...facts, targets: await kind.targets(instance) };
    }),
  );
  const on = await faultsOn(instance);
  if (json) return console.log(JSON.stringify({ faults, on }, undefined, 2));
  // Five faults need the same.
  const needs = faults.find((each) => "whyNot" in each && each.whyNot.code === "fault.needs_hosts");
  const lines = faults.map(({ name, targets, ...each }) => {
    const refused = "whyNot" in each ? each.whyNot : undefined;
    const why = refused?.code === "fault.needs_hosts" && needs?.name !== name ? "the same" : refused?.message;
    return `${name.padEnd(22)} ${targets.length > 0 ? targets.join(", ") : `not here: ${why ?? "there is nothing"}`}`;
  });
  const since = (at: string) => `${at.slice(11, 19)} UTC`;
  const now = on.map(({ wanted, begunAt, said }) => `  ${wanted.name} since ${since(begunAt)}: ${said}`);
  console.log([...lines, "", ...(now.length > 0 ? ["On now:", ...now] : ["Nothing is on."])].join("\n"));
}

async function begin(instance: Faulty, wanted: WantedFault, options: FaultOptions): Promise<void> {
  const { json, for: seconds } = options;
  const signal = interrupted();
  const begun = await beginFault(instance, wanted);
  const { lasts } = faultKind(wanted.name);
  if (json) console.log(JSON.stringify({ begun: begun.wanted, said: begun.said }));
  else console.log(begun.said);
  if (!lasts) return;
  if (seconds === undefined && !signal.aborted) {
    const end = `./storey fault end ${wanted.name} ${wanted.on} --name ${instance.name}`;
    if (!json) console.log(`It goes on until you end it: ${end}`);
    return;
  }
  await pause((seconds ?? 0) * 1_000, undefined, { signal }).catch(() => undefined);
  await begun.end();
  if (json) console.log(JSON.stringify({ ended: [`${wanted.name} ${wanted.on}`] }));
  else console.log("Ended.");
}

/** A timer of Node's holds 24 days. */
const longestSeconds = 86_400;

function readSeconds(text: string): number {
  const seconds = readNumber(text);
  if (seconds > 0 && seconds <= longestSeconds) return seconds;
  throw new InvalidArgumentError(`more than 0 and at most ${longestSeconds} seconds are needed.`);
}
