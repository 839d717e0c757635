import { Command } from "commander";
import { setUpDatabase } from "#apps/server/set-up";
import { databaseName, type InstanceOptions, schemaPassword } from "./instance.ts";
import { reachInstance } from "./reach.ts";

/**
 * `storey fit`: brings the database of a running instance to what this release needs, before any of its processes runs
 * there. Refuses data that a newer release has changed. What `roll` asks of the release it is given.
 */
export function fitCommand(): Command {
  return new Command("fit")
    .description("Prepare the database of a running instance for this release (what `roll` starts).")
    .requiredOption("--name <name>", "which instance")
    .option("--data <dir>", "where instances are kept (or STOREY_DATA)")
    .option("--json", "refusals as JSON")
    .action(async (options: InstanceOptions) => {
      const reached = await reachInstance(options, (message) => console.error(message));
      try {
        await setUpDatabase(reached.server, databaseName, schemaPassword(reached.facts));
      } finally {
        await reached.close();
      }
    });
}
