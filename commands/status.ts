import { Command } from "commander";
import { chooseDataRoot } from "#launcher/data-root";
import { type InstanceFacts, lookAtInstance } from "#launcher/instance";
import type { InstanceStatus } from "#launcher/status";
import { askSupervisor } from "#launcher/supervised";
import type { Alert } from "#topology/alerts/rule";
import { type ForegroundStatus, foregroundInWords, lookAtForeground } from "./foreground.ts";
import { checkout, type InstanceOptions } from "./instance.ts";
import { CommandRefused } from "./refusals.ts";

/** `storey status`: what runs where, and how it is. */
export function statusCommand(): Command {
  return new Command("status")
    .description(
      "Show every component of a running instance: health, address, version, memory, processor time.",
    )
    .option("--name <name>", "which instance", "shop")
    .option("--data <dir>", "where instances are kept (or STOREY_DATA)")
    .option("--json", "as JSON, with each component's own numbers")
    .addHelpText(
      "after",
      "\nExample: ./storey status --name stage-3\nExits with 2 when a component is not well.",
    )
    .action(async (options: InstanceOptions & { json?: true }) => {
      const foreground = await foregroundOf(options);
      if (foreground) {
        console.log(options.json ? JSON.stringify(foreground, undefined, 2) : foregroundInWords(foreground));
        if (foreground.ailment !== null) process.exitCode = 2;
        return;
      }
      const status = await askStatus(options);
      console.log(options.json ? JSON.stringify(status, undefined, 2) : inWords(status));
      if (status.components.some(({ ailment }) => ailment !== null)) process.exitCode = 2;
    });
}

/** A shop that no supervisor tells of, because one process runs it. Throws CommandRefused `instance.none`. */
async function foregroundOf(options: InstanceOptions): Promise<ForegroundStatus | undefined> {
  const facts = await knownInstance(options);
  return (await askSupervisor(facts)) ? undefined : lookAtForeground(facts);
}

/** Asks the supervisor of an instance. Throws CommandRefused `instance.none`, `instance.not_up`. */
export async function askStatus(options: InstanceOptions): Promise<InstanceStatus> {
  const facts = await knownInstance(options);
  const status = await askSupervisor(facts);
  if (status) return status;
  throw new CommandRefused(
    "instance.not_up",
    `No supervisor answers for ${facts.name} (stage ${facts.stage}). Start it: ./storey up --name ${facts.name}`,
  );
}

/** An instance that exists. Throws CommandRefused `instance.none`. */
export async function knownInstance(options: InstanceOptions): Promise<InstanceFacts> {
  const dataRoot = await chooseDataRoot(checkout, options.data);
  const facts = await lookAtInstance({ name: options.name, dataRoot });
  if (facts) return facts;
  const next = "Name another one with --name, or another directory with --data.";
  throw new CommandRefused("instance.none", `There is no instance ${options.name} in ${dataRoot}. ${next}`);
}

/** One thing that is wrong, on a line. */
export const alertLine = ({ severity, since, summary }: Alert): string =>
  `${severity}, since ${since.slice(0, 19).replace("T", " ")} UTC: ${summary}`;

/** What runs where, a line each, and what is wrong. */
export function inWords({ instance, stage, stageName, url, components, alerts }: InstanceStatus): string {
  const rows = components.map((each) => [
    each.name,
    `${each.kind} ${each.version}`.trim(),
    each.host,
    Object.values(each.addresses).join(" "),
    `${Math.round(each.memoryBytes / 1024 ** 2)} MB`,
    `${(each.cpuMs / 1000).toFixed(1)} s`,
    each.ailment ?? "well",
  ]);
  const table = [["component", "is", "host", "at", "memory", "processor", "health"], ...rows];
  const widths =
    table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  const wrong = alerts.length > 0 ? ["", ...alerts.map(alertLine), "What to do: ./storey alerts"] : [];
  return [`${instance}: stage ${stage}, ${stageName}, at ${url}`, "", ...lines, ...wrong].join("\n");
}
