import { join } from "node:path";
import { chooseDataRoot } from "#launcher/data-root";
import { type InstanceFacts, lookAtInstance, openInstance, type Purpose } from "#launcher/instance";
import { loopback } from "#launcher/loopback";
import { findLeader } from "#launcher/postgres/leader";
import { findPostgres } from "#launcher/postgres/start";
import { LaunchRefused } from "#launcher/refused";
import { hasData } from "#launcher/replacement";
import { type OwnedServer, openDatabasePart } from "./database-part.ts";
import { databaseDirectories } from "./databases.ts";
import { checkout, type InstanceOptions } from "./instance.ts";
import { CommandRefused } from "./refusals.ts";

/** An instance whose database answers, at rest or while its shop runs; nothing in it was changed. */
export interface Reached {
  readonly facts: InstanceFacts;
  /** As the owner of everything, without the name of a database. */
  readonly server: OwnedServer;
  /** The shop runs: the database is another process's, and is left to it. */
  readonly running: boolean;
  /** Of which moment its rows are, where that is not now. */
  readonly asOf?: Date;
  /** For an instance that has none yet. Throws CommandRefused (`instance.busy`) while its shop is about to decide. */
  rememberPurpose(purpose: Purpose): Promise<void>;
  close(): Promise<void>;
}

/**
 * Reaches an instance that exists, beside the process that has it, or by holding it and starting its database. The
 * database is not migrated. Throws CommandRefused (`instance.none`, `instance.busy`) and LaunchRefused.
 */
export async function reachInstance(
  options: InstanceOptions,
  log: (message: string) => void,
): Promise<Reached> {
  const dataRoot = await chooseDataRoot(checkout, options.data);
  const directory = join(dataRoot, options.name);
  if (!(await hasData(directory))) {
    const next = "Name another one with --name, or another directory with --data.";
    throw new CommandRefused("instance.none", `There is no instance ${options.name} in ${dataRoot}. ${next}`);
  }
  try {
    return await reachResting({ name: options.name, dataRoot }, log);
  } catch (error) {
    if (!(error instanceof LaunchRefused) || error.code !== "launch.in_use") throw error;
    return reachRunning({ name: options.name, dataRoot }, error);
  }
}

async function reachResting(
  where: { name: string; dataRoot: string },
  log: (message: string) => void,
): Promise<Reached> {
  const instance = await openInstance(where);
  try {
    const databases = await openDatabasePart(instance, log);
    return {
      facts: instance,
      server: databases.server,
      running: false,
      rememberPurpose: (purpose) => instance.rememberPurpose(purpose),
      close: async () => {
        await databases.stop();
        instance.close();
      },
    };
  } catch (error) {
    instance.close();
    throw error;
  }
}

async function reachRunning(
  where: { name: string; dataRoot: string },
  inUse: LaunchRefused,
): Promise<Reached> {
  const facts = await lookAtInstance(where);
  if (!facts) throw busy(inUse);
  const { superuserPassword } = facts;
  const looked = databaseDirectories(facts).map(({ directory: dataDir }) =>
    findPostgres({ host: loopback, dataDir, superuserPassword }),
  );
  const found = (await Promise.all(looked)).flatMap((each) =>
    each ? [{ host: each.socketDir, port: each.port, ...owner(each.superuser) }] : [],
  );
  const [only] = found;
  if (!only) throw busy(inUse);
  return {
    facts,
    server: found.length === 1 ? only : await findLeader(found, superuserPassword),
    running: true,
    rememberPurpose: async () => {
      throw busy(inUse);
    },
    close: async () => undefined,
  };
}

/** The refusal of an instance that must run for this. */
export const notUp = ({ name, stage }: Pick<InstanceFacts, "name" | "stage">): CommandRefused =>
  new CommandRefused(
    "instance.not_up",
    `${name} is at stage ${stage}, where this needs it to run. Start it first: ./storey up --name ${name}`,
  );

function busy(inUse: LaunchRefused): CommandRefused {
  const next = "It is starting, stopping or being restored: try again in a moment.";
  return new CommandRefused("instance.busy", `${inUse.message} ${next}`);
}

const owner = ({ user, password }: { user: string; password: string }) => ({ user, password });
