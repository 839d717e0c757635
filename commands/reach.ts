import { join } from "node:path";
import { chooseDataRoot } from "#launcher/data-root";
import { type InstanceFacts, lookAtInstance, openInstance, type Purpose } from "#launcher/instance";
import { findPostgres, startPostgres } from "#launcher/postgres/start";
import { LaunchRefused } from "#launcher/refused";
import { hasData } from "#launcher/replacement";
import { databaseOf } from "./databases.ts";
import { checkout, type InstanceOptions } from "./instance.ts";
import { CommandRefused } from "./refusals.ts";

/** An instance whose database answers, at rest or while its shop runs; nothing in it was changed. */
export interface Reached {
  readonly facts: InstanceFacts;
  /** As the owner of everything, without the name of a database. */
  readonly server: {
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly password: string;
  };
  /** The shop runs: the database is another process's, and is left to it. */
  readonly running: boolean;
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
    const { superuserPassword } = instance;
    const { directory: dataDir, from } = databaseOf(instance);
    const postgres = await startPostgres({ dataDir, from, superuserPassword, log });
    return {
      facts: instance,
      server: { host: postgres.socketDir, port: postgres.port, ...owner(postgres.superuser) },
      running: false,
      rememberPurpose: (purpose) => instance.rememberPurpose(purpose),
      close: async () => {
        await postgres.stop();
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
  const postgres = await findPostgres({ dataDir: databaseOf(facts).directory, superuserPassword });
  if (!postgres) throw busy(inUse);
  return {
    facts,
    server: { host: postgres.socketDir, port: postgres.port, ...owner(postgres.superuser) },
    running: true,
    rememberPurpose: async () => {
      throw busy(inUse);
    },
    close: async () => undefined,
  };
}

function busy(inUse: LaunchRefused): CommandRefused {
  const next = "It is starting, stopping or being restored: try again in a moment.";
  return new CommandRefused("instance.busy", `${inUse.message} ${next}`);
}

const owner = ({ user, password }: { user: string; password: string }) => ({ user, password });
