import { type Composition, compose } from "#apps/server/compose";
import { schemas, setUpDatabase } from "#apps/server/set-up";
import { defaultPayWithinMs } from "#apps/server/settings";
import { systemClock } from "#kernel/clock";
import { type Endpoints, readEndpoints } from "#launcher/endpoints";
import type { InstanceFacts } from "#launcher/instance";
import type { Database } from "#platform/database/api";
import { openPg } from "#platform/database/drivers/pg";
import type { Files } from "#platform/files/api";
import { openDisk } from "#platform/files/drivers/disk";
import { openWebdav } from "#platform/files/drivers/webdav";
import { ofKind } from "#topology/model";
import { databaseName, type InstanceOptions, schemaPassword } from "./instance.ts";
import { notUp, type Reached, reachInstance } from "./reach.ts";
import { stageOf } from "./stage.ts";

/** The doors of an instance, for commands that work on its data while its shop runs or rests. */
export interface OpenDoors extends Composition, Pick<Reached, "running" | "rememberPurpose"> {
  readonly instance: InstanceFacts;
  /** Throws CommandRefused `instance.not_up` where a component that does not run keeps them. */
  readonly files: Files;
  readonly database: Database;
  /** At rest, events are carried on to the end first. */
  close(): Promise<void>;
}

/** A command works beside the shop: it may hold few of the connections there are. */
const connections = 20;

/** Where the uploads of an instance are kept: by a component of its own, where its stage has one; it has to run. */
function filesOf(facts: InstanceFacts, endpoints: Partial<Endpoints>, running: boolean): Files {
  const [component] = ofKind(stageOf(facts.stage), "files");
  if (!component) return openDisk(facts.paths.files);
  const endpoint = endpoints[`${component.name} files`];
  if (!endpoint || !running) throw notUp(facts);
  return openWebdav({ ...endpoint, token: facts.secret("files") });
}

/** Opens the doors of an instance that exists. Throws CommandRefused, LaunchRefused and MigrationRefused. */
export async function openDoors(
  options: InstanceOptions,
  log: (message: string, error?: unknown) => void,
  counted: (what: string, howMany: number) => void = () => undefined,
): Promise<OpenDoors> {
  const reached = await reachInstance(options, log);
  const password = schemaPassword(reached.facts);
  const endpoints = await readEndpoints(reached.facts.directory);
  if (!reached.running) {
    await setUpDatabase(reached.server, databaseName, password).catch(async (error: unknown) => {
      await reached.close();
      throw error;
    });
  }
  const database = openPg({
    host: reached.server.host,
    port: reached.server.port,
    database: databaseName,
    connections,
    domains: schemas,
    password,
    statementTimeoutMs: 30_000,
    log,
  });
  const composition = compose({
    database,
    clock: systemClock,
    payWithinMs: defaultPayWithinMs,
    providers: {},
    log,
    counted,
  });
  if (!reached.running) composition.bus.start();
  return {
    ...composition,
    database,
    // While the shop runs, its own bus carries the events, within a second.
    running: reached.running,
    rememberPurpose: reached.rememberPurpose,
    instance: reached.facts,
    get files() {
      return filesOf(reached.facts, endpoints, reached.running);
    },
    close: async () => {
      if (!reached.running) await composition.bus.quiet();
      await composition.bus.stop();
      await database.close();
      await reached.close();
    },
  };
}
