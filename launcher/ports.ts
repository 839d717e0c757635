import { createServer } from "node:net";
import { join } from "node:path";
import { readJson, writeJson } from "./json-file.ts";
import { LaunchRefused } from "./refused.ts";

/** Below the range from which systems take ports for outgoing connections (32768 on Linux, 49152 elsewhere). */
const lowest = 20_000;
const highest = 32_000;

/** Ports by "component port-name", the same at every start: those who know a component keep finding it. */
export type Ports = Readonly<Record<string, number>>;

/** Where an instance keeps them. */
export const portsFile = (directory: string): string => join(directory, "run", "ports.json");

/** The ports an instance had at its last start; none before the first. */
export const readPorts = async (directory: string): Promise<Partial<Ports>> =>
  (await readJson<Record<string, number>>(portsFile(directory))) ?? {};

/**
 * The ports of an instance: those it had, and free ones for what is new. A port that somebody else took meanwhile is
 * replaced by another; `isOurs` says whether a component that runs already holds it. Throws LaunchRefused
 * `launch.no_ports`.
 */
export async function choosePorts(options: {
  file: string;
  /** Whether that component could listen there now. */
  isFree(name: string, port: number): Promise<boolean>;
  names: readonly string[];
  /** Asked for by the user: taken as they are, busy or not. */
  wanted: Ports;
  isOurs(name: string): Promise<boolean>;
}): Promise<Ports> {
  const { file, isFree, names, wanted, isOurs } = options;
  const had = (await readJson<Record<string, number>>(file)) ?? {};
  const chosen: Record<string, number> = {};
  const taken = new Set<number>([
    ...Object.values(wanted),
    ...Object.values(had).filter((port) => port !== undefined),
  ]);
  for (const name of names) {
    const before = wanted[name] ?? had[name];
    const keep =
      before !== undefined && (name in wanted || (await isOurs(name)) || (await isFree(name, before)));
    chosen[name] = keep ? before : await findFree((port) => isFree(name, port), taken);
  }
  await writeJson(file, chosen, 0o644);
  return chosen;
}

async function findFree(isFree: (port: number) => Promise<boolean>, taken: Set<number>): Promise<number> {
  const first = lowest + Math.floor(Math.random() * (highest - lowest));
  for (let step = 0; step < highest - lowest; step += 1) {
    const port = lowest + ((first - lowest + step) % (highest - lowest));
    if (taken.has(port) || !(await isFree(port))) continue;
    taken.add(port);
    return port;
  }
  const message = `No port from ${lowest} to ${highest} is free. Stop what listens there, then start again.`;
  throw new LaunchRefused("launch.no_ports", message);
}

/** Whether somebody could listen there now. */
export function isFree(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen({ host: address, port, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
