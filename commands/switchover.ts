import { Command } from "commander";
import { readEndpoints } from "#launcher/endpoints";
import { loopback } from "#launcher/loopback";
import { findPostgres } from "#launcher/postgres/start";
import { type Switched, switchOver } from "#launcher/postgres/switchover";
import { readSuffix } from "#platform/database/drivers/pg";
import { holdChannel, watchName } from "#platform/database/drivers/pg-watch";
import { databaseDirectories } from "./databases.ts";
import { databaseName, type InstanceOptions } from "./instance.ts";
import { notUp } from "./reach.ts";
import { CommandRefused } from "./refusals.ts";
import { knownInstance } from "./status.ts";

interface SwitchoverOptions extends InstanceOptions {
  readonly to?: string;
  readonly json?: true;
}

/** `storey switchover`: another database of the cluster leads, while the shop sells. */
export function switchoverCommand(): Command {
  return new Command("switchover")
    .description("Let another database of a running cluster lead, without a failed request.")
    .option("--to <database>", "who is to lead; without it, whoever confirms writes now")
    .option("--name <name>", "which instance", "shop")
    .option("--data <dir>", "where instances are kept (or STOREY_DATA)")
    .option("--json", "what was done as JSON")
    .addHelpText(
      "after",
      "\nWrites wait for a second or two, five at most; nothing is refused for that.\n\n" +
        "Example: ./storey switchover --to database-2 --name stage-5",
    )
    .action(async (options: SwitchoverOptions) => {
      const say = options.json ? () => undefined : (line: string) => console.log(line);
      const switched = await switchLeader(options, say);
      if (options.json) console.log(JSON.stringify(switched));
      else say(`${switched.to} leads. Writes waited for ${(switched.heldMs / 1000).toFixed(1)} s.`);
    });
}

/** Throws CommandRefused `instance.none`, `instance.not_up`, `switchover.no_cluster`, and what `switchOver` does. */
export async function switchLeader(
  options: Omit<SwitchoverOptions, "json">,
  say: (line: string) => void,
): Promise<Switched> {
  const facts = await knownInstance(options);
  const { superuserPassword } = facts;
  const databases = databaseDirectories(facts);
  if (!databases.some(({ guardian }) => guardian === "patroni")) {
    const message = `${facts.name} is at stage ${facts.stage}, where no other database could lead.`;
    throw new CommandRefused("switchover.no_cluster", `${message} Clusters begin at stage 5.`);
  }
  const endpoints = await readEndpoints(facts.directory);
  const looked = databases.map(async ({ name, directory: dataDir }) => {
    const found = await findPostgres({ host: loopback, dataDir, superuserPassword });
    const rest = endpoints[`${name} patroni`];
    if (!found || !rest) return [];
    const local = { host: found.socketDir, port: found.port };
    return [{ name, local, rest }];
  });
  const members = (await Promise.all(looked)).flat();
  if (members.length === 0) throw notUp(facts);
  return switchOver({
    members,
    ...(options.to ? { to: options.to } : {}),
    database: databaseName,
    passwords: { superuser: superuserPassword, rest: facts.secret("patroni") },
    hold: { channel: holdChannel, ...watchName, readSuffix },
    say,
  });
}
