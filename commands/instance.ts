import { join } from "node:path";
import { setUpDatabase } from "#apps/server/set-up";
import { chooseDataRoot } from "#launcher/data-root";
import { type Instance, type InstanceFacts, openInstance } from "#launcher/instance";
import { loopback } from "#launcher/loopback";
import { type RunningPostgres, startPostgres } from "#launcher/postgres/start";
import { superviseDatabase } from "./supervise.ts";

/** What every command that touches an instance takes. */
export interface InstanceOptions {
  readonly name: string;
  readonly data?: string;
}

export const checkout = join(import.meta.dirname, "..");
export const databaseName = "storey";

/** Where a shop of an instance finds what is no row: uploads, built pages, settings that change while it runs. */
export const directoriesOf = ({ files, build, settings }: InstanceFacts["paths"]) => ({
  files,
  build,
  settings,
});

/** The password of a schema's role, derived from the instance's secrets. */
export const schemaPassword = (instance: Pick<Instance, "secret">) => (schema: string) =>
  instance.secret(`database ${schema}`);

/** An instance with its database running, up to date and watched over, and nothing of the shop started yet. */
export interface OpenInstance {
  readonly instance: Instance;
  readonly postgres: RunningPostgres;
  /** Stops the database and lets the instance go. */
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
    const startDatabase = () =>
      startPostgres({
        host: loopback,
        dataDir: instance.paths.postgres,
        from: "embedded",
        superuserPassword: instance.superuserPassword,
        log,
      });
    const postgres = await startDatabase();
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
    const supervision = superviseDatabase({ first: postgres, start: startDatabase, say: log });
    return {
      instance,
      postgres,
      close: async () => {
        await supervision.stop();
        await supervision.current().stop();
        instance.close();
      },
    };
  } catch (error) {
    instance.close();
    throw error;
  }
}
