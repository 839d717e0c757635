import { randomInt } from "node:crypto";
import { join } from "node:path";
import type { Component, Topology } from "#topology/model";
import type { Endpoint, Tracing } from "#topology/wiring";
import { serverAccount } from "./account.ts";
import { issueCertificate } from "./certificates.ts";
import type { OutsideTls, Site } from "./component.ts";
import { endRecorded } from "./daemon.ts";
import { loopback } from "./loopback.ts";
import { isFree } from "./ports.ts";
import { makeScratch } from "./scratch.ts";

/** Places for the components of one test; `await using` ends every process of theirs and removes what they wrote. */
export interface ScratchSites extends AsyncDisposable {
  readonly topology: Topology;
  readonly directory: string;
  /** What the components said, in order. */
  readonly said: string[];
  /** In the topology of the test, or in another one that takes its place. */
  siteOf(component: Pick<Component, "name">, topology?: Topology): Site;
  /** Where a component listens, also one that the test plays itself. */
  endpointOf(name: string, port: string): Endpoint;
}

/** More than any topology of a test has. */
const portsReserved = 40;

/** Makes places for the components of a topology, each with a directory and free ports of its own. */
export async function makeScratchSites(
  topology: Topology,
  with_: {
    readonly trace?: Tracing;
    tlsOf?(name: string, endpointOf: ScratchSites["endpointOf"]): OutsideTls | undefined;
  } = {},
): Promise<ScratchSites> {
  const { trace, tlsOf } = with_;
  const scratch = makeScratch();
  const free = await freePorts(portsReserved);
  const endpoints = new Map<string, Endpoint>();
  const endpointOf = (name: string, port: string): Endpoint => {
    const key = `${name} ${port}`;
    const known = endpoints.get(key) ?? { host: "127.0.0.1", port: free.pop() ?? 0 };
    endpoints.set(key, known);
    return known;
  };
  const said: string[] = [];
  const sites = new Map<string, Site>();
  const account = await serverAccount(loopback, scratch.path);
  const siteOf = ({ name }: Pick<Component, "name">, place = topology): Site => {
    const directory = join(scratch.path, name);
    const site: Site = {
      name,
      instance: "scratch",
      instanceDirectory: scratch.path,
      release: {
        directory: scratch.path,
        version: "0",
        publicUrl: "http://shop.test",
        settings: {},
        directories: {
          files: join(scratch.path, "uploads"),
          build: join(scratch.path, "build"),
          settings: join(scratch.path, "settings"),
        },
        secrets: [],
        ...(trace ? { trace } : {}),
      },
      topology: place,
      host: loopback,
      directory,
      logFile: join(scratch.path, `${name}.log`),
      recordFile: join(scratch.path, `${name}.json`),
      ...(account ? { account } : {}),
      endpoint: (port) => endpointOf(name, port),
      endpointOf,
      secret: (secret) => `${secret.replaceAll(/\W/g, "-")}-only-for-this-test`,
      certificate: () =>
        issueCertificate(join(scratch.path, "certificates"), {
          name,
          addresses: ["127.0.0.1", "localhost"],
          ...(account ? { account } : {}),
        }),
      ...optional(tlsOf?.(name, endpointOf)),
      say: (line) => said.push(line),
    };
    sites.set(name, site);
    return site;
  };
  return {
    topology,
    directory: scratch.path,
    said,
    siteOf,
    endpointOf,
    [Symbol.asyncDispose]: async () => {
      for (const site of sites.values()) await endRecorded(site);
      scratch[Symbol.dispose]();
    },
  };
}

const optional = (tls: OutsideTls | undefined) => (tls ? { tls } : {});

/** Below those that systems take for outgoing connections, and beside those of instances (ports.ts). */
async function freePorts(count: number): Promise<number[]> {
  // Of this process: what a component leaves for a moment, when it is started again, no test beside this one takes.
  const first = 10_000 + (process.pid % 50) * 200;
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = randomInt(first, first + 200);
    if (await isFree("127.0.0.1", port)) ports.add(port);
  }
  return [...ports];
}
