import { Command } from "commander";
import type { AuditReport } from "#apps/operator/api";
import { auditShop, defaultBoundMs } from "#apps/operator/audit";
import { systemClock } from "#kernel/clock";
import { openDoors } from "./doors.ts";

/** `storey audit`: checks every invariant on the data of an instance and names each offender. Exits with 2 if any. */
export function auditCommand(): Command {
  return new Command("audit")
    .description(
      "Check, while the shop runs or rests, that nothing is oversold, lost, doubled or unbalanced.",
    )
    .option("--name <name>", "which instance", "shop")
    .option("--data <dir>", "where instances are kept (or STOREY_DATA)")
    .option("--json", "the whole report as JSON")
    .addHelpText(
      "after",
      "\nExits with 0 if every invariant holds, 2 if not.\n\nExample: storey audit --json | jq .clean",
    )
    .action(async (options: { name: string; data?: string; json?: true }) => {
      const shop = await openDoors(options, (message, error) => console.error(message, error ?? ""));
      try {
        const report = await auditShop(shop.doors, systemClock, defaultBoundMs, shop.bus.lag);
        console.log(options.json ? JSON.stringify(report, undefined, 2) : inWords(report));
        if (!report.clean) process.exitCode = 2;
      } finally {
        await shop.close();
      }
    });
}

/** What was looked at, by the name it has in the report and the one it has among people. */
const things = [
  ["order", "orders"],
  ["inventory", "stocks"],
  ["reservations", "reservations"],
  ["payments", "payments"],
  ["entries", "ledger entries"],
] as const;

/** The verdict for people: one line a finding. */
export function inWords(report: AuditReport): string {
  const looked = things.map(([key, words]) => `${(report.checked[key] ?? 0).toLocaleString("en")} ${words}`);
  const lines = report.broken.map(({ rule, offender, detail }) => `  ${rule}  ${offender}: ${detail}`);
  const verdict = report.clean ? "Clean: every invariant holds." : `Broken, ${report.broken.length} times:`;
  const pending = report.pending > 0 ? [`${report.pending} more were under way and have settled.`] : [];
  return [verdict, ...lines, ...pending, `Looked at ${looked.join(", ")}.`].join("\n");
}
