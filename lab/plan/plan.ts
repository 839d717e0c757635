import type { Kind } from "#topology/model";
import type { PartCost, StageCosts } from "./costs.ts";

export interface PriceList {
  readonly currency: string;
  readonly source: string;
  readonly sizes: readonly Size[];
}

export interface Size {
  readonly name: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly perMonth: number;
}

/** Who is to be served. */
export interface Demand {
  /** At once, at the busiest hour. */
  readonly users: number;
  /** Between two requests of one user, in the mean. */
  readonly thinkSeconds: number;
}

/** One kind of component of a plan. */
export interface PlannedPart {
  readonly kind: Kind;
  readonly hosts: number;
  readonly size: Size;
  /** Of all its processors at this demand, 0 to 1. */
  readonly used: number;
  readonly perMonth: number;
  /** With the largest host there is; more of them do not help what cannot be spread. */
  readonly usersMost: number;
}

export interface Plan {
  readonly stage: number;
  readonly name: string;
  readonly requestsPerSecond: number;
  readonly ordersPerSecond: number;
  readonly parts: readonly PlannedPart[];
  readonly perMonth: number;
  /** The part that ends first when more come, and with how many. */
  readonly nextLimit: { readonly kind: Kind; readonly users: number };
  readonly fits: boolean;
}

/** A host that is busier than this has no room for bursts, nor for the part of a neighbour that died. */
const busyAtMost = 0.6;

const balancers: readonly Kind[] = ["nginx", "haproxy"];
/** Behind a balancer more of these serve more people; of every other kind the busiest one is the limit. */
const spreads: readonly Kind[] = ["application", ...balancers];
/** What runs on one thread has no use for a second core. */
const ofOneThread: readonly Kind[] = ["application", "redis"];
/** What has the same work however many people come. */
const constant: readonly Kind[] = ["prometheus", "alertmanager", "zookeeper"];

/** How many hosts of which size a stage needs for a demand, what they cost, and where it ends. */
export function planFor(costs: StageCosts, demand: Demand, { sizes }: PriceList): Plan {
  const rateOf = (users: number) => users / (demand.thinkSeconds + costs.responseSeconds);
  const requestsPerSecond = rateOf(demand.users);
  const perUser = rateOf(1);
  const bySize = sizes.toSorted((a, b) => a.cores - b.cores);
  const isBalanced = costs.parts.some(({ kind }) => balancers.includes(kind));
  const parts = costs.parts.map((part) =>
    planPart(part, { requestsPerSecond, perUser, isBalanced, sizes: bySize }),
  );
  const [first] = parts.toSorted((a, b) => a.usersMost - b.usersMost);
  if (!first) throw new Error("a stage has parts");
  return {
    stage: costs.stage,
    name: costs.name,
    requestsPerSecond,
    ordersPerSecond: requestsPerSecond * costs.ordersPerRequest,
    parts,
    perMonth: parts.reduce((sum, { perMonth }) => sum + perMonth, 0),
    nextLimit: { kind: first.kind, users: first.usersMost },
    fits: first.usersMost >= demand.users,
  };
}

/** More of one kind than this are no longer one system that somebody looks after, but several. */
const hostsMost = 1_000;

function planPart(
  { kind, count, cpuMs, busiestCpuMs }: PartCost,
  {
    requestsPerSecond,
    perUser,
    isBalanced,
    sizes,
  }: { requestsPerSecond: number; perUser: number; isBalanced: boolean; sizes: readonly Size[] },
): PlannedPart {
  const [smallest, largest] = [sizes[0], sizes.at(-1)];
  if (!smallest || !largest) throw new Error("the price list names no sizes");
  const coresFor = (ms: number) => (requestsPerSecond * ms) / 1_000 / busyAtMost;
  const usersFor = (cores: number, ms: number) => Math.floor((cores * 1_000 * busyAtMost) / ms / perUser);
  if (constant.includes(kind)) return part(kind, count, smallest, 0, Number.POSITIVE_INFINITY);
  if (isBalanced && spreads.includes(kind)) {
    // The middle of the list: a host that dies takes little with it, and there are few to look after.
    const size = sizes.find(({ cores }) => cores >= Math.min(8, coresFor(cpuMs) / count)) ?? largest;
    const hosts = Math.max(count, Math.ceil(coresFor(cpuMs) / size.cores));
    const used = (coresFor(cpuMs) * busyAtMost) / (hosts * size.cores);
    return part(kind, hosts, size, used, usersFor(hostsMost * largest.cores, cpuMs));
  }
  const mostCores = ofOneThread.includes(kind) ? 1 : largest.cores;
  const size = sizes.find(({ cores }) => cores >= coresFor(busiestCpuMs)) ?? largest;
  const used = (coresFor(busiestCpuMs) * busyAtMost) / Math.min(size.cores, mostCores);
  return part(kind, count, size, used, usersFor(mostCores, busiestCpuMs));
}

const part = (kind: Kind, hosts: number, size: Size, used: number, usersMost: number): PlannedPart => ({
  kind,
  hosts,
  size,
  used,
  perMonth: hosts * size.perMonth,
  usersMost,
});
