import { mkdir, realpath, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Host } from "../host.ts";
import { readJson, writeJson } from "../json-file.ts";
import { openCgroups } from "./cgroups.ts";
import { abandoned, claimRange, releaseRange } from "./claim.ts";
import { type Consumption, consumptionOf } from "./consumption.ts";
import { type DelayedBy, setDelay } from "./delay.ts";
import { deviceOf } from "./device.ts";
import { makeFabric, removeFabric } from "./fabric.ts";
import { type Cable, setCable, wholeCable } from "./link.ts";
import { namespaced } from "./namespaced.ts";
import { refuseWithoutHosts } from "./needs.ts";
import {
  centreOf,
  type HostSize,
  hostOf,
  keyOf,
  machineAddress,
  namespaceOf,
  type Plan,
  planOf,
  prefixOf,
  type WantedHost,
} from "./plan.ts";
import { killAll, livingIn, namespacesOf } from "./processes.ts";

/** A host of this machine's making: a network of its own, a share of a processor, a limit of memory. */
export interface EmulatedHost extends Host {
  readonly dataCentre: string;
  readonly namespace: string;
  /** Gives it another share, or all there is (`undefined`), while it runs. */
  limit(size: { cpuPercent: number | undefined; memoryMb?: number }): Promise<void>;
  /** Sets what its cable carries, in both directions or one. */
  cable(carries: Partial<Cable>): Promise<void>;
  /** Nobody hears it, and it hears nobody; nobody is told. */
  cutOff(): Promise<void>;
  /** Its cable carries all again. */
  mend(): Promise<void>;
  /** None of its processes runs, as on a machine whose processor stands still. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** Bytes a second to and from the disk that holds `directory`; undefined: as fast as it is. */
  slowDisk(directory: string, bytesPerSecond: number | undefined): Promise<void>;
}

/** The hosts of an instance. They belong to nobody: any process that finds them may act on them. */
export interface Hosts {
  readonly plan: Plan;
  /** Where this machine is found from any of them. */
  readonly machineAddress: string;
  host(name: string): EmulatedHost;
  all(): readonly EmulatedHost[];
  /** What each has taken since it was made, by name. */
  consumption(): Promise<ReadonlyMap<string, Consumption>>;
  /** Lifts the shares of processors (starts are work of another kind), or puts them back as they were asked for. */
  limitAll(limited: boolean): Promise<void>;
  /**
   * Holds up every packet between two data centres, by their names, in both directions; 0 lifts it. Answers by what.
   */
  delay(one: string, other: string, delayMs: number): Promise<DelayedBy>;
  /** Ends every fault of a host: cables carry all, nothing is frozen. */
  mendAll(): Promise<void>;
  /** Ends every process in them, and takes away whatever was made. */
  remove(): Promise<void>;
}

const planFile = (directory: string): string => join(directory, "run", "hosts.json");

/** One name for a directory that can be reached by several; one that is gone had this one. */
const whole = (directory: string): Promise<string> => realpath(directory).catch(() => directory);

/**
 * Makes the hosts of the instance in `directory`, or takes up those that are there, adding and removing what differs.
 * Throws LaunchRefused `launch.no_hosts` (with all that is missing), `launch.no_addresses`; then nothing is left.
 */
export async function openHosts(at: string, wanted: readonly WantedHost[]): Promise<Hosts> {
  await refuseWithoutHosts();
  for (const gone of await abandoned()) await removeHosts(gone);
  const file = planFile(at);
  await mkdir(dirname(file), { recursive: true, mode: 0o711 });
  const directory = await whole(at);
  const before = (await readJson<Plan>(file)) as Plan | undefined;
  const key = keyOf(directory);
  const range = await claimRange(directory, key, before?.range);
  const plan = planOf({ key, range }, wanted, before);
  try {
    if (before && before.range !== range) await removeFabric(plan);
    await writeJson(file, plan, 0o644);
    await makeGroups(plan, directory);
    await makeFabric(plan);
  } catch (error) {
    await removeAll(plan, directory);
    throw error;
  }
  return handle(plan, directory);
}

/** The hosts of an instance as somebody else made them; undefined where it has none now. */
export async function findHosts(directory: string): Promise<Hosts | undefined> {
  const plan = (await readJson<Plan>(planFile(directory))) as Plan | undefined;
  if (!plan || (await namespacesOf(prefixOf(plan))).length === 0) return undefined;
  return handle(plan, await whole(directory));
}

/** Whether the instance was on hosts when it last ran; its plan then, for the next start. */
export const plannedHosts = (directory: string): Promise<Plan | undefined> =>
  readJson<Plan>(planFile(directory)) as Promise<Plan | undefined>;

