import { Command } from "commander";
import type { Alert } from "#topology/alerts/rule";
import type { InstanceOptions } from "./instance.ts";
import { alertLine, askStatus } from "./status.ts";

/** `storey alerts`: what is wrong with a running instance, and what to do about it. Exits with 2 if anything is. */
export function alertsCommand(): Command {
  return new Command("alerts")
    .description("Show what is wrong with a running instance, since when, and what to do next.")
    .option("--name <name>", "which instance", "shop")
    .option("--data <dir>", "where instances are kept (or STOREY_DATA)")
    .option("--json", "as JSON, with the labels of each alert")
    .addHelpText(
      "after",
      `
Example: ./storey alerts --name stage-3
Exits with 2 when something is wrong. A shop that runs in the foreground says the same in its own output.`,
    )
    .action(async (options: InstanceOptions & { json?: true }) => {
      const { alerts } = await askStatus(options);
      console.log(options.json ? JSON.stringify({ alerts }, undefined, 2) : inWords(alerts));
      if (alerts.length > 0) process.exitCode = 2;
    });
}

const inWords = (alerts: readonly Alert[]): string =>
  alerts.length === 0
    ? "Nothing is wrong."
    : alerts.map((alert) => `${alertLine(alert)}\n  ${alert.next}`).join("\n\n");
