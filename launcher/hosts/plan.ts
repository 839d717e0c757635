import { createHash } from "node:crypto";

/** What a host has of its machine. */
export interface HostSize {
  /** Of one processor: 25 is a quarter, 150 is one and a half. */
  readonly cpuPercent: number;
  readonly memoryMb: number;
}

/** A host of a topology, and what it is allowed. */
export interface WantedHost extends HostSize {
  readonly name: string;
  readonly dataCentre: string;
}

/** A host as it is made. */
export interface PlannedHost extends WantedHost {
  /** Which of its data centre's ports it is plugged into; it keeps it for as long as the plan knows it. */
  readonly port: number;
  readonly address: string;
}

/** A data centre: a bridge with room for a router, the machine itself and 240 hosts. */
export interface PlannedCentre {
  readonly name: string;
  /** Of its network, from 0: the third number of its addresses follows from it. */
  readonly number: number;
}

/** Everything an instance has of the kernel, and what it is called. A value: kept in a file, drawn, compared. */
export interface Plan {
  /** Tells the names of one instance from those of another. */
  readonly key: string;
  /** The first three numbers of its first data centre's addresses: "198.18.8". */
  readonly range: string;
  readonly centres: readonly PlannedCentre[];
  readonly hosts: readonly PlannedHost[];
}

/** Six digits, because the name of an interface has 15 characters at most. */
export const keyOf = (directory: string): string =>
  createHash("sha256").update(directory).digest("hex").slice(0, 6);

/** An instance has eight networks of 256 addresses each, one for a data centre. */
export const networksEach = 8;

/**
 * The ranges that instances may take, as the first three numbers of each: 198.18.0.0/15 is set aside for trying
 * networks out (RFC 2544), so it is no office's and no container's, as parts of 10.0.0.0/8 and 172.16.0.0/12 are.
 */
export const ranges: readonly string[] = [18, 19].flatMap((second) =>
  Array.from({ length: 256 / networksEach }, (_, at) => `198.${second}.${at * networksEach}`),
);

/** Ranges in the order in which an instance tries them: its own first. */
export function rangesFor(key: string): string[] {
  const own = Number.parseInt(key, 16) % ranges.length;
  return [...ranges.slice(own), ...ranges.slice(0, own)];
}

const routerNumber = 254;
const machineNumber = 1;
const firstHostNumber = 11;
const hostsMost = 240;

const network = ({ range }: Pick<Plan, "range">, centre: PlannedCentre): string => {
  const [first, second, third] = range.split(".");
  return `${first}.${second}.${Number(third) + centre.number}`;
};

/** Where this machine is found from the hosts of a data centre. */
export const machineAddress = (plan: Pick<Plan, "range">, centre: PlannedCentre): string =>
  `${network(plan, centre)}.${machineNumber}`;

/** What leads from one data centre to the others. */
export const routerAddress = (plan: Pick<Plan, "range">, centre: PlannedCentre): string =>
  `${network(plan, centre)}.${routerNumber}`;

/** All addresses of a data centre, as routes write them. */
export const networkOf = (plan: Pick<Plan, "range">, centre: PlannedCentre): string =>
  `${network(plan, centre)}.0/24`;

/**
 * The plan for these hosts. Whatever `before` knows keeps its place, so addresses stay; what is new gets those that
 * are free. Throws where there is no room.
 */
export function planOf(
  at: { key: string; range: string },
  wanted: readonly WantedHost[],
  before?: Plan,
): Plan {
  const known = before?.range === at.range ? before : undefined;
  const centres: PlannedCentre[] = [];
  for (const name of new Set(wanted.map(({ dataCentre }) => dataCentre))) {
    const had = known?.centres.find((each) => each.name === name)?.number;
    const taken = [...centres, ...(known?.centres ?? [])].map(({ number }) => number);
    const number = had ?? firstFree(taken, networksEach, "data centres");
    centres.push({ name, number });
  }
  const hosts: PlannedHost[] = [];
  for (const each of wanted) {
    const had = known?.hosts.find(
      ({ name, dataCentre }) => name === each.name && dataCentre === each.dataCentre,
    );
    const neighbours = [...hosts, ...(known?.hosts ?? [])].filter(
      ({ dataCentre }) => dataCentre === each.dataCentre,
    );
    const port =
      had?.port ??
      firstFree(
        neighbours.map((one) => one.port),
        hostsMost,
        "hosts in a data centre",
      );
    const centre = centres.find(({ name }) => name === each.dataCentre) as PlannedCentre;
    hosts.push({ ...each, port, address: `${network(at, centre)}.${firstHostNumber + port}` });
  }
  return { ...at, centres, hosts };
}

function firstFree(taken: readonly number[], most: number, of: string): number {
  for (let number = 0; number < most; number += 1) if (!taken.includes(number)) return number;
  throw new Error(`an instance has at most ${most} ${of}`);
}

/** What all names of an instance begin with. */
export const prefixOf = ({ key }: Pick<Plan, "key">): string => `storey-${key}`;

/** The namespace of a host. */
export const namespaceOf = (plan: Pick<Plan, "key">, host: Pick<PlannedHost, "name">): string =>
  `${prefixOf(plan)}-${host.name}`;

/** The namespace that holds a data centre's bridge. No host's name has a plus in it. */
export const switchOf = (plan: Pick<Plan, "key">, centre: PlannedCentre): string =>
  `${prefixOf(plan)}+${centre.number}`;

/** The end of a host's cable at its bridge. */
export const portOf = ({ port }: Pick<PlannedHost, "port">): string => `port${port}`;

/** The machine's own end of the cable to a data centre. */
export const uplinkOf = ({ key }: Pick<Plan, "key">, centre: PlannedCentre): string =>
  `st${key}d${centre.number}`;

/** The data centre of a host. */
export function centreOf(plan: Plan, host: Pick<PlannedHost, "dataCentre">): PlannedCentre {
  const found = plan.centres.find(({ name }) => name === host.dataCentre);
  if (!found) throw new Error(`there is no data centre "${host.dataCentre}"`);
  return found;
}

/** A host by its name. */
export function hostOf(plan: Plan, name: string): PlannedHost {
  const found = plan.hosts.find((each) => each.name === name);
  if (!found) throw new Error(`there is no host "${name}" among ${plan.hosts.map((each) => each.name)}`);
  return found;
}
