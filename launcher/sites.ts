import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Component, componentOf, type Topology } from "#topology/model";
import { serverAccount } from "./account.ts";
import type { Release } from "./application/release.ts";
import { issueCertificate } from "./certificates.ts";
import type { Running, Site } from "./component.ts";
import { findRecorded } from "./daemon.ts";
import { portsOf } from "./drivers.ts";
import type { InstanceFacts } from "./instance.ts";
import { loopback } from "./loopback.ts";
import type { OutsideTls } from "./outside.ts";
import { choosePorts, type Ports, portsFile } from "./ports.ts";

/** On the target "loopback" every host of a topology is this machine. */
const address = "127.0.0.1";

/** Gives every component of an instance its place on this machine. */
export type SiteOf = (component: Component, running: ReadonlyMap<string, Running>) => Site;

/** Where everybody from outside comes in. */
interface Entrance {
  readonly component: string;
  readonly host: string;
  readonly port: number;
  readonly tls?: Pick<OutsideTls, "pem" | "publicUrl"> & { readonly plainPort?: number };
}

/** The places of an instance on this machine, with the ports they had before where nobody took them. */
export async function makeSites(options: {
  instance: InstanceFacts;
  topology: Topology;
  /** Which release an application is started from now. */
  releaseOf(component: string): Release;
  /** Where everybody from outside comes in: the address that was asked for. */
  entrance: Entrance;
  say(line: string): void;
}): Promise<{ siteOf: SiteOf; ports: Ports }> {
  const { instance, topology, releaseOf, entrance, say } = options;
  const run = join(instance.directory, "run");
  await mkdir(run, { recursive: true, mode: 0o711 });
  const insidePort = insidePortOf(topology, entrance);
  const tls = entrance.tls && tlsOf(entrance, entrance.tls);
  const recordOf = (name: string) => join(run, `${name}.json`);
  const ports = await choosePorts({
    file: portsFile(instance.directory),
    address,
    names: [
      "supervisor control",
      ...topology.components.flatMap((each) => portsOf(each).map((port) => `${each.name} ${port}`)),
      ...(insidePort ? [insidePort] : []),
    ],
    wanted: { [`${entrance.component} http`]: entrance.port },
    isOurs: async (port) => {
      const name = port.split(" ", 1)[0] ?? "";
      return (await findRecorded({ host: loopback, recordFile: recordOf(name) })) !== undefined;
    },
  });
  const listening = (name: string, port: string) => {
    const isEntrance = name === entrance.component && port === "http";
    const number = ports[isEntrance && insidePort ? insidePort : `${name} ${port}`];
    if (number === undefined) throw new Error(`"${name}" has no port called ${port}`);
    return { host: isEntrance && !insidePort ? entrance.host : address, port: number };
  };
  const certificates = join(instance.directory, "certificates");
  const siteOf: SiteOf = ({ name }, running) => {
    const directory = join(instance.directory, "components", name);
    const account = serverAccount(directory);
    const own = account ? { account } : {};
    return {
      name,
      instance: instance.name,
      instanceDirectory: instance.directory,
      topology,
      release: releaseOf(name),
      host: loopback,
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
        issueCertificate(loopback, certificates, { name, addresses: [address, "localhost"], ...own }),
      ...(tls && name === entrance.component ? { tls } : {}),
      say,
    };
  };
  return { siteOf, ports };
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
