import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { findRecorded } from "#launcher/daemon";
import type { ProcessIdentity } from "#launcher/host";
import { type EmulatedHost, findHosts } from "#launcher/hosts/hosts";
import { componentDirectory } from "#launcher/instance";
import { holderOf } from "#launcher/lock";
import { loopback, signalHere } from "#launcher/loopback";
import { dataDirectory } from "#launcher/postgres/data-directory";
import { findPostmaster } from "#launcher/postgres/postmaster";
import { stages } from "#stages/all";
import { type Component, componentOf, type Topology } from "#topology/model";
import { treeOf } from "../machine/processes.ts";
import { FaultRefused, type Faulty } from "./fault.ts";

/** The topology of an instance. */
export function topologyOf({ stage }: Pick<Faulty, "stage">): Topology {
  const found = stages.find((each) => each.stage === stage);
  if (!found) throw new Error(`there is no stage ${stage}`);
  return found;
}

/** The names of its components, of some kinds or of all. */
export const componentsOf = (instance: Faulty, ...kinds: readonly Component["kind"][]): string[] =>
  topologyOf(instance)
    .components.filter(({ kind }) => kinds.length === 0 || kinds.includes(kind))
    .map(({ name }) => name);

/** The names of its hosts, where it has any of its own. */
export const hostsOf = async ({ directory }: Faulty): Promise<string[]> =>
  ((await findHosts(directory))?.all() ?? []).map(({ name }) => name);

/** One of its hosts; undefined where it is none, or is on loopback. */
export async function findHost({ directory }: Faulty, name: string): Promise<EmulatedHost | undefined> {
  return (await findHosts(directory))?.all().find((host) => host.name === name);
}

/** The refusal of what only hosts of our making can suffer; undefined on those. */
export async function needsHosts(instance: Faulty, name: string): Promise<FaultRefused | undefined> {
  if (await findHosts(instance.directory)) return undefined;
  const why = `${name} needs hosts that are apart; ${instance.name} runs on loopback, where all share one machine.`;
  const next = `./storey down --name ${instance.name}, then ./storey up --name ${instance.name} --target hosts`;
  return new FaultRefused("fault.needs_hosts", `${why} As root: ${next}`);
}

type Placed = Pick<Faulty, "directory" | "stage">;

/** Where a component keeps its data on this machine, with what a database's guardian keeps beside it. */
export function dataOf({ directory, stage }: Placed, name: string): string {
  const component = componentOf(topologyOf({ stage }), name);
  const isEmbedded = component.kind === "postgres" && component.engine === "embedded";
  return isEmbedded ? serverDirectory({ directory, stage }, name) : componentDirectory(directory, name);
}

/** A component's first processes: the one that was started and, of a guarded database, the server beside it. */
export async function rootsOf(instance: Faulty, name: string): Promise<ProcessIdentity[]> {
  const recordFile = join(instance.directory, "run", `${name}.json`);
  const recorded = await findRecorded({ host: loopback, recordFile });
  const { kind } = componentOf(topologyOf(instance), name);
  const server =
    kind === "postgres" ? await findPostmaster(loopback, serverDirectory(instance, name)) : undefined;
  return [...(recorded ? [recorded] : []), ...(server ? [server] : [])];
}

/** Every process of a component that lives now. */
export async function processesOf(instance: Faulty, name: string): Promise<ProcessIdentity[]> {
  const roots = await rootsOf(instance, name);
  const pids = new Set(roots.flatMap(({ pid }) => treeOf(pid)));
  return livingOf([...pids]);
}

/** Those of the numbers that belong to a living process. */
export async function livingOf(pids: readonly number[]): Promise<ProcessIdentity[]> {
  const states = await Promise.all(pids.map((pid) => loopback.probe(pid)));
  return states.filter((state) => state !== undefined);
}

/** The data directory of a database server. */
export function serverDirectory({ directory, stage }: Placed, name: string): string {
  const component = componentOf(topologyOf({ stage }), name);
  if (component.kind !== "postgres") throw new Error(`${name} is no database server`);
  const site = { instanceDirectory: directory, directory: componentDirectory(directory, name) };
  return dataDirectory(site, component.engine);
}

/** Signals those of the processes that are still the same ones. */
export function signalAll(processes: readonly ProcessIdentity[], signal: NodeJS.Signals): void {
  for (const each of processes) signalHere(each, signal);
}

const endsWithinMs = 10_000;

/** Kills a component with all it started, and waits until nothing of it lives. */
export async function endProcesses(instance: Faulty, name: string): Promise<void> {
  const known = new Map<number, ProcessIdentity>();
  for (const deadline = performance.now() + endsWithinMs; ; await pause(10)) {
    for (const each of await processesOf(instance, name)) known.set(each.pid, each);
    const living = (await livingOf([...known.keys()])).filter(
      ({ pid, startMark }) => known.get(pid)?.startMark === startMark,
    );
    if (living.length === 0) return;
    if (performance.now() > deadline) throw new Error(`${name} does not end`);
    signalAll(living, "SIGKILL");
  }
}

/** Does what nobody may bring a component back during: whoever looks after the instance stands still meanwhile. */
export async function withoutSupervisor<T>({ directory }: Faulty, work: () => Promise<T>): Promise<T> {
  const pid = holderOf(directory);
  const state = pid === undefined || pid === process.pid ? undefined : await loopback.probe(pid);
  if (state) signalAll([state], "SIGSTOP");
  try {
    return await work();
  } finally {
    if (state) signalAll([state], "SIGCONT");
  }
}
