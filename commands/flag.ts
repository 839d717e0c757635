import { Command } from "commander";
import { openFileConfig } from "#platform/config/drivers/file";
import { type FlagBoard, type FlagState, flagNames, isFlagName } from "#platform/flags/api";
import { openFlags } from "#platform/flags/open";
import type { InstanceOptions } from "./instance.ts";
import { CommandRefused } from "./refusals.ts";
import { knownInstance } from "./status.ts";

/** `storey flag`: which costly parts are on, and turning them, while the shop runs, is overloaded or rests. */
export function flagCommand(): Command {
  return new Command("flag")
    .description("Show which costly parts of the shop are on, or turn one on or off without a restart.")
    .argument("[flag]", "which; all of them unless said")
    .argument("[state]", "on or off; as it is unless said")
    .option("--name <name>", "which instance", "shop")
    .option("--data <dir>", "where instances are kept (or STOREY_DATA)")
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      "\nEvery process sees a change within a second. Nothing of the shop is asked for it: it works in a flood.\n\n" +
        "Example: storey flag facets off --name shop",
    )
    .action(async (flag: string | undefined, state: string | undefined, options: FlagOptions) => {
      const { paths } = await knownInstance(options);
      const log = (message: string, error?: unknown) => console.error(message, error ?? "");
      const board = await openFlags(openFileConfig(paths.settings, log), log);
      try {
        const shown = await turn(board, flag, state);
        console.log(options.json ? JSON.stringify(shown, undefined, 2) : inWords(shown));
      } finally {
        await board.close();
      }
    });
}

type FlagOptions = InstanceOptions & { readonly json?: true };

/** Throws CommandRefused `flag.unknown`, `flag.bad_state`. */
async function turn(
  board: FlagBoard,
  flag: string | undefined,
  state: string | undefined,
): Promise<readonly FlagState[]> {
  if (flag === undefined) return board.all();
  if (!isFlagName(flag))
    throw new CommandRefused("flag.unknown", `There is no flag ${flag}. There are: ${flagNames.join(", ")}.`);
  if (state !== undefined) {
    if (state !== "on" && state !== "off")
      throw new CommandRefused("flag.bad_state", `A flag is turned on or off, not "${state}".`);
    await board.set(flag, state === "on");
  }
  return board.all().filter(({ name }) => name === flag);
}

function inWords(shown: readonly FlagState[]): string {
  const width = Math.max(...shown.map(({ name }) => name.length));
  return shown
    .map(
      ({ name, on, byDefault, whenOff }) =>
        `${name.padEnd(width)}  ${on ? "on " : "off"}${on === byDefault ? "" : " (set by hand)"}  When off: ${whenOff}`,
    )
    .join("\n");
}
