import { outside, type Road, type Topology } from "../model.ts";
import { type Bundle, bundlesOf } from "./bundles.ts";
import type { Plan } from "./place.ts";

/** A way from one component's lower edge to another's upper or lower one; heights come later. */
export interface Way {
  readonly road: Road;
  readonly start: Port;
  readonly end: Port;
  /** Where it crosses rows, between hosts; absent where the ends share a gap. */
  readonly trunk?: number;
}

/** Where a bundle touches a component. The gap of that number lies above the row of that number. */
export interface Port {
  readonly name: string;
  readonly edge: "upper" | "lower";
  readonly gap: number;
  x: number;
}

/** The horizontal part of a bundle in one gap. */
export interface Rail {
  readonly gap: number;
  readonly from: number;
  readonly to: number;
  /** From the top of its gap. */
  readonly track: number;
  /** Every place where something joins it, sorted. */
  readonly joins: readonly number[];
}

export interface Routed {
  readonly bundle: Bundle;
  readonly ways: readonly Way[];
  readonly rails: readonly Rail[];
}

/** Room between two lines, and between a line and what it passes. */
const apart = 9;

/** Draws every bundle as lines down, across and down again. */
export function routesOf(topology: Topology, plan: Plan): Routed[] {
  const bundles = bundlesOf(topology);
  const ports = portsOf(bundles, plan);
  const trunks: Trunk[] = [];
  const routed = bundles.map((bundle) => {
    const ways = bundle.roads.map((road): Way => {
      const start = portOf(ports, bundle, road.from, "lower");
      const end = portOf(ports, bundle, road.to, isBelow(plan, road) ? "upper" : "lower");
      return { road, start, end };
    });
    return { bundle, ways: withTrunks(ways, bundle, plan, trunks) };
  });
  const tracks = new Map<number, Rail[]>();
  return [...routed]
    .sort(byOrder)
    .map(({ bundle, ways }) => ({ bundle, ways, rails: railsOf(ways, tracks) }));
}

type Ports = ReadonlyMap<Bundle, readonly Port[]>;

/** Those who agree or follow meet below; then short ones, which others would have to go round. */
const byOrder = (one: { ways: readonly Way[] }, other: { ways: readonly Way[] }) =>
  Number(isPeer(other.ways)) - Number(isPeer(one.ways)) || spanOf(one.ways) - spanOf(other.ways);

const isPeer = (ways: readonly Way[]) => ways.every(({ end }) => end.edge === "lower");

function spanOf(ways: readonly Way[]): number {
  const xs = ways.flatMap(({ start, end }) => [start.x, end.x]);
  return Math.max(...xs) - Math.min(...xs);
}

const rowOf = (plan: Plan, name: string) => (name === outside ? -1 : (plan.cards.get(name)?.row ?? 0));

const isBelow = (plan: Plan, { from, to }: Road) => rowOf(plan, to) > rowOf(plan, from);

function portOf(ports: Ports, bundle: Bundle, name: string, edge: Port["edge"]): Port {
  const found = ports.get(bundle)?.find((port) => port.name === name && port.edge === edge);
  if (!found) throw new Error(`no port of ${bundle.role} at ${name}`);
  return found;
}

/** Where bundles touch components: side by side along an edge, each towards where it comes from. */
function portsOf(bundles: readonly Bundle[], plan: Plan): Ports {
  const centreOf = (name: string) => edgeOf(plan, name).middle;
  const all = bundles.map((bundle) => [bundle, touched(bundle, plan)] as const);
  const edges = new Map<string, { port: Port; towards: number }[]>();
  for (const [{ from, to }, ports] of all) {
    for (const port of ports) {
      const others = (from.includes(port.name) && port.edge === "lower" ? to : from).filter(
        (name) => name !== port.name,
      );
      const towards = others.reduce((sum, name) => sum + centreOf(name), 0) / Math.max(1, others.length);
      const key = `${port.name} ${port.edge}`;
      edges.set(key, [...(edges.get(key) ?? []), { port, towards }]);
    }
  }
  for (const meeting of edges.values()) {
    meeting.sort((one, other) => one.towards - other.towards);
    meeting.forEach(({ port }, index) => {
      const { x, w } = edgeOf(plan, port.name);
      port.x = x + (w * (index + 1)) / (meeting.length + 1);
    });
  }
  const ports = all.map(([, some]) => some);
  straighten(ports, plan);
  keepApart(ports, plan);
  return new Map(all);
}

function touched({ roads }: Bundle, plan: Plan): Port[] {
  const ports = new Map<string, Port>();
  const touch = (name: string, edge: Port["edge"]) => {
    const row = rowOf(plan, name);
    ports.set(`${name} ${edge}`, { name, edge, gap: edge === "upper" ? row : row + 1, x: 0 });
  };
  for (const road of roads) {
    touch(road.from, "lower");
    touch(road.to, isBelow(plan, road) ? "upper" : "lower");
  }
  return [...ports.values()];
}

/** A component's edge; those outside have one too. */
function edgeOf(plan: Plan, name: string): { x: number; w: number; middle: number } {
  const card = plan.cards.get(name);
  const w = plan.sizes.card.w;
  const x = card ? card.host.x + card.inset : plan.outside - w / 2;
  return { x, w, middle: x + w / 2 };
}

