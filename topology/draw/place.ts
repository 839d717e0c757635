import { type Component, type Host, outside, type Topology } from "../model.ts";
import { floorsOf, inPlace, isAside } from "./floors.ts";

/** Lengths are in pixels of a drawing that is not scaled. */
export interface Sizes {
  readonly width: number;
  readonly narrow: boolean;
  readonly card: { readonly w: number; readonly h: number };
  /** Between cards of one host, and around them. */
  readonly inside: number;
  /** Between hosts; lines that pass a row go through here. */
  readonly between: number;
  /** Around the hosts of a data centre. */
  readonly around: number;
  readonly margin: number;
  readonly hostLabel: number;
}

/** A narrow drawing is for a phone: nothing in it is smaller, there is less beside each other. */
export const isNarrow = (width: number): boolean => width < 700;

export const sizesFor = (width: number): Sizes =>
  isNarrow(width)
    ? {
        width,
        narrow: true,
        card: { w: 153, h: 50 },
        inside: 6,
        between: 16,
        around: 16,
        margin: 6,
        hostLabel: 24,
      }
    : {
        width,
        narrow: false,
        card: { w: 196, h: 54 },
        inside: 12,
        between: 28,
        around: 26,
        margin: 24,
        hostLabel: 28,
      };

/** A host between two lines from left to right, and over some rows; heights come when all roads are known. */
export interface PlacedHost {
  readonly host: Host;
  readonly rows: readonly [first: number, last: number];
  x: number;
  readonly w: number;
}

export interface PlacedCard {
  readonly component: Component;
  readonly row: number;
  readonly host: PlacedHost;
  /** From the left edge of its host. */
  readonly inset: number;
}

export interface PlacedCentre {
  readonly name: string;
  readonly rows: readonly [first: number, last: number];
  x: number;
  w: number;
}

/** Everything with its place from left to right, and its row from top to bottom. */
export interface Plan {
  readonly sizes: Sizes;
  readonly width: number;
  readonly rows: number;
  readonly centres: readonly PlacedCentre[];
  readonly hosts: readonly PlacedHost[];
  readonly cards: ReadonlyMap<string, PlacedCard>;
  /** The middle of those outside: over whom they reach. */
  readonly outside: number;
}

/** Gives every host and component its row and its place in it. */
export function planOf(topology: Topology, sizes: Sizes): Plan {
  const { margin, around, between } = sizes;
  const names = [...new Set(topology.hosts.map(({ dataCentre }) => dataCentre))];
  const shares = sharesOf(topology, names, sizes);
  const parts: { centre: PlacedCentre; cards: PlacedCard[] }[] = [];
  let [x, row] = [margin, 0];
  for (const [index, name] of names.entries()) {
    const cards = cardsOf(topology, name, { ...sizes, width: shares?.[index] ?? roomOf(sizes) }, row);
    const last = Math.max(row, ...cards.map((each) => each.host.rows[1]));
    const hosts = hostsOf(cards);
    const inner = settle(hosts, sizes, (host) => isAside(topology, host) && !sizes.narrow);
    for (const host of hosts) host.x += x + around;
    parts.push({ centre: { name, rows: [row, last], x, w: inner + 2 * around }, cards });
    if (shares) x += inner + 2 * around + between;
    else row = last + 1;
  }
  return centred(topology, sizes, parts, shares !== undefined);
}

/** One data centre alone in the drawing has so much for its hosts. */
const roomOf = ({ width, margin, around }: Sizes) => width - 2 * margin - 2 * around;

const pitchOf = ({ card, inside, between }: Sizes) => card.w + 2 * inside + between;

/**
 * How much of the width each data centre gets beside the others: three hosts or as many as it has on a floor, and of
 * what is left those most who lack most. Undefined when they must stand under each other.
 */
