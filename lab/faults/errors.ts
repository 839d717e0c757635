import { readEndpoints } from "#launcher/endpoints";
import type { EmulatedHost } from "#launcher/hosts/hosts";
import { tool } from "#launcher/tool";
import { componentOf } from "#topology/model";
import { gone } from "./cable.ts";
import { FaultRefused, type FaultSwitch, type Faulty } from "./fault.ts";
import { componentsOf, findHost, needsHosts, topologyOf } from "./victims.ts";

/** Of a hundred questions so many are not answered: their connection is torn down, as by a server that crashes. */
export const errors: FaultSwitch = {
  name: "errors",
  about: "So many of a hundred messages to a component find their connection reset instead of an answer.",
  unit: "percent",
  grades: { least: 0.1, most: 100, usual: 10 },
  lasts: true,
  targets: async (instance) => {
    const ports = await Promise.all(componentsOf(instance).map((name) => portsOf(instance, name)));
    return componentsOf(instance).filter((_, at) => (ports[at]?.length ?? 0) > 0);
  },
  whyNot: async (instance) => {
    const apart = await needsHosts(instance, "errors");
    if (apart) return apart;
    const works = await tool("nft", "--version").then(
      () => true,
      () => false,
    );
    if (works) return undefined;
    const next = "As root: apt-get install nftables";
    return new FaultRefused("fault.cannot", `Resetting connections takes nft, which is not here. ${next}`);
  },
  begin: async (instance, wanted, remember) => {
    const { on, grade } = wanted;
    const host = await hostOf(instance, on);
    if (!host) throw gone(wanted);
    const ports = await portsOf(instance, on);
    await remember({});
    const table = tableOf(on);
    // The end of every message has PSH; a bare acknowledgement has not. Our table alone: no other is touched.
    const question = `tcp dport { ${ports.join(", ")} } tcp flags & psh == psh`;
    const dice = `numgen random mod 1000 <= ${Math.round(grade * 10) - 1}`;
    await nft(host, [
      `add table inet ${table}`,
      `add chain inet ${table} heard { type filter hook input priority 0; }`,
      `add rule inet ${table} heard ${question} ${dice} reject with tcp reset`,
    ]).catch((error: Error) => {
      throw new FaultRefused("fault.cannot", `This kernel's nf_tables cannot do it: ${error.message}`);
    });
    return `${on}: ${grade} % of the messages to port ${ports.join(", ")} of ${host.address} are answered by a reset`;
  },
  end: async (instance, { on }) => {
    const host = await hostOf(instance, on);
    // Adding one that is there changes nothing, and one that is not there cannot be deleted.
    if (host) await nft(host, [`add table inet ${tableOf(on)}`, `delete table inet ${tableOf(on)}`]);
  },
};

const tableOf = (component: string): string => `storey_${component.replaceAll("-", "_")}`;

const nft = ({ namespace }: EmulatedHost, lines: readonly string[]): Promise<string> =>
  tool("ip", "netns", "exec", namespace, "nft", lines.join("; "));

const hostOf = (instance: Faulty, component: string): Promise<EmulatedHost | undefined> =>
  findHost(instance, componentOf(topologyOf(instance), component).host);

/** Where a component listens; none where it is reached by a socket alone. */
async function portsOf({ directory }: Faulty, component: string): Promise<number[]> {
  const endpoints = Object.entries(await readEndpoints(directory));
  return endpoints.flatMap(([key, at]) => (at && key.startsWith(`${component} `) ? [at.port] : []));
}
