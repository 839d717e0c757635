import { join } from "node:path";
import { serverAccount } from "#launcher/account";
import type { Account } from "#launcher/host";
import { componentDirectory, type InstanceFacts } from "#launcher/instance";
import { launch } from "#launcher/launch";
import { loopback } from "#launcher/loopback";
import { readPorts } from "#launcher/ports";
import { findLeader } from "#launcher/postgres/leader";
import { superuserName } from "#launcher/postgres/settings";
import { startPostgres } from "#launcher/postgres/start";
import { makeSites } from "#launcher/sites";
import { loopbackTarget } from "#launcher/target";
import { entranceOf, type Kind, ofKind, type Topology } from "#topology/model";
import { databaseOf } from "./databases.ts";
import { checkout } from "./instance.ts";
import { stageOf } from "./stage.ts";

/** A database server as its owner reaches it, without the name of a database. */
export interface OwnedServer {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

/** The databases of an instance whose shop rests, running. */
export interface DatabasePart {
  /** The one that takes writes. */
  readonly server: OwnedServer;
  stop(): Promise<void>;
}

/** What keeps rows, and what decides which of several takes writes. */
const kinds: readonly Kind[] = ["postgres", "zookeeper"];

/** Of a topology what its databases need to run, and nothing of the shop. */
export function databasePartOf(topology: Topology): Topology {
  const components = topology.components.filter(({ kind }) => kinds.includes(kind));
  const names = new Set(components.map(({ name }) => name));
  const roads = topology.roads.filter(({ from, to }) => names.has(from) && names.has(to));
  return { ...topology, components, roads };
}

/** Starts the databases of an instance that somebody holds and nobody runs. Throws LaunchRefused. */
export async function openDatabasePart(
  instance: InstanceFacts,
  log: (message: string) => void,
): Promise<DatabasePart> {
  const { superuserPassword } = instance;
  const topology = stageOf(instance.stage);
  const owner = { user: superuserName, password: superuserPassword };
  if (ofKind(topology, "postgres").every(({ guardian }) => guardian === "none")) {
    const { directory: dataDir, from } = databaseOf(instance);
    const { socketDir, port, stop } = await startPostgres({
      host: loopback,
      dataDir,
      from,
      superuserPassword,
      log,
    });
    return { server: { host: socketDir, port, ...owner }, stop };
  }
  const part = databasePartOf(topology);
  const { siteOf } = await makeSites({
    instance,
    topology,
    releaseOf: () => noRelease,
    target: loopbackTarget,
    entrance: await entranceAsItWas(instance, topology),
    say: log,
  });
  const launched = await launch({ topology: part, siteOf, say: log });
  try {
    const locals = ofKind(part, "postgres").flatMap(({ name }) => launched.running(name).local ?? []);
    return { server: { ...(await findLeader(locals, superuserPassword)), ...owner }, stop: launched.stop };
  } catch (error) {
    await launched.stop();
    throw error;
  }
}

/** No application is started. */
const noRelease = {
  directory: checkout,
  version: "",
  publicUrl: "",
  settings: {},
  directories: { files: "", build: "", settings: "" },
  secrets: [],
};

async function entranceAsItWas({ directory }: InstanceFacts, topology: Topology) {
  const component = entranceOf(topology);
  return { component, host: "127.0.0.1", port: (await readPorts(directory))[`${component} http`] ?? 0 };
}

export interface Uploads {
  readonly directory: string;
  readonly account?: Account;
}

/** Where an instance keeps what was uploaded, and whose it is where that is not ourselves. */
export async function uploadsOf(
  instance: Pick<InstanceFacts, "directory" | "paths" | "stage">,
): Promise<Uploads> {
  const [keeper] = ofKind(stageOf(instance.stage), "files");
  if (!keeper) return { directory: instance.paths.files };
  const home = componentDirectory(instance.directory, keeper.name);
  const account = await serverAccount(loopback, home);
  return { directory: join(home, "uploads"), ...(account ? { account } : {}) };
}
