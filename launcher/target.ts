import type { Topology } from "#topology/model";
import type { Host } from "./host.ts";
import { forgetHosts, openHosts, plannedHosts, removeHosts } from "./hosts/hosts.ts";
import type { HostSize } from "./hosts/plan.ts";
import { sizesFor } from "./hosts/sizes.ts";
import { loopback } from "./loopback.ts";

/** Where the hosts of a topology are: processes of this machine, or namespaces of it with shares of their own. */
export type TargetKind = "loopback" | "hosts";

/** What was asked for; what was not is as it was at the last start. */
export interface TargetChoice {
  readonly kind?: TargetKind;
  /** On hosts: what each of them has. */
  readonly size?: Partial<HostSize>;
}

/** The hosts of one running instance. */
export interface Target {
  readonly kind: TargetKind;
  /** Where this machine, with its operator, its supervisor and whoever tries the shop out, is found from the hosts. */
  readonly machine: Host;
  hostOf(name: string): Host;
  /** From now on each host has its share and no more: starting everything is work of another kind. */
  settle(): Promise<void>;
  /** Ends whatever keeps a component from ending well and soon: faults, and shares. */
  release(): Promise<void>;
  /** Takes away what was made, with whatever still runs in it. */
  close(): Promise<void>;
}

/** Every host is this machine, as it is. */
export const loopbackTarget: Target = {
  kind: "loopback",
  machine: loopback,
  hostOf: () => loopback,
  settle: async () => undefined,
  release: async () => undefined,
  close: async () => undefined,
};

/** Which target an instance is started on: the one asked for, else the one of its last start. */
export const targetKind = async (directory: string, { kind }: TargetChoice): Promise<TargetKind> =>
  kind ?? ((await plannedHosts(directory)) ? "hosts" : "loopback");

/** Makes the hosts of a topology, or takes up those that are there. Throws LaunchRefused; then nothing is left. */
export async function openTarget(options: {
  /** Of the instance. */
  directory: string;
  topology: Topology;
  choice: TargetChoice;
  say(line: string): void;
}): Promise<Target> {
  const { directory, topology, choice, say } = options;
  if ((await targetKind(directory, choice)) === "loopback") {
    if (await plannedHosts(directory)) {
      // What a killed supervisor left there cannot be taken up here.
      await removeHosts(directory);
      await forgetHosts(directory);
    }
    return loopbackTarget;
  }
  const before = performance.now();
  const size = sizesFor(topology, { ...(await lastSize(directory)), ...choice.size });
  const wanted = topology.hosts.map(({ name, dataCentre }) => ({ name, dataCentre, ...size }));
  const hosts = await openHosts(directory, wanted);
  // Faults end with the supervisor under whom they were made.
  await hosts.mendAll();
  const took = ((performance.now() - before) / 1000).toFixed(1);
  const share = `${size.cpuPercent} % of a processor and ${size.memoryMb} MB`;
  say(`${wanted.length} hosts at ${hosts.plan.range}.*, each with ${share} (${took} s)`);
  return {
    kind: "hosts",
    machine: { ...loopback, address: hosts.machineAddress },
    hostOf: (name) => hosts.host(name),
    settle: () => hosts.limitAll(true),
    release: async () => {
      await hosts.mendAll();
      await hosts.limitAll(false);
    },
    close: () => hosts.remove(),
  };
}

async function lastSize(directory: string): Promise<Partial<HostSize>> {
  const [first] = (await plannedHosts(directory))?.hosts ?? [];
  return first ? { cpuPercent: first.cpuPercent, memoryMb: first.memoryMb } : {};
}
