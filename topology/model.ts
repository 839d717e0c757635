import type { uses } from "#domains/graph.mjs";

/** A domain of the graph, whether it has been built or comes later. */
export type Domain = keyof typeof uses;

/** A machine, real or rendered as a namespace, a container or some processes of this one. */
export interface Host {
  readonly name: string;
  readonly dataCentre: string;
}

/** What every component has. */
interface Placed {
  readonly name: string;
  readonly host: string;
  /** Which of its kind on its host, from 0. Ports and directories follow from it, so two never share one. */
  readonly slot: number;
}

/** What people and programs can open on an application. */
export type Surface = "storefront" | "api" | "console";

/** A process of the shop's own code: which domains it hosts and what it opens. */
export interface Application extends Placed {
  readonly kind: "application";
  readonly opens: readonly Surface[];
  readonly domains: "all" | readonly Domain[];
  /** Megabytes of its own memory it may use as a cache; 0 for none. */
  readonly cacheMb: number;
  /** To each of its database servers it opens at most so many; the validator adds them up. */
  readonly connections: number;
}

/** One PostgreSQL server. */
export interface Postgres extends Placed {
  readonly kind: "postgres";
  /** From npm beside the application, reached through a socket; or the distribution's, reached over TLS. */
  readonly engine: "embedded" | "distribution";
  /** Who decides which member of a cluster takes writes; alone there is nothing to decide. */
  readonly guardian: "none" | "patroni";
  /**
   * Present: the leader of a cluster takes writes also while no other member confirms them, and one disk alone holds
   * those. Absent: it refuses them. A cluster keeps what it was made with.
   */
  readonly unconfirmedWrites?: "accepted";
}

/** A shared cache. What it holds may be lost at any moment. */
export interface CacheServer extends Placed {
  readonly kind: "redis" | "memcached";
  readonly memoryMb: number;
}

/** Passes requests on to applications. */
export interface ReverseProxy extends Placed {
  readonly kind: "nginx" | "haproxy";
  /** Whether it keeps answers for anonymous readers. */
  readonly cachesPages: boolean;
}

/** Keeps what people upload, for every application alike. */
export interface FileServer extends Placed {
  readonly kind: "files";
}

/** One member of the ensemble that agrees on who leads. */
export interface Consensus extends Placed {
  readonly kind: "zookeeper";
}

/** Watches every component of its topology (no roads are needed for that), or sends what is found wrong. */
export interface Watcher extends Placed {
  readonly kind: "prometheus" | "alertmanager";
}

export type Component =
  | Application
  | Postgres
  | CacheServer
  | ReverseProxy
  | FileServer
  | Consensus
  | Watcher;
export type Kind = Component["kind"];

/**
 * What one component is to another. `follows` is replication, `agrees` membership of an ensemble; both join
 * equals, every other role points from the one that asks to the one that answers.
 */
export type Role =
  | "entrance"
  | "http"
  | "database"
  | "follows"
  | "cache"
  | "files"
  | "rpc"
  | "consensus"
  | "agrees"
  | "alerts";

/** Everybody who comes from outside. */
export const outside = "outside";

/** `to` fills `role` for `from`, for all its domains or for some. Several roads of one role are tried in order. */
export interface Road {
  /** A component, or `outside`. */
  readonly from: string;
  readonly role: Role;
  readonly to: string;
  readonly domains?: readonly Domain[];
}

/** Where the shop runs: a frozen value, the whole of what all else is derived from. */
export interface Topology {
  /** 1 to 15. */
  readonly stage: number;
  readonly name: string;
  readonly hosts: readonly Host[];
  readonly components: readonly Component[];
  readonly roads: readonly Road[];
}

/** Which roles a kind can fill; the validator refuses a road to anything else. */
export const fills: Readonly<Record<Kind, readonly Role[]>> = {
  application: ["entrance", "http", "rpc"],
  postgres: ["database", "follows"],
  redis: ["cache"],
  memcached: ["cache"],
  nginx: ["entrance"],
  haproxy: ["entrance"],
  files: ["files"],
  zookeeper: ["consensus", "agrees"],
  prometheus: [],
  alertmanager: ["alerts"],
};

/** The component of that name; a topology that was validated has every one that its roads name. */
export function componentOf(topology: Topology, name: string): Component {
  const found = topology.components.find((component) => component.name === name);
  if (!found) throw new Error(`stage ${topology.stage} has no component "${name}"`);
  return found;
}

/** What fills a role for a component, in the order of its roads. */
export const fillersOf = (topology: Topology, from: string, role: Role): Component[] =>
  topology.roads
    .filter((road) => road.from === from && road.role === role)
    .map((road) => componentOf(topology, road.to));

/** A component of one kind, also where several kinds share a shape. */
export type Of<K extends Kind> = Component & { readonly kind: K };

/** Every component of a kind, in the order of the topology. */
export const ofKind = <K extends Kind>(topology: Topology, kind: K): Of<K>[] =>
  topology.components.filter((each): each is Of<K> => each.kind === kind);

/** The component at which everybody from outside comes in. */
export function entranceOf(topology: Topology): string {
  const entrance = topology.roads.find((road) => road.from === outside);
  if (!entrance) throw new Error(`nobody can enter stage ${topology.stage}`);
  return entrance.to;
}