function sharesOf(topology: Topology, names: readonly string[], sizes: Sizes): number[] | undefined {
  const { width, margin, around, between } = sizes;
  const pitch = pitchOf(sizes);
  const slots = Math.floor((width - 2 * margin - names.length * (2 * around + between) + between) / pitch);
  const wanted = names.map((name) => widestFloor(topology, name));
  const given = wanted.map((want) => Math.min(want, 3));
  for (let left = slots - given.reduce((sum, each) => sum + each, 0); left !== 0; left--) {
    if (left < 0) return undefined;
    const lacks = wanted.map((want, index) => want - (given[index] ?? 0));
    const neediest = lacks.indexOf(Math.max(...lacks));
    given[neediest] = (given[neediest] ?? 0) + 1;
  }
  return given.map((each) => each * pitch - between);
}

function widestFloor(topology: Topology, dataCentre: string): number {
  const floors = floorsOf(topology);
  const hosts = topology.hosts.filter((host) => host.dataCentre === dataCentre && !isAside(topology, host));
  const used = hosts.flatMap((host) => [
    ...new Set(tenantsOf(topology, host).map(({ name }) => floors.get(name))),
  ]);
  return Math.max(1, ...used.map((floor) => used.filter((each) => each === floor).length));
}

/** Side by side data centres move to the middle together; one above the other each stands there by itself. */
function centred(
  topology: Topology,
  sizes: Sizes,
  parts: readonly { centre: PlacedCentre; cards: PlacedCard[] }[],
  isBeside: boolean,
): Plan {
  const { width, margin, narrow } = sizes;
  const wide = Math.max(0, ...parts.map(({ centre }) => centre.x + centre.w)) + margin;
  const full = Math.max(wide, narrow ? width : leastWide);
  for (const { centre, cards } of parts) {
    const shift = (full - (isBeside ? wide : centre.w + 2 * margin)) / 2;
    centre.x += shift;
    for (const host of hostsOf(cards)) host.x += shift;
  }
  const cards = parts.flatMap((part) => part.cards);
  const entered = topology.roads.filter(({ from }) => from === outside).map(({ to }) => to);
  const middle = middleOf(cards.filter(({ component }) => entered.includes(component.name))) ?? full / 2;
  const least = margin + outsideWidth / 2;
  return {
    sizes,
    width: full,
    rows: Math.max(0, ...cards.map((each) => each.row + 1)),
    centres: parts.map(({ centre }) => centre),
    hosts: hostsOf(cards),
    cards: new Map(cards.map((each) => [each.component.name, each])),
    outside: Math.min(Math.max(middle, least), full - least),
  };
}

function middleOf(cards: readonly PlacedCard[]): number | undefined {
  const middles = cards.map(({ host }) => host.x + host.w / 2);
  return middles.length === 0 ? undefined : (Math.min(...middles) + Math.max(...middles)) / 2;
}

/** Of the sign for those outside. */
export const outsideWidth = 208;

/** The title and the sentence under it want so much. */
const leastWide = 760;

const hostsOf = (cards: readonly PlacedCard[]) => [...new Set(cards.map(({ host }) => host))];

/** Rows of one data centre, from `first` on: a floor takes as many rows as its hosts need. */
function cardsOf(topology: Topology, dataCentre: string, sizes: Sizes, first: number): PlacedCard[] {
  const hosts = inPlace(topology, dataCentre, sizes.narrow);
  const floors = besideTheirs(topology, hosts, sizes.narrow);
  const onFloor = (host: Host, floor: number) =>
    tenantsOf(topology, host).filter(({ name }) => floors.get(name) === floor);
  const inRow = Math.max(1, Math.floor((sizes.width + sizes.between) / pitchOf(sizes)));
  const rows = new Map<string, number>();
  let row = first;
  for (const floor of [...new Set(floors.values())].sort((one, other) => one - other)) {
    const here = hosts.filter((host) => onFloor(host, floor).length > 0);
    // What reaches to another floor comes into the first row, so that it covers no other.
    const isTall = (host: Host) => tenantsOf(topology, host).length > onFloor(host, floor).length;
    const line = [...here].sort((one, other) => Number(isTall(other)) - Number(isTall(one)));
    const even = Math.ceil(line.length / Math.ceil(line.length / inRow));
    let last = row;
    for (const [index, host] of line.entries()) {
      // Several on one floor of a host stand under each other.
      for (const [nth, { name }] of onFloor(host, floor).entries()) {
        const own = row + Math.floor(index / even) + nth;
        rows.set(name, own);
        last = Math.max(last, own);
      }
    }
    row = last + 1;
  }
  return hosts.flatMap((host) => stack(host, tenantsOf(topology, host), rows, sizes));
}