/** One line to a component that nobody else comes to runs straight down, if it can. */
function straighten(bundles: readonly (readonly Port[])[], plan: Plan): void {
  const uppers = bundles.flat().filter(({ edge }) => edge === "upper");
  for (const ports of bundles) {
    const [start, end] = ["lower", "upper"].map((edge) => ports.find((port) => port.edge === edge));
    if (!start || !end || ports.length > 2 || start.gap !== end.gap) continue;
    const isAlone = uppers.filter(({ name }) => name === end.name).length === 1;
    if (isAlone && isOn(plan, end.name, start.x)) end.x = start.x;
  }
}

/** Two lines of different bundles in one gap never run over each other from above and from below. */
function keepApart(bundles: readonly (readonly Port[])[], plan: Plan): void {
  for (const own of bundles) {
    const lowers = bundles.filter((ports) => ports !== own).flatMap((ports) => ports.filter(isLower));
    for (const port of own.filter((each) => !isLower(each))) {
      const there = lowers.filter(({ gap }) => gap === port.gap);
      const free = [0, 1, -1, 2, -2, 3, -3, 4, -4]
        .map((steps) => port.x + steps * apart)
        .find((x) => isOn(plan, port.name, x) && there.every((other) => Math.abs(other.x - x) >= apart));
      port.x = free ?? port.x;
    }
  }
}

const isLower = ({ edge }: Port) => edge === "lower";

function isOn(plan: Plan, name: string, x: number): boolean {
  const edge = edgeOf(plan, name);
  return x > edge.x + apart && x < edge.x + edge.w - apart;
}

/** Lines that cross rows do so between hosts, as near to their ends as they can, and those of a bundle together. */
function withTrunks(ways: readonly Way[], bundle: Bundle, plan: Plan, taken: Trunk[]): Way[] {
  const own = new Map<string, number>();
  return ways.map((way) => {
    const [from, to] = [Math.min(way.start.gap, way.end.gap), Math.max(way.start.gap, way.end.gap)];
    if (from === to) return way;
    const key = `${from} ${to}`;
    const x = own.get(key) ?? findTrunk(way, { from, to, bundle }, plan, taken);
    own.set(key, x);
    return { ...way, trunk: x };
  });
}

interface Trunk {
  readonly x: number;
  /** Gaps. */
  readonly from: number;
  readonly to: number;
  readonly bundle: Bundle;
}

/** So much longer a way may become for a line of its own bundle to run along. */
const company = 120;

function findTrunk({ start, end }: Way, trunk: Omit<Trunk, "x">, plan: Plan, taken: Trunk[]): number {
  const { from, to, bundle } = trunk;
  // Within its own host a line meets nothing else.
  const home = [start, end].map(({ name }) => plan.cards.get(name)?.host);
  const hosts = plan.hosts.filter(
    (host) => host.rows[0] < to && host.rows[1] >= from && home.some((each) => each !== host),
  );
  const lines = taken.filter((each) => each.bundle !== bundle && each.from < to && each.to > from);
  const beside = taken.filter((each) => each.bundle === bundle).map(({ x }) => x);
  const isBesideHosts = (x: number) =>
    x > 0 && x < plan.width && hosts.every((host) => x < host.x - 3 || x > host.x + host.w + 3);
  const detour = (x: number) =>
    Math.abs(x - start.x) + Math.abs(x - end.x) - (beside.includes(x) ? company : 0);
  const everywhere = Array.from({ length: Math.floor(plan.width / 3) }, (_, index) => index * 3);
  const lanes = [...beside, start.x, end.x, ...everywhere]
    .filter(isBesideHosts)
    .sort((one, other) => detour(one) - detour(other));
  // Where there is not enough room lines come closer, then run over each other; through a host never.
  const x = [apart, apart / 2, 0]
    .map((room) => lanes.find((lane) => lines.every((line) => Math.abs(line.x - lane) >= room)))
    .find((lane) => lane !== undefined);
  if (x === undefined) throw new Error(`no way beside the hosts from ${start.name} to ${end.name}`);
  taken.push({ ...trunk, x });
  return x;
}

function railsOf(ways: readonly Way[], tracks: Map<number, Rail[]>): Rail[] {
  const joins = new Map<number, number[]>();
  const join = (gap: number, ...xs: number[]) => joins.set(gap, [...(joins.get(gap) ?? []), ...xs]);
  for (const { start, end, trunk } of ways) {
    join(start.gap, start.x, trunk ?? end.x);
    join(end.gap, end.x, trunk ?? start.x);
  }
  return [...joins].map(([gap, xs]) => {
    const sorted = [...new Set(xs)].sort((one, other) => one - other);
    const [from, to] = [sorted[0] ?? 0, sorted.at(-1) ?? 0];
    const others = tracks.get(gap) ?? [];
    let track = 0;
    const meets = (rail: Rail) =>
      rail.track === track && rail.from < to + 2 * apart && rail.to > from - 2 * apart;
    // A line straight down needs no track of its own.
    while (to - from > 1 && others.some(meets)) track++;
    const rail = { gap, from, to, track, joins: sorted };
    if (to - from > 1) tracks.set(gap, [...others, rail]);
    return rail;
  });
}
