import type { Cgroups, GroupUsage } from "./group.ts";
import { askIp } from "./ip.ts";
import { type Plan, portOf, switchOf } from "./plan.ts";

/** What a host has taken since it was made, and holds now. What was taken between two readings is their difference. */
export interface Consumption extends GroupUsage {
  /** Of one processor. */
  readonly cpuPercentAllowed: number;
  readonly networkReceivedBytes: number;
  readonly networkSentBytes: number;
}

interface Port {
  readonly ifname: string;
  readonly stats64: { readonly rx: { readonly bytes: number }; readonly tx: { readonly bytes: number } };
}

/** Reads all hosts of a plan, by name: one question to each data centre for what its cables carried. */
export async function consumptionOf(
  plan: Plan,
  groups: Cgroups,
  groupOf: (host: string) => string,
): Promise<ReadonlyMap<string, Consumption>> {
  const ports = await Promise.all(
    plan.centres.map(async (centre) => ({
      centre: centre.name,
      links: await askIp<Port>("-n", switchOf(plan, centre), "-s", "link"),
    })),
  );
  const read = async (host: Plan["hosts"][number]): Promise<[string, Consumption]> => {
    const links = ports.find(({ centre }) => centre === host.dataCentre)?.links ?? [];
    const stats = links.find(({ ifname }) => ifname === portOf(host))?.stats64;
    return [
      host.name,
      {
        ...(await groups.usage(groupOf(host.name))),
        cpuPercentAllowed: host.cpuPercent,
        // At the bridge's end of the cable: what came in there is what the host sent.
        networkReceivedBytes: stats?.tx.bytes ?? 0,
        networkSentBytes: stats?.rx.bytes ?? 0,
      },
    ];
  };
  return new Map(await Promise.all(plan.hosts.map(read)));
}
