import { availableParallelism } from "node:os";
import type { Topology } from "#topology/model";
import { driverOf } from "../drivers.ts";
import type { HostSize } from "./plan.ts";

/** Of all processors of the machine; the rest is for its operator, its supervisor and whoever tries the shop out. */
const shareForHosts = 0.75;
/** A process of Node that starts with less is not ready within a minute. */
const cpuPercentLeast = 5;
const memoryMbLeast = 512;
/** What a component was measured to take, and what its host keeps of its files. */
const memoryHeadroom = 1.5;

/** What each host of a topology has: all the same, so that a stage is known by how many it has. */
export function sizesFor({ hosts, components }: Topology, asked: Partial<HostSize>): HostSize {
  const takes = hosts.map(({ name }) =>
    components
      .filter(({ host }) => host === name)
      .reduce((sum, component) => sum + driverOf(component).memoryMb(component), 0),
  );
  const share = (availableParallelism() * 100 * shareForHosts) / hosts.length;
  return {
    cpuPercent: asked.cpuPercent ?? Math.max(cpuPercentLeast, Math.min(100, Math.floor(share))),
    memoryMb: asked.memoryMb ?? Math.max(memoryMbLeast, Math.ceil(Math.max(...takes) * memoryHeadroom)),
  };
}
