import { readFileSync } from "node:fs";
import { freemem } from "node:os";
import { driverOf } from "#launcher/drivers";
import { installCommand, type Need } from "#launcher/packages";
import { LaunchRefused } from "#launcher/refused";
import type { Topology } from "#topology/model";
import { namesOf, provideNeeds } from "./provide.ts";

/** The system and whatever else runs keep this much, in megabytes. */
const spareMb = 256;

/** Packages of the distribution that the components of a topology need. */
export function needsOf(topology: Topology): Need[] {
  const needs = topology.components.flatMap((component) => driverOf(component).need?.(component) ?? []);
  return needs.filter((need, at) => needs.findIndex(({ name }) => name === need.name) === at);
}

/**
 * Installs what a topology needs after consent, and sees that it fits into memory. Throws LaunchRefused
 * `launch.no_packages` with the exact command, `launch.no_memory`.
 */
export async function makeRoom(
  topology: Topology,
  options: { install: boolean; say(line: string): void },
): Promise<void> {
  const { say, install } = options;
  const why = `Stage ${topology.stage} needs`;
  const { missing } = await provideNeeds(needsOf(topology), { agreed: install, why, say });
  if (missing.length > 0) {
    const command = `sudo ${installCommand(missing)}`;
    const message = `${why} ${namesOf(missing)}. Run: ${command}  (or start again with --install).`;
    throw new LaunchRefused("launch.no_packages", message);
  }
  const neededMb = topology.components.reduce((sum, each) => sum + driverOf(each).memoryMb(each), 0);
  const availableMb = availableMemoryMb();
  say(`Stage ${topology.stage} takes about ${neededMb} MB; ${availableMb} MB are available.`);
  if (neededMb + spareMb <= availableMb) return;
  const message = `Stage ${topology.stage} needs ${neededMb} MB and ${spareMb} MB to spare, and ${availableMb} MB are available.`;
  throw new LaunchRefused("launch.no_memory", `${message} Stop something, or choose an earlier stage.`);
}

/** Without files that the system would give up at once; elsewhere than on Linux only what nobody uses. */
function availableMemoryMb(): number {
  try {
    const kilobytes = /^MemAvailable:\s+(\d+) kB/m.exec(readFileSync("/proc/meminfo", "utf8"))?.[1];
    return Math.floor(Number(kilobytes) / 1024);
  } catch {
    return Math.floor(freemem() / 1024 ** 2);
  }
}
