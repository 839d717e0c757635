import type {
  Application,
  CacheServer,
  Component,
  Consensus,
  Domain,
  FileServer,
  Host,
  Kind,
  Postgres,
  ReverseProxy,
  Road,
  Role,
  Surface,
  Topology,
  Watcher,
} from "./model.ts";

/** A step from one topology to the next. Each verb makes one; none changes what it is given. */
export type Step = (topology: Topology) => Topology;

/** Something a stage can add. */
export type Part = { readonly host: Host } | { readonly component: Component } | { readonly road: Road };

const empty: Topology = { stage: 0, name: "nothing", hosts: [], components: [], roads: [] };

/** The first stage: everything is added to nothing. Throws where a step does not fit. */
export const firstStage = (number: number, name: string, steps: readonly Step[]): Topology =>
  nextStage(number, name, empty, steps);

/** A stage made from the one before it. Throws where a step does not fit (adds what is there, removes what is not). */
export function nextStage(number: number, name: string, before: Topology, steps: readonly Step[]): Topology {
  const after = steps.reduce((topology, step) => step(topology), before);
  return freeze({ ...after, stage: number, name });
}

/** Adds hosts, components and roads. */
export const add =
  (...parts: readonly Part[]): Step =>
  (topology) =>
    parts.reduce(addOne, topology);

function addOne(topology: Topology, part: Part): Topology {
  if ("host" in part) {
    refuseKnown(topology.hosts, part.host.name);
    return { ...topology, hosts: [...topology.hosts, part.host] };
  }
  if ("component" in part) {
    refuseKnown(topology.components, part.component.name);
    return { ...topology, components: [...topology.components, part.component] };
  }
  if (topology.roads.some((road) => sameRoad(road, part.road)))
    throw new Error(`${lineOf(part.road)} is there already`);
  return { ...topology, roads: [...topology.roads, part.road] };
}

/** Takes a component away with every road from and to it, or a host that nothing stands on. */
export const remove =
  (name: string): Step =>
  (topology) => {
    if (topology.hosts.some((host) => host.name === name)) {
      const tenant = topology.components.find((component) => component.host === name);
      if (tenant) throw new Error(`"${name}" still carries "${tenant.name}"`);
      return { ...topology, hosts: topology.hosts.filter((host) => host.name !== name) };
    }
    known(topology, name);
    return {
      ...topology,
      components: topology.components.filter((component) => component.name !== name),
      roads: topology.roads.filter((road) => road.from !== name && road.to !== name),
    };
  };

/** Puts another component where one is; the roads of the old one lead to and from the new one. */
export const replace =
  (name: string, { component }: { component: Component }): Step =>
  (topology) => {
    known(topology, name);
    if (component.name !== name) refuseKnown(topology.components, component.name);
    const renamed = (end: string) => (end === name ? component.name : end);
    return {
      ...topology,
      components: topology.components.map((each) => (each.name === name ? component : each)),
      roads: topology.roads.map((road) => ({ ...road, from: renamed(road.from), to: renamed(road.to) })),
    };
  };

/** Moves a component to another host. */
export const move =
  (name: string, to: string): Step =>
  (topology) =>
    replace(name, { component: { ...known(topology, name), host: to } })(topology);

/** Makes several components of one, each with all its roads: the first parts of scaling out. */
export const split =
  (name: string, into: readonly { readonly component: Component }[]): Step =>
  (topology) => {
    known(topology, name);
    const names = into.map(({ component }) => component.name);
    if (new Set(names).size < Math.max(1, names.length)) {
      throw new Error(`"${name}" is split into parts of different names, one at least`);
    }
    const before = topology.components.filter((component) => component.name !== name);
    for (const each of names) refuseKnown(before, each);
    const ends = (end: string) => (end === name ? names : [end]);
    return {
      ...topology,
      components: topology.components.flatMap((each) =>
        each.name === name ? into.map(({ component }) => component) : [each],
      ),
      roads: topology.roads.flatMap((road) =>
        ends(road.from).flatMap((from) => ends(road.to).map((to) => ({ ...road, from, to }))),
      ),
    };
  };