const tenantsOf = ({ components }: Topology, { name }: Host) =>
  components.filter((component) => component.host === name);

/** Watchers ask nobody and would all stand on top: beside the others, or below them where there is no room. */
function besideTheirs(topology: Topology, hosts: readonly Host[], narrow: boolean): Map<string, number> {
  const all = floorsOf(topology);
  const tenants = hosts.flatMap((host) => tenantsOf(topology, host));
  const aside = hosts.filter((host) => isAside(topology, host)).flatMap((host) => tenantsOf(topology, host));
  const floors = new Map(
    tenants.filter((each) => !aside.includes(each)).map(({ name }) => [name, all.get(name) ?? 0]),
  );
  const [top, bottom] = [Math.min(...floors.values(), 99), Math.max(...floors.values(), 0)];
  for (const host of hosts.filter((each) => isAside(topology, each))) {
    tenantsOf(topology, host).forEach(({ name }, index) => {
      floors.set(name, narrow ? bottom + 1 + index : top + index);
    });
  }
  return floors;
}

function stack(
  host: Host,
  tenants: readonly Component[],
  rows: ReadonlyMap<string, number>,
  sizes: Sizes,
): PlacedCard[] {
  const own = tenants.map(({ name }) => rows.get(name) ?? 0);
  const placed: PlacedHost = {
    host,
    rows: [Math.min(...own), Math.max(...own)],
    x: 0,
    w: sizes.card.w + 2 * sizes.inside,
  };
  return tenants.map((component, index) => ({
    component,
    row: own[index] ?? 0,
    host: placed,
    inset: sizes.inside,
  }));
}

/** Puts hosts beside each other, rows in the middle, what stands aside at the right end. Answers the width. */
function settle(hosts: readonly PlacedHost[], { between }: Sizes, isAtSide: (host: Host) => boolean): number {
  const ends = new Map<number, number>();
  const rowsOf = ({ rows: [first, last] }: PlacedHost) =>
    Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const endOf = (host: PlacedHost) => Math.max(...rowsOf(host).map((row) => ends.get(row) ?? -between));
  const main = hosts.filter(({ host }) => !isAtSide(host));
  for (const host of main) {
    host.x = endOf(host) + between;
    for (const row of rowsOf(host)) ends.set(row, host.x + host.w);
  }
  const width = Math.max(0, ...ends.values());
  for (const block of blocksOf(main)) {
    const end = Math.max(...block.map((host) => host.x + host.w));
    const start = Math.min(...block.map((host) => host.x));
    for (const host of block) host.x += (width - end - start) / 2;
  }
  for (const row of ends.keys()) {
    const there = main.filter((host) => rowsOf(host).includes(row));
    ends.set(row, Math.max(...there.map((host) => host.x + host.w)));
  }
  const side = hosts.filter(({ host }) => isAtSide(host));
  for (const host of side) {
    host.x = Math.max(width - host.w, endOf(host) + 2 * between);
    for (const row of rowsOf(host)) ends.set(row, host.x + host.w);
  }
  return Math.max(width, ...ends.values());
}

/** Hosts of one row belong together, and rows that a tall host joins. */
function blocksOf(hosts: readonly PlacedHost[]): PlacedHost[][] {
  const blocks: { first: number; last: number; hosts: PlacedHost[] }[] = [];
  for (const host of [...hosts].sort((one, other) => one.rows[0] - other.rows[0])) {
    const block = blocks.find(({ first, last }) => host.rows[0] <= last && host.rows[1] >= first);
    if (block) {
      block.hosts.push(host);
      block.last = Math.max(block.last, host.rows[1]);
    } else blocks.push({ first: host.rows[0], last: host.rows[1], hosts: [host] });
  }
  return blocks.map((block) => block.hosts);
}
