import { tool } from "../tool.ts";
import { askIp, ipLines } from "./ip.ts";
import {
  centreOf,
  machineAddress,
  namespaceOf,
  networkOf,
  type Plan,
  type PlannedCentre,
  type PlannedHost,
  portOf,
  prefixOf,
  routerAddress,
  switchOf,
  uplinkOf,
} from "./plan.ts";
import { killAll, livingIn, namespacesOf } from "./processes.ts";

/**
 * Makes the networks of a plan, and takes away what is no longer in it. What is there already stays as it is, with the
 * processes in it: a host is added to an instance that runs.
 *
 * Each data centre is a namespace that holds its bridge, so nothing of the machine's own namespace is changed but for
 * one cable to each: no forwarding, no filter of the machine's (Docker drops what it does not know) is in the way.
 */
export async function makeFabric(plan: Plan): Promise<void> {
  const there = new Set(await namespacesOf(prefixOf(plan)));
  const whole = new Set<string>();
  for (const centre of plan.centres) {
    if (there.has(switchOf(plan, centre)) && (await isConnected(plan, centre)))
      whole.add(switchOf(plan, centre));
  }
  const isNew = (centre: PlannedCentre) => !whole.has(switchOf(plan, centre));
  for (const host of plan.hosts) {
    const centre = centreOf(plan, host);
    const name = namespaceOf(plan, host);
    if (!isNew(centre) && there.has(name) && (await isPlugged(plan, host))) whole.add(name);
  }
  const ruins = [...there].filter((name) => !whole.has(name));
  await removeNamespaces(ruins);
  const centres = plan.centres.filter(isNew);
  for (const centre of centres) await removeLink(uplinkOf(plan, centre));
  const hosts = plan.hosts.filter((host) => !whole.has(namespaceOf(plan, host)));
  await makeCentres(plan, centres);
  await joinCentres(plan, isNew);
  await makeHosts(plan, hosts);
}

/** Takes everything away whose name is of this plan's instance; a plan that was never made is no error. */
export async function removeFabric(plan: Plan): Promise<void> {
  for (const { ifname } of await askIp<{ ifname: string }>("link"))
    if (ifname.startsWith(`st${plan.key}d`)) await removeLink(ifname);
  await removeNamespaces(await namespacesOf(prefixOf(plan)));
}

/** A namespace whose name is gone lives on with the processes in it, so these go first. */
async function removeNamespaces(names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  await killAll(() => livingIn(names));
  await ipLines(names.map((name) => `netns del ${name}`));
}

async function makeCentres(plan: Plan, centres: readonly PlannedCentre[]): Promise<void> {
  if (centres.length === 0) return;
  await ipLines(
    centres.flatMap((centre) => {
      const [home, uplink] = [switchOf(plan, centre), uplinkOf(plan, centre)];
      return [`netns add ${home}`, `link add ${uplink} type veth peer name machine netns ${home}`];
    }),
  );
  for (const centre of centres) {
    const home = switchOf(plan, centre);
    // Its own address from the start: a bridge otherwise takes that of its ports, and is another one to its neighbours.
    const mac = `02:73:74:00:${hex(centre.number)}:fe`;
    await ipLines(
      [
        "link set lo up",
        `link add lan type bridge`,
        `link set lan address ${mac}`,
        `addr add ${routerAddress(plan, centre)}/24 dev lan`,
        "link set lan up",
        "link set machine master lan",
        "link set machine up",
      ],
      { namespace: home },
    );
    await tool("ip", "netns", "exec", home, "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward");
    await ipLines([
      `addr add ${machineAddress(plan, centre)}/24 dev ${uplinkOf(plan, centre)}`,
      `link set ${uplinkOf(plan, centre)} up`,
    ]);
  }
}

const hex = (number: number) => number.toString(16).padStart(2, "0");

/** The end, in one data centre, of the line to another. */
export const lineTo = (centre: PlannedCentre): string => `line${centre.number}`;

/** A line between each two data centres. */
async function joinCentres(plan: Plan, isNew: (centre: PlannedCentre) => boolean): Promise<void> {
  for (const [at, one] of plan.centres.entries()) {
    for (const other of plan.centres.slice(at + 1)) {
      if (isNew(one) || isNew(other)) await joinPair(plan, one, other);
    }
  }
}

/** The line between two data centres, and the ways over it. */
export async function joinPair(plan: Plan, one: PlannedCentre, other: PlannedCentre): Promise<void> {
  const [here, there] = [switchOf(plan, one), switchOf(plan, other)];
  const line = `${lineTo(other)} netns ${here} type veth peer name ${lineTo(one)} netns ${there}`;
  await ipLines([`link add ${line}`]);
  await ipLines(lineRoutes(plan, other), { namespace: here });
  await ipLines(lineRoutes(plan, one), { namespace: there });
}

/** What leads to another data centre over the line to it. */
const lineRoutes = (plan: Plan, to: PlannedCentre): string[] => [
  `link set ${lineTo(to)} up`,
  // No network of its own: whatever asks there for the other side is answered with the line's own address.
  `route replace ${networkOf(plan, to)} via inet ${routerAddress(plan, to)} dev ${lineTo(to)} onlink`,
];

async function makeHosts(plan: Plan, hosts: readonly PlannedHost[]): Promise<void> {
  if (hosts.length === 0) return;
  await ipLines(
    hosts.flatMap((host) => {
      const [home, at] = [namespaceOf(plan, host), switchOf(plan, centreOf(plan, host))];
      return [
        `netns add ${home}`,
        `link add eth0 netns ${home} type veth peer name ${portOf(host)} netns ${at}`,
      ];
    }),
  );
  for (const centre of plan.centres) {
    const plugged = hosts.filter(({ dataCentre }) => dataCentre === centre.name).map(portOf);
    const lines = plugged.flatMap((port) => [`link set ${port} master lan`, `link set ${port} up`]);
    if (lines.length > 0) await ipLines(lines, { namespace: switchOf(plan, centre) });
  }
  await Promise.all(
    hosts.map((host) =>
      ipLines(
        [
          "link set lo up",
          `addr add ${host.address}/24 dev eth0`,
          "link set eth0 up",
          `route add default via ${routerAddress(plan, centreOf(plan, host))}`,
        ],
        { namespace: namespaceOf(plan, host) },
      ),
    ),
  );
}

interface Link {
  readonly ifname: string;
  readonly addr_info: readonly { readonly local: string }[];
}

const addressesIn = (...args: string[]): Promise<string[]> =>
  askIp<Link>(...args, "-4", "addr").then(
    (links) => links.flatMap(({ addr_info }) => addr_info.map(({ local }) => local)),
    () => [],
  );

async function isConnected(plan: Plan, centre: PlannedCentre): Promise<boolean> {
  const [here, there] = await Promise.all([addressesIn(), addressesIn("-n", switchOf(plan, centre))]);
  return here.includes(machineAddress(plan, centre)) && there.includes(routerAddress(plan, centre));
}

/** A cable that was pulled as a fault is still a cable: only its ends count. */
async function isPlugged(plan: Plan, host: PlannedHost): Promise<boolean> {
  const there = await addressesIn("-n", namespaceOf(plan, host));
  return there.includes(host.address);
}

const removeLink = (name: string): Promise<unknown> => tool("ip", "link", "del", name).catch(() => undefined);
