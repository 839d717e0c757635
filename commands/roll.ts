import { dirname, resolve } from "node:path";
import { Command } from "commander";
import { askToRoll } from "#launcher/supervised";
import type { InstanceOptions } from "./instance.ts";
import { CommandRefused } from "./refusals.ts";
import { fitDatabase, versionOf } from "./release.ts";
import type { RollAnswer } from "./rolling.ts";
import { knownInstance } from "./status.ts";

/** `storey roll DIR`: replaces every application of a running instance by the release in DIR, one after the other. */
export function rollCommand(): Command {
  return new Command("roll")
    .description(
      "Replace the applications of a running instance by another release, and go back by itself if it fails.",
    )
    .argument("<directory>", "an immutable directory with the release: a checkout and its packages")
    .option("--name <name>", "which instance", "shop")
    .option("--data <dir>", "where instances are kept (or STOREY_DATA)")
    .option("--watch-seconds <number>", "how long each replaced application is watched", Number, 6)
    .option("--json", "the outcome as JSON")
    .addHelpText(
      "after",
      "\nExample: ./storey roll /opt/storey/0.2.0 --name stage-4\nExits with 2 when it was rolled back.",
    )
    .action(async (directory: string, options: InstanceOptions & { watchSeconds: number; json?: true }) => {
      const say = options.json ? () => undefined : (line: string) => console.log(line);
      const outcome = await rollOut(resolve(directory), options, say);
      if (options.json) console.log(JSON.stringify(outcome));
      if (!outcome.rolled) process.exitCode = 2;
    });
}

async function rollOut(
  directory: string,
  options: InstanceOptions & { watchSeconds: number },
  say: (line: string) => void,
): Promise<Omit<RollAnswer, "said">> {
  const facts = await knownInstance(options);
  const version = versionOf(directory);
  await fitDatabase(directory, { name: facts.name, data: dirname(facts.directory) });
  say(`${version} fits the data; replacing one application after the other`);
  const answer = await askToRoll(facts, { directory, version, watchMs: options.watchSeconds * 1_000 });
  if (!answer) {
    const next = `Start it: ./storey up --name ${facts.name}`;
    throw new CommandRefused("instance.not_up", `No supervisor answers for ${facts.name}. ${next}`);
  }
  if (answer.status !== 200) throw new CommandRefused("roll.refused", answer.text.trim());
  const outcome = JSON.parse(answer.text) as RollAnswer;
  for (const line of outcome.said) say(line);
  if (outcome.rolled)
    say(`The next start is of the release that \`up\` is run from: run it from ${directory} from now on.`);
  return { rolled: outcome.rolled, ...(outcome.reason ? { reason: outcome.reason } : {}) };
}
