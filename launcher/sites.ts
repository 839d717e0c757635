import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Component, componentOf, type Topology } from "#topology/model";
import { serverAccount } from "./account.ts";
import type { Release } from "./application/release.ts";
import { issueCertificate } from "./certificates.ts";
import type { OutsideTls, Running, Site } from "./component.ts";
import { findRecorded } from "./daemon.ts";
import { portsOf } from "./drivers.ts";
import { type Endpoints, endpointsFile } from "./endpoints.ts";
import type { Account } from "./host.ts";
import { componentDirectory, type InstanceFacts } from "./instance.ts";
import { writeJson } from "./json-file.ts";
import { choosePorts, isFree, type Ports, portsFile } from "./ports.ts";
import { dataDirectory } from "./postgres/data-directory.ts";
import { findPostmaster } from "./postgres/postmaster.ts";
import type { Target } from "./target.ts";

/** Gives every component of an instance its place on its host. */
export type SiteOf = (component: Component, running: ReadonlyMap<string, Running>) => Site;

/** Where everybody from outside comes in. */
interface Entrance {
  readonly component: string;
  readonly host: string;
  readonly port: number;
  readonly tls?: Pick<OutsideTls, "pem" | "publicUrl"> & { readonly plainPort?: number };
}

interface SitesOptions {
  instance: InstanceFacts;
  topology: Topology;
  target: Target;
  /** Which release an application is started from now. */
  releaseOf(component: string): Release;
  /** Where everybody from outside comes in: the address that was asked for. */
  entrance: Entrance;
  say(line: string): void;
}

/** The places of an instance on the hosts of a target, with the ports they had before where nobody took them. */
export async function makeSites(options: SitesOptions): Promise<{ siteOf: SiteOf; endpoints: Endpoints }> {
  const { instance, topology, target, releaseOf, entrance, say } = options;
  const run = join(instance.directory, "run");
  await mkdir(run, { recursive: true, mode: 0o711 });
  const insidePort = insidePortOf(topology, entrance);
  const tls = entrance.tls && tlsOf(entrance, entrance.tls);
  const recordOf = (name: string) => join(run, `${name}.json`);
  const names = [
    "supervisor control",
    ...topology.components.flatMap((each) => portsOf(each).map((port) => `${each.name} ${port}`)),
    ...(insidePort ? [insidePort] : []),
  ];
  const ports = await portsFor(names, options, recordOf);
  const endpoints = endpointsOf(ports, options);
  await writeJson(endpointsFile(instance.directory), endpoints, 0o644);
  const listening = (name: string, port: string) => {
    const isEntrance = name === entrance.component && port === "http";
    const endpoint = endpoints[isEntrance && insidePort ? insidePort : `${name} ${port}`];
    if (endpoint === undefined) throw new Error(`"${name}" has no port called ${port}`);
    return endpoint;
  };
  const certificates = join(instance.directory, "certificates");
  const accounts = await accountsOf(options);
  const siteOf: SiteOf = ({ name, host: hostName }, running) => {
    const directory = componentDirectory(instance.directory, name);
    const account = accounts.get(name);
    const own = account ? { account } : {};
    const host = target.hostOf(hostName);
    return {
      name,
      instance: instance.name,
      instanceDirectory: instance.directory,
      topology,
      release: releaseOf(name),
      host,
      directory,
      logFile: join(instance.paths.logs, `${name}.log`),
      recordFile: recordOf(name),
      ...own,
      endpoint: (port) => listening(name, port),
      endpointOf: (other, port) => {
        if (port !== "local") return listening(other, port);
        const local = running.get(other)?.local;
        if (!local) throw new Error(`"${other}" has no way in of its own`);
        return local;
      },
      secret: (secret) => (secret === "superuser" ? instance.superuserPassword : instance.secret(secret)),
      certificate: () =>
        issueCertificate(certificates, { name, addresses: [host.address, "localhost"], ...own }),
      ...(tls && name === entrance.component ? { tls } : {}),
      say,
    };
  };
  return { siteOf, endpoints };
}

/** As whom each component runs, where that is not ourselves. */
async function accountsOf({ instance, topology, target }: SitesOptions): Promise<Map<string, Account>> {
  const found = topology.components.map(async ({ name, host }): Promise<[string, Account][]> => {
    const directory = componentDirectory(instance.directory, name);
    const account = await serverAccount(target.hostOf(host), directory);
    return account ? [[name, account]] : [];
  });
  return new Map((await Promise.all(found)).flat());
}

/** Those they had, and free ones: nobody but us listens on a host of our making; on loopback everybody does. */
function portsFor(
  names: readonly string[],
  { instance, topology, target, entrance }: SitesOptions,
  recordOf: (name: string) => string,
): Promise<Ports> {
  const { directory: instanceDirectory } = instance;
  return choosePorts({
    file: portsFile(instanceDirectory),
    isFree: async (name, port) =>
      (target.kind === "hosts" && !name.startsWith("supervisor ")) || isFree(target.machine.address, port),
    names,
    wanted: { [`${entrance.component} http`]: entrance.port },
    isOurs: async (port) => {
      const name = port.split(" ", 1)[0] ?? "";
      const component = topology.components.find((each) => each.name === name);
      if (!component) return false;
      const host = target.hostOf(component.host);
      if (await findRecorded({ host, recordFile: recordOf(name) })) return true;
      // A database without a guardian is known by what it writes itself.
      if (component.kind !== "postgres") return false;
      const site = { instanceDirectory, directory: componentDirectory(instanceDirectory, name) };
      return (await findPostmaster(host, dataDirectory(site, component.engine))) !== undefined;
    },
  });
}

/** Each port at the address of its component's host; the entrance where it was asked for. */
function endpointsOf(ports: Ports, { topology, target, entrance }: SitesOptions): Endpoints {
  const hosts = new Map(topology.components.map(({ name, host }) => [name, target.hostOf(host)]));
  const pairs = Object.entries(ports).map(([key, port]) => {
    const { address } = hosts.get(key.split(" ", 1)[0] ?? "") ?? target.machine;
    return [key, { host: key === `${entrance.component} http` ? entrance.host : address, port }];
  });
  return Object.fromEntries(pairs);
}

/** An application that ends TLS is asked by us in plain HTTP, at a port that nobody outside reaches. */
const insidePortOf = (topology: Topology, { component, tls }: Entrance): string | undefined =>
  tls && componentOf(topology, component).kind === "application" ? `${component} inside` : undefined;

function tlsOf(
  { host, port }: Entrance,
  { plainPort, publicUrl, pem }: NonNullable<Entrance["tls"]>,
): OutsideTls {
  return {
    listen: { host, port },
    ...(plainPort === undefined ? {} : { plain: { host, port: plainPort } }),
    ...(publicUrl ? { publicUrl } : {}),
    pem,
  };
}
