import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createConnection, type Socket } from "node:net";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { type Dispatcher, Pool } from "undici";
import type { ReverseProxy } from "#topology/model";
import { add, application, fileServer, firstStage, host, proxy, road } from "#topology/verbs";
import type { Tracing } from "#topology/wiring";
import type { Running } from "./component.ts";
import { driverOf } from "./drivers.ts";
import { startUpstream, type TestUpstream } from "./proxy-upstream.ts";
import { makeScratchSites, type ScratchSites } from "./scratch-site.ts";

/** A proxy before tiny applications, for one test. */
export interface ProxyStage extends AsyncDisposable {
  readonly running: Running;
  readonly component: ReverseProxy;
  readonly isTls: boolean;
  readonly sites: ScratchSites;
  /** To the proxy, 16 connections that are kept. */
  readonly client: Pool;
  readonly upstreams: readonly TestUpstream[];
  /** Starts an application, again or for the first time. */
  startUpstream(name: string): Promise<TestUpstream>;
  /** A connection as a client makes it: over TLS where the proxy ends that. Resolves when it can be written to. */
  connect(): Promise<Socket>;
  /** What reached the applications: "name method url". */
  seen(): string[];
}

/** The topology of the tests: one proxy, applications of these names, and a place for uploads that nobody starts. */
export function proxyTopology(kind: ReverseProxy["kind"], names: readonly string[]) {
  return firstStage(4, "a proxy", [
    add(host("web"), proxy(kind, "proxy", { on: "web", cachesPages: true })),
    add(host("disk"), fileServer("files", { on: "disk" }), road("proxy", "files", "files")),
    ...names.map((name) =>
      add(host(`of-${name}`), application(name, { on: `of-${name}` }), road("proxy", "http", name)),
    ),
  ]);
}

/** Starts `names` and a proxy before them. */
export async function openProxyStage(
  kind: ReverseProxy["kind"],
  names: readonly string[] = ["app-1", "app-2"],
  with_: { readonly trace?: Tracing; readonly pem?: string } = {},
): Promise<ProxyStage> {
  const { pem } = with_;
  const sites = await makeScratchSites(proxyTopology(kind, names), {
    ...with_,
    tlsOf: (name, endpointOf) =>
      pem && name === "proxy"
        ? { listen: endpointOf(name, "http"), plain: endpointOf(name, "plain"), pem: () => pem }
        : undefined,
  });
  const seenFile = join(sites.directory, "seen");
  const upstreams: TestUpstream[] = [];
  const start = async (name: string) => {
    const upstream = await startUpstream(name, sites.endpointOf(name, "http"), seenFile);
    upstreams.push(upstream);
    return upstream;
  };
  const [component] = sites.topology.components.filter((each): each is ReverseProxy => each.kind === kind);
  if (!component) throw new Error("there is no proxy");
  const { host: address, port } = sites.endpointOf("proxy", "http");
  const trusting = { rejectUnauthorized: false, servername: "shop.test" };
  const client = pem
    ? new Pool(`https://${address}:${port}`, { connections: 16, connect: trusting })
    : new Pool(`http://${address}:${port}`, { connections: 16 });
  const connect = async () => {
    const socket = pem
      ? connectTls({ host: address, port, ...trusting })
      : createConnection({ host: address, port });
    // Whether it comes about is seen by whoever uses it.
    await once(socket, pem ? "secureConnect" : "connect").catch(() => undefined);
    return socket.on("error", () => undefined);
  };
  const close = async () => {
    await client.destroy();
    await Promise.all(upstreams.map((each) => each.kill("SIGKILL")));
    await sites[Symbol.asyncDispose]();
  };
  try {
    await Promise.all(names.map(start));
    upstreams.sort((one, other) => (one.name < other.name ? -1 : 1));
    const running = await driverOf(component).start(component, sites.siteOf(component));
    return {
      running,
      component,
      isTls: pem !== undefined,
      sites,
      client,
      connect,
      upstreams,
      startUpstream: start,
      seen: () => (existsSync(seenFile) ? readFileSync(seenFile, "utf8").trim().split("\n") : []),
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

export interface Answer {
  readonly status: number;
  readonly headers: Dispatcher.ResponseData["headers"];
  readonly text: string;
}

/** One request; what goes wrong with the connection is thrown. */
export async function ask(
  client: Dispatcher,
  path: string,
  options: { method?: Dispatcher.HttpMethod; headers?: Record<string, string>; body?: string | Buffer } = {},
): Promise<Answer> {
  const { statusCode, headers, body } = await client.request({ path, method: "GET", ...options });
  return { status: statusCode, headers, text: await body.text() };
}

/** What came of a request under load. */
export interface Outcome {
  readonly path: string;
  readonly method: Dispatcher.HttpMethod;
  /** Absent: the connection broke. */
  readonly status?: number;
  readonly text: string;
}

/** Keeps `atOnce` requests under way, each with a number of its own, until stopped; tells what came of all of them. */
export function load(
  client: Pool,
  atOnce: number,
  requestOf: (number: number) => { path: string; method: Dispatcher.HttpMethod },
): { count(): number; stop(): Promise<Outcome[]> } {
  const outcomes: Outcome[] = [];
  let number = 0;
  let stopped = false;
  const one = async () => {
    while (!stopped && !client.destroyed) {
      const { path, method } = requestOf(number++);
      const body = method === "POST" ? "x=1" : undefined;
      await ask(client, path, { method, ...(body ? { body } : {}) }).then(
        ({ status, text }) => outcomes.push({ path, method, status, text }),
        (error: Error) => outcomes.push({ path, method, text: error.message }),
      );
    }
  };
  const running = Promise.all(Array.from({ length: atOnce }, one));
  return {
    count: () => outcomes.length,
    stop: async () => {
      stopped = true;
      await running;
      return outcomes;
    },
  };
}
