import { type Component, type Host, ofKind, outside, type Road, type Role, type Topology } from "../model.ts";

/** Of equals none stands above the other. */
const joins: readonly Role[] = ["follows", "agrees"];

/** On which floor a component stands, from 0, those that people enter by: one below the lowest of those that ask it. */
export function floorsOf(topology: Topology): ReadonlyMap<string, number> {
  const floors = new Map(topology.components.map(({ name }) => [name, 0]));
  const roads = downwards(topology.roads.filter(({ role }) => !joins.includes(role)));
  const equals = topology.roads.filter(({ role }) => joins.includes(role));
  const lower = (name: string, least: number): boolean => {
    if ((floors.get(name) ?? 0) >= least) return false;
    floors.set(name, least);
    return true;
  };
  // Each pass settles one more floor, so there are never more passes than components.
  for (let pass = 0; pass <= topology.components.length; pass++) {
    const below = roads.filter(({ from, to }) => lower(to, (floors.get(from) ?? -1) + 1));
    const beside = equals.filter(({ from, to }) => {
      const floor = Math.max(floors.get(from) ?? 0, floors.get(to) ?? 0);
      return [lower(from, floor), lower(to, floor)].includes(true);
    });
    if (below.length + beside.length === 0) break;
  }
  return floors;
}

/** The roads without those that lead back to where a path came from. */
function downwards(roads: readonly Road[]): Road[] {
  const kept: Road[] = [];
  const done = new Set<string>();
  const walk = (name: string, path: readonly string[]): void => {
    if (done.has(name)) return;
    done.add(name);
    const along = [...path, name];
    for (const road of roads.filter(({ from }) => from === name)) {
      if (along.includes(road.to)) continue;
      kept.push(road);
      walk(road.to, along);
    }
  };
  walk(outside, []);
  for (const { from } of roads) walk(from, []);
  return kept;
}

/** Hosts that carry only what watches stand at the side. */
export function isAside(topology: Topology, host: Host): boolean {
  const tenants = topology.components.filter((component) => component.host === host.name);
  return tenants.length > 0 && tenants.every(isWatcher);
}

const isWatcher = ({ kind }: Component) => kind === "prometheus" || kind === "alertmanager";

/** From left to right on one floor: like beside like, and what most roads lead to in the middle. */
const sideBySide: readonly Component["kind"][] = [
  "redis",
  "memcached",
  "nginx",
  "haproxy",
  "application",
  "postgres",
  "zookeeper",
  "files",
  "prometheus",
  "alertmanager",
];

/** Where a floor takes several rows: what there is one of comes first, so that like stays beside like. */
const underEachOther = [...sideBySide].sort(
  (one, other) => Number(other === "files") - Number(one === "files"),
);

/** The hosts of a data centre, from left to right. */
export function inPlace(topology: Topology, dataCentre: string, narrow: boolean): Host[] {
  const order = narrow ? underEachOther : sideBySide;
  const placeOf = ({ name }: Host) =>
    order.findIndex((kind) => ofKind(topology, kind).some((each) => each.host === name));
  return topology.hosts
    .filter((host) => host.dataCentre === dataCentre)
    .sort((one, other) => placeOf(one) - placeOf(other));
}
