import { spawn } from "node:child_process";
import { existsSync, globSync, statSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Command } from "commander";
import { databaseDirectories } from "./databases.ts";
import type { InstanceOptions } from "./instance.ts";
import { wholeFrom } from "./numbers.ts";
import { CommandRefused } from "./refusals.ts";
import { stageOf } from "./stage.ts";
import { knownInstance } from "./status.ts";

/** `storey logs NAME`: the last lines that a component wrote. */
export function logsCommand(): Command {
  return new Command("logs")
    .description("Show what a component of an instance wrote last; without a name, the supervisor.")
    .argument("[component]", "its name, as `storey status` shows it", "supervisor")
    .option("--name <name>", "which instance", "shop")
    .option("--data <dir>", "where instances are kept (or STOREY_DATA)")
    .option("--lines <number>", "how many lines", wholeFrom(1), 40)
    .option("--follow", "go on as it writes, until Ctrl-C")
    .option("--json", "each line as JSON, with the component's name")
    .addHelpText("after", "\nExample: ./storey logs app-1 --name stage-4 --follow")
    .action(show);
}

async function show(
  component: string,
  options: InstanceOptions & { lines: number; follow?: true; json?: true },
): Promise<void> {
  const facts = await knownInstance(options);
  const names = ["supervisor", ...stageOf(facts.stage).components.map(({ name }) => name)];
  if (!names.includes(component)) {
    const message = `${facts.name} has no component "${component}". It has: ${names.join(", ")}.`;
    throw new CommandRefused("logs.no_such_component", message);
  }
  const database = databaseDirectories(facts).find(({ name }) => name === component);
  const file = database
    ? newestIn(join(database.directory, "log"))
    : join(facts.paths.logs, `${component}.log`);
  if (!file || !existsSync(file)) {
    throw new CommandRefused(
      "logs.none",
      `${component} has written nothing yet (${file ?? "its log"} is not there).`,
    );
  }
  const args = ["-n", String(options.lines), ...(options.follow ? ["-F"] : []), file];
  const child = spawn("tail", args, { stdio: ["inherit", options.json ? "pipe" : "inherit", "inherit"] });
  if (child.stdout) {
    createInterface({ input: child.stdout }).on("line", (line) =>
      console.log(JSON.stringify({ component, line })),
    );
  }
  process.exitCode = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 0));
  });
}

/** A database writes a file for each weekday. */
const newestIn = (directory: string): string | undefined =>
  globSync(join(directory, "*.log"))
    .map((file) => ({ file, at: statSync(file).mtimeMs }))
    .sort((one, other) => other.at - one.at)[0]?.file;
