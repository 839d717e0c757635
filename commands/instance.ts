import { join } from "node:path";
import { type Composition, compose } from "#apps/server/compose";
import { schemas, setUpDatabase } from "#apps/server/set-up";
import { defaultConnections, defaultPayWithinMs } from "#apps/server/settings";
import { systemClock } from "#kernel/clock";
import { chooseDataRoot } from "#launcher/data-root";
import { type Instance, openInstance } from "#launcher/instance";
import { type RunningPostgres, startPostgres } from "#launcher/postgres/start";
import type { Database } from "#platform/database/api";
import { openPg } from "#platform/database/drivers/pg";
import type { Files } from "#platform/files/api";
import { openDisk } from "#platform/files/drivers/disk";

/** What every command that touches an instance takes. */
export interface InstanceOptions {
  readonly name: string;
  readonly data?: string;
}

export const checkout = join(import.meta.dirname, "..");
export const databaseName = "storey";

/** The password of a schema's role, derived from the instance's secrets. */
export const schemaPassword = (instance: Instance) => (schema: string) =>
  instance.secret(`database ${schema}`);

/** An instance with its database running and up to date, and nothing of the shop started yet. */
export interface OpenInstance {
  readonly instance: Instance;
  readonly postgres: RunningPostgres;
  /** Stops the database, unless it was running before, and lets the instance go. */
  close(): Promise<void>;
}

/** Opens an instance and starts its database. Throws LaunchRefused and MigrationRefused. */
export async function openInstanceWithDatabase(
  options: InstanceOptions,
  log: (message: string) => void,
): Promise<OpenInstance> {
  const dataRoot = await chooseDataRoot(checkout, options.data);
  const instance = await openInstance({ name: options.name, dataRoot });
  try {
    const postgres = await startPostgres({
      dataDir: instance.paths.postgres,
      from: "embedded",
      superuserPassword: instance.superuserPassword,
      log,
    });
    const server = {
      host: postgres.socketDir,
      port: postgres.port,
      user: postgres.superuser.user,
      password: instance.superuserPassword,
    };
    await setUpDatabase(server, databaseName, schemaPassword(instance)).catch(async (error: unknown) => {
      await postgres.stop();
      throw error;
    });
    return {
      instance,
      postgres,
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

/** The doors of an instance whose shop is at rest, for commands that work on its data. */
export interface OpenDoors extends Composition {
  readonly instance: Instance;
  readonly files: Files;
  readonly database: Database;
  readonly close: () => Promise<void>;
}

/** Opens an instance that is at rest, with its doors and its bus; `close` carries its events on to the end first. */
export async function openDoors(
  options: InstanceOptions,
  log: (message: string, error?: unknown) => void,
): Promise<OpenDoors> {
  const open = await openInstanceWithDatabase(options, log);
  const database = openPg({
    host: open.postgres.socketDir,
    port: open.postgres.port,
    database: databaseName,
    connections: defaultConnections,
    domains: schemas,
    password: schemaPassword(open.instance),
    statementTimeoutMs: 30_000,
    log,
  });
  const composition = compose({
    database,
    clock: systemClock,
    payWithinMs: defaultPayWithinMs,
    providers: {},
    log,
    counted: () => undefined,
  });
  composition.bus.start();
  return {
    ...composition,
    database,
    instance: open.instance,
    files: openDisk(open.instance.paths.files),
    close: async () => {
      await composition.bus.quiet();
      await composition.bus.stop();
      await database.close();
      await open.close();
    },
  };
}