/**
 * Sets who fills a role for a component: these and no others, tried in this order. With domains it speaks of these
 * domains only, and leaves what was said of all or of others.
 */
export const route =
  (from: string, role: Role, to: readonly string[], domains?: readonly Domain[]): Step =>
  (topology) => ({
    ...topology,
    roads: [
      ...topology.roads.filter(
        (each) => !(each.from === from && each.role === role && sameDomains(each.domains, domains)),
      ),
      ...to.map((each) => road(from, role, each, domains).road),
    ],
  });

/** A machine; the first data centre is called "here" until there is a second. */
export const host = (name: string, dataCentre = "here"): { host: Host } => ({ host: { name, dataCentre } });

/** A road to add, for all domains of the one that asks, or for some. */
export const road = (from: string, role: Role, to: string, domains?: readonly Domain[]): { road: Road } => ({
  road: { from, role, to, ...(domains ? { domains } : {}) },
});

interface At {
  readonly on: string;
  readonly slot?: number;
}

const placed = <K extends Kind>(kind: K, name: string, { on, slot = 0 }: At) => ({
  name,
  kind,
  host: on,
  slot,
});

/** Of the 72 that the embedded server has for applications (rules/databases.ts), so that it fits every engine. */
const usualConnections = 60;

/** An application of the whole shop unless said otherwise. */
export const application = (
  name: string,
  at: At & {
    opens?: readonly Surface[];
    domains?: readonly Domain[];
    cacheMb?: number;
    connections?: number;
  },
): { component: Application } => ({
  component: {
    ...placed("application", name, at),
    opens: at.opens ?? ["storefront", "api", "console"],
    domains: at.domains ?? "all",
    cacheMb: at.cacheMb ?? 0,
    connections: at.connections ?? usualConnections,
  },
});

export const postgres = (
  name: string,
  at: At & Partial<Pick<Postgres, "engine" | "guardian" | "unconfirmedWrites">>,
): { component: Postgres } => ({
  component: {
    ...placed("postgres", name, at),
    engine: at.engine ?? "distribution",
    guardian: at.guardian ?? "none",
    ...(at.unconfirmedWrites ? { unconfirmedWrites: at.unconfirmedWrites } : {}),
  },
});

export const cacheServer = (
  kind: CacheServer["kind"],
  name: string,
  at: At & { memoryMb: number },
): { component: CacheServer } => ({ component: { ...placed(kind, name, at), memoryMb: at.memoryMb } });

export const proxy = (
  kind: ReverseProxy["kind"],
  name: string,
  at: At & { cachesPages?: boolean },
): { component: ReverseProxy } => ({
  component: { ...placed(kind, name, at), cachesPages: at.cachesPages ?? false },
});

export const fileServer = (name: string, at: At): { component: FileServer } => ({
  component: placed("files", name, at),
});

export const zookeeper = (name: string, at: At): { component: Consensus } => ({
  component: placed("zookeeper", name, at),
});

export const watcher = (kind: Watcher["kind"], name: string, at: At): { component: Watcher } => ({
  component: placed(kind, name, at),
});

function known(topology: Topology, name: string): Component {
  const found = topology.components.find((component) => component.name === name);
  if (!found) throw new Error(`there is no "${name}" in ${topology.name}`);
  return found;
}

function refuseKnown(things: readonly { name: string }[], name: string): void {
  if (things.some((thing) => thing.name === name)) throw new Error(`"${name}" is there already`);
}

const sameRoad = (one: Road, other: Road) => lineOf(one) === lineOf(other);

const sameDomains = (one?: readonly Domain[], other?: readonly Domain[]) =>
  [...(one ?? ["all"])].sort().join() === [...(other ?? ["all"])].sort().join();

const lineOf = ({ from, role, to, domains }: Road) => `${from} ${role} ${to} ${domains?.join(",") ?? ""}`;

function freeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.values(value).forEach(freeze);
    Object.freeze(value);
  }
  return value;
}
