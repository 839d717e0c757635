import { gone } from "./cable.ts";
import type { FaultSwitch } from "./fault.ts";
import { findHost, hostsOf, needsHosts } from "./victims.ts";

/** The disk is slow for one host alone, although all hosts have it in common. */
export const slowDisk: FaultSwitch = {
  name: "slow-disk",
  about: "The disk carries so much to and from one host and no more.",
  unit: "kilobytes a second",
  grades: { least: 16, most: 1_000_000, usual: 1_024 },
  lasts: true,
  targets: hostsOf,
  whyNot: (instance) => needsHosts(instance, "slow-disk"),
  begin: async (instance, wanted, remember) => {
    const host = await findHost(instance, wanted.on);
    if (!host) throw gone(wanted);
    await remember({});
    await host.slowDisk(instance.directory, wanted.grade * 1_024);
    return `${wanted.on}: its disk takes ${wanted.grade} kB/s`;
  },
  end: async (instance, { on }) => (await findHost(instance, on))?.slowDisk(instance.directory, undefined),
};
