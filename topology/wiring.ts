import { type Application, type Domain, fillersOf, type Surface, type Topology } from "./model.ts";

/** Where something answers: a host name or address (for PostgreSQL also a socket's directory), and a port. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** What is kept of traces, and where they are sent: a collector's address for OTLP over HTTP, without a path. */
export interface Tracing {
  readonly to: string;
  /** How many of all traces are kept: 0.01 is one in a hundred. */
  readonly sample: number;
}

/** What one process of the shop needs to know of where it is, and all it knows. It holds no secret. */
export interface Wiring {
  readonly instance: string;
  readonly stage: number;
  /** Its own name among the components. */
  readonly process: string;
  readonly opens: readonly Surface[];
  readonly domains: "all" | readonly Domain[];
  readonly listen: Endpoint;
  /** It ends TLS itself, for everybody but those who watch it; those come to `listen`. */
  readonly door?: Door;
  /** How the shop is reached from outside, such as https://shop.example; no slash at the end. */
  readonly publicUrl: string;
  /** Whose word about a client's address is believed. */
  readonly trustedProxies: readonly string[];
  readonly database: {
    /** Every member of the cluster; which of them takes writes is found out, because it changes. */
    readonly servers: readonly Endpoint[];
    /** Of the authority that signed the servers' certificates; absent: a socket, which needs none. */
    readonly authorityFile?: string;
    readonly connections: number;
  };
  readonly cache: {
    readonly memoryMb: number;
    readonly servers: readonly (Endpoint & { readonly kind: "redis" | "memcached" })[];
  };
  /** A component that keeps uploads for all; absent: a directory of this process's own. */
  readonly files?: Endpoint;
  /** Where the supervisor tells how everything is; absent: nobody supervises. */
  readonly control?: Endpoint;
  /** Absent: no traces. `proxy`: what kind of proxy passes requests on to it, if one does. */
  readonly trace?: Tracing & { readonly proxy?: string };
}

/** Where a process that ends TLS meets people from outside. */
export interface Door {
  readonly listen: Endpoint;
  /** Where plain HTTP is answered with the way to TLS. */
  readonly plain?: Endpoint;
  /** Its private key and its chain in one file (PEM), replaced when they are renewed. */
  readonly pemFile: string;
}

/** What the launcher knows beyond the topology: where its components came to listen. */
export interface Places {
  readonly instance: string;
  readonly publicUrl: string;
  readonly authorityFile?: string;
  readonly control?: Endpoint;
  readonly trace?: Tracing;
  readonly door?: Door;
  endpointOf(component: string, port: string): Endpoint;
}

/** What the application of that name is told. */
export function wiringOf(topology: Topology, application: Application, places: Places): Wiring {
  const { name } = application;
  const databases = fillersOf(topology, name, "database").filter((each) => each.kind === "postgres");
  const isLocal = databases.some((each) => each.engine === "embedded");
  const [files] = fillersOf(topology, name, "files");
  const caches = fillersOf(topology, name, "cache").flatMap((each) =>
    each.kind === "redis" || each.kind === "memcached"
      ? [{ kind: each.kind, ...places.endpointOf(each.name, each.kind) }]
      : [],
  );
  const proxies = topology.components.filter((each) =>
    topology.roads.some((road) => road.from === each.name && road.role === "http" && road.to === name),
  );
  return {
    instance: places.instance,
    stage: topology.stage,
    process: name,
    opens: application.opens,
    domains: application.domains,
    listen: places.endpointOf(name, "http"),
    ...(places.door ? { door: places.door } : {}),
    publicUrl: places.publicUrl,
    // From where it asks, which is not where everybody outside is listened to.
    trustedProxies: proxies.map((each) => places.endpointOf(each.name, "status").host),
    database: {
      servers: databases.map((each) => places.endpointOf(each.name, isLocal ? "local" : "postgres")),
      ...(isLocal || !places.authorityFile ? {} : { authorityFile: places.authorityFile }),
      connections: application.connections,
    },
    cache: { memoryMb: application.cacheMb, servers: caches },
    ...(files ? { files: places.endpointOf(files.name, "files") } : {}),
    ...(places.control ? { control: places.control } : {}),
    ...(places.trace
      ? { trace: { ...places.trace, ...(proxies[0] ? { proxy: proxies[0].kind } : {}) } }
      : {}),
  };
}
