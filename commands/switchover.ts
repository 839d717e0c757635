import { join } from "node:path";
import { Command } from "commander";
import { serverAccount } from "#launcher/account";
import { readEndpoints } from "#launcher/endpoints";
import { componentDirectory } from "#launcher/instance";
import { loopback } from "#launcher/loopback";
import type { ClusterMember } from "#launcher/postgres/guardians";
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

/**
 * Throws CommandRefused `instance.none`, `instance.not_up`, `switchover.no_cluster`, `switchover.not_whole`, and what
 * `switchOver` does.
 */
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
  const members: ClusterMember[] = [];
  const down: string[] = [];
  for (const { name, directory: dataDir } of databases) {
    const found = await findPostgres({ host: loopback, dataDir, superuserPassword });
    const rest = endpoints[`${name} patroni`];
    const file = join(componentDirectory(facts.directory, name), "patroni.json");
    const local = found && { host: found.socketDir, port: found.port };
    if (!local || !rest) down.push(name);
    else
      members.push({
        name,
        local,
        rest,
        settings: { host: loopback, file, account: await serverAccount(loopback, dataDir) },
      });
  }
  if (members.length === 0) throw notUp(facts);
  if (down.length > 0) {
    const message = `${down.join(" and ")} does not run. Writes would wait until it does, so nothing was changed.`;
    throw new CommandRefused("switchover.not_whole", `${message} See ./storey status, and try again.`);
  }
  return switchOver({
    members,
    ...(options.to ? { to: options.to } : {}),
    database: databaseName,
    passwords: { superuser: superuserPassword, rest: facts.secret("patroni") },
    hold: { channel: holdChannel, ...watchName, readSuffix },
    say,
  });
}