/** Forgets that the instance was on hosts. */
export const forgetHosts = (directory: string): Promise<void> => rm(planFile(directory), { force: true });

/** Takes away whatever there is of an instance's hosts, with every process in them, known to anybody or not. */
export async function removeHosts(at: string): Promise<void> {
  // Whoever cannot make hosts has none.
  if (process.platform !== "linux" || process.getuid?.() !== 0) return;
  const directory = await whole(at);
  const plan = { key: keyOf(directory), range: "", centres: [], hosts: [] };
  const groups = await openCgroups().list(prefixOf(plan));
  if (groups.length > 0 || (await namespacesOf(prefixOf(plan))).length > 0) return removeAll(plan, directory);
  await releaseRange(directory);
}

async function makeGroups(plan: Plan, directory: string): Promise<void> {
  const groups = openCgroups();
  for (const name of await groups.list(prefixOf(plan))) {
    if (plan.hosts.some((host) => host.name === name)) continue;
    await endGroup(groupOf(plan, name));
  }
  const device = await deviceOf(directory);
  for (const { name, memoryMb } of plan.hosts) {
    await groups.make(groupOf(plan, name));
    // Lifts a limit that is not there: the kernel counts what is written from the first word about it on.
    await groups.slowDisk(groupOf(plan, name), { device, bytesPerSecond: undefined }).catch(() => undefined);
    await groups.limit(groupOf(plan, name), { cpuPercent: undefined, memoryMb });
  }
  await groups.weigh(prefixOf(plan), plan.hosts.length);
}

const groupOf = (plan: Plan, host: string): string => join(prefixOf(plan), host);

async function removeAll(plan: Plan, directory: string): Promise<void> {
  const groups = openCgroups();
  for (const name of await groups.list(prefixOf(plan))) await endGroup(groupOf(plan, name));
  await groups.remove(prefixOf(plan));
  await removeFabric(plan);
  await releaseRange(directory);
}

/** A frozen process does not even die. */
async function endGroup(group: string): Promise<void> {
  const groups = openCgroups();
  await groups.freeze(group, false).catch(() => undefined);
  await killAll(() => groups.processes(group));
  await groups.remove(group);
}

function handle(plan: Plan, directory: string): Hosts {
  const hosts = plan.hosts.map((each) => emulated(plan, each.name));
  const [first] = plan.centres;
  if (!first) throw new Error("an instance has a data centre at least");
  const groups = openCgroups();
  return {
    plan,
    machineAddress: machineAddress(plan, first),
    host: (name) => {
      const found = hosts.find((each) => each.name === name);
      return found ?? emulated(plan, hostOf(plan, name).name);
    },
    all: () => hosts,
    consumption: () => consumptionOf(plan, groups, (name) => groupOf(plan, name)),
    limitAll: async (limited) => {
      for (const { name, cpuPercent } of plan.hosts)
        await groups.limit(groupOf(plan, name), { cpuPercent: limited ? cpuPercent : undefined });
    },
    mendAll: async () => {
      for (const host of hosts) {
        await host.thaw();
        await host.mend();
      }
    },
    delay: (one, other, delayMs) =>
      setDelay(plan, [centreOf(plan, { dataCentre: one }), centreOf(plan, { dataCentre: other })], delayMs),
    remove: () => removeAll(plan, directory),
  };
}

function emulated(plan: Plan, name: string): EmulatedHost {
  const planned = hostOf(plan, name);
  const groups = openCgroups();
  const group = groupOf(plan, name);
  const namespace = namespaceOf(plan, planned);
  const { address, dataCentre } = planned;
  const cable = (carries: Partial<Cable>) => setCable(plan, planned, { ...wholeCable, ...carries });
  return {
    ...namespaced({ name, address, namespace, directories: groups.directories(group) }),
    dataCentre,
    namespace,
    limit: (size: Partial<HostSize> & { cpuPercent: number | undefined }) => groups.limit(group, size),
    cable,
    cutOff: () => cable({ hears: "nothing", says: "nothing" }),
    mend: () => cable(wholeCable),
    freeze: () => groups.freeze(group, true),
    thaw: () => groups.freeze(group, false),
    slowDisk: async (directory, bytesPerSecond) =>
      groups.slowDisk(group, { device: await deviceOf(directory), bytesPerSecond }),
  };
}

/** The processes that live in an instance's hosts, for those who show that none is left. */
export const processesOf = async (directory: string): Promise<number[]> =>
  livingIn(await namespacesOf(prefixOf({ key: keyOf(await whole(directory)) })));
