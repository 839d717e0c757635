import type { Cost, Profile } from "../profile.ts";
import { milliseconds, table } from "./markdown.ts";

const kB = (bytes: number) => (bytes / 1_024).toFixed(1);

/** The tables: each step, the whole, what runs anyhow, and the statements that cost most. */
export function profileMarkdown({ purchases, purchase, steps, idle, statements }: Profile): string {
  const rows = [...steps, purchase, idle].map(costRow);
  return [
    `${purchases} whole purchases in a closed loop; each step by itself besides, with the events it tells carried on.`,
    "",
    ...table(["what", "CPU ms (application + database)", "statements", "log kB"], rows),
    "",
    `A whole purchase is ${purchase.commits.toFixed(1)} transactions in that loop, a second without visitors ${idle.commits.toFixed(0)}.`,
    ...(statements.length > 0 ? ["", ...statementTable(statements)] : ["", toCount]),
  ].join("\n");
}

const toCount =
  "Statements are counted where `local.conf` beside the instance's `postgresql.conf` has " +
  "`shared_preload_libraries = 'pg_stat_statements'` (and `pg_stat_statements.track = 'all'` for those in functions).";

const costRow = ({ name, application, database, statements, wal }: Cost): string[] => [
  name,
  `**${(application + database).toFixed(2)}** (${application.toFixed(2)} + ${database.toFixed(2)})`,
  statements.toFixed(2),
  kB(wal),
];

const statementTable = (statements: Profile["statements"]): string[] =>
  table(
    ["role", "statement (· inside a function)", "calls a purchase", "ms a purchase", "log kB a purchase"],
    statements.map(({ role, calls, ms, wal, isOuter, text }) => [
      role.replace("storey_", ""),
      `${isOuter ? "" : "· "}${text.replaceAll(/\s+/g, " ").replaceAll("|", "\\|").slice(0, 70)}`,
      calls.toFixed(2),
      milliseconds(ms),
      kB(wal),
    ]),
  );
