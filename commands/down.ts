import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import { openInstance } from "#launcher/instance";
import { loopback } from "#launcher/loopback";
import { LaunchRefused } from "#launcher/refused";
import { endFaultsFirst } from "./end-faults.ts";
import type { InstanceOptions } from "./instance.ts";
import { stopOrphans } from "./orphans.ts";
import { CommandRefused } from "./refusals.ts";
import { knownInstance } from "./status.ts";

/** Finishing what was begun, in every component one after the other. */
const stopWithinMs = 120_000;

/** `storey down`: stops an instance, and what a killed supervisor left behind of it. */
export function downCommand(): Command {
  return new Command("down")
    .description(
      "Stop every component of an instance, also those that a killed supervisor left behind. Data stays.",
    )
    .option("--name <name>", "which instance", "shop")
    .option("--data <dir>", "where instances are kept (or STOREY_DATA)")
    .option("--json", "say what was stopped as JSON")
    .addHelpText("after", "\nExample: ./storey down --name stage-3")
    .action(async (options: InstanceOptions & { json?: true }) => {
      const stopped = await down(options);
      if (options.json) console.log(JSON.stringify({ stopped }));
      else console.log(stopped.length > 0 ? `Stopped: ${stopped.join(", ")}.` : "Nothing of it was running.");
    });
}

/** Stops what runs of an instance and answers what that was. Throws CommandRefused `instance.none`, `down.stuck`. */
export async function down(options: InstanceOptions): Promise<string[]> {
  const facts = await knownInstance(options);
  const where = { name: facts.name, dataRoot: join(facts.directory, "..") };
  const holder = await stopHolder(facts.directory);
  const instance = await openInstance(where).catch((error: unknown) => {
    if (!(error instanceof LaunchRefused) || error.code !== "launch.in_use") throw error;
    throw new CommandRefused(
      "down.stuck",
      `${error.message} It did not end within ${stopWithinMs / 1000} s.`,
    );
  });
  try {
    // What stands still, or lies under another disk, ends no better than what is cut off.
    await endFaultsFirst(instance, (line) => console.error(line));
    return [...(holder ? ["the supervisor and all it looked after"] : []), ...(await stopOrphans(instance))];
  } finally {
    instance.close();
  }
}

/** The process that holds the instance wrote its number; the lock itself says whether it is still that one. */
async function stopHolder(directory: string): Promise<boolean> {
  const pid = Number((await readFile(join(directory, "lock.pid"), "utf8").catch(() => "")).trim());
  const state = pid > 0 ? await loopback.probe(pid) : undefined;
  // A number that was given anew belongs to anybody; ours runs this program.
  if (!state || !/\b(cli\.ts|storey)\b/.test(state.command)) return false;
  await loopback.stop(state, "SIGTERM", stopWithinMs);
  return true;
}
