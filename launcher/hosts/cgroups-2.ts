import { join } from "node:path";
import { foldersIn, makeGroup, numbersIn, pidsIn, removeGroup, say, tell } from "./cgroup-files.ts";
import { type Cgroups, periodUs } from "./group.ts";

const controllers = ["cpu", "memory", "io"] as const;

/** Groups of the second kind: one tree for all controllers, processes in its leaves only. */
export function cgroupsTwo(root: string): Cgroups {
  const at = (group: string) => join(root, group);
  return {
    version: 2,
    lack: async () => {
      const present = (await say(root, "cgroup.controllers")).trim().split(" ");
      const missing = controllers.filter((each) => !present.includes(each));
      if (missing.length > 0) return `the cgroup v2 controllers ${missing.join(", ")} at ${root}`;
      return handDown(root).then(
        () => undefined,
        ({ message }: Error) =>
          `cgroups that may be written (${message}; in a container start it with --privileged --cgroupns=host)`,
      );
    },
    make: async (group) => {
      const parts = group.split("/");
      for (let depth = 1; depth < parts.length; depth += 1) {
        const parent = at(parts.slice(0, depth).join("/"));
        await makeGroup(parent);
        await handDown(parent);
      }
      await makeGroup(at(group));
    },
    directories: (group) => [at(group)],
    // Ten thousand is the most that the kernel takes.
    weigh: (folder, groups) => tell(Math.min(10_000, Math.max(1, groups) * 100), at(folder), "cpu.weight"),
    limit: async (group, { cpuPercent, memoryMb }) => {
      if (memoryMb !== undefined) await tell(memoryMb * 1024 ** 2, at(group), "memory.max");
      await tell(0, at(group), "cpu.max.burst").catch(() => undefined);
      await tell(cpuMax(cpuPercent), at(group), "cpu.max");
      if (cpuPercent !== undefined) {
        const quotaUs = Math.round((cpuPercent * periodUs) / 100);
        await tell(quotaUs, at(group), "cpu.max.burst").catch(() => undefined);
      }
    },
    freeze: (group, frozen) => tell(frozen ? 1 : 0, at(group), "cgroup.freeze"),
    slowDisk: (group, { device, bytesPerSecond }) =>
      tell(`${device} rbps=${bytesPerSecond ?? "max"} wbps=${bytesPerSecond ?? "max"}`, at(group), "io.max"),
    usage: async (group) => {
      const [cpu, current, stat, limit, events, io] = await Promise.all(
        ["cpu.stat", "memory.current", "memory.stat", "memory.max", "memory.events", "io.stat"].map((file) =>
          say(at(group), file),
        ),
      );
      return usageOf({ cpu, current, stat, limit, events, io });
    },
    processes: async (group) => pidsIn(await say(at(group), "cgroup.procs")),
    remove: (group) => removeGroup(at(group)),
    list: (folder) => foldersIn(at(folder)),
  };
}

/** cpu.max: how many of a hundred thousand microseconds. */
export const cpuMax = (cpuPercent: number | undefined): string =>
  `${cpuPercent === undefined ? "max" : Math.round((cpuPercent * periodUs) / 100)} ${periodUs}`;

/** The kernel's files of one group, as numbers. */
export function usageOf(files: {
  cpu?: string | undefined;
  current?: string | undefined;
  stat?: string | undefined;
  limit?: string | undefined;
  events?: string | undefined;
  io?: string | undefined;
}) {
  const { cpu = "", current = "", stat = "", limit = "", events = "", io = "" } = files;
  const bytes = (name: string) =>
    [...io.matchAll(new RegExp(`\\b${name}=(\\d+)`, "g"))].reduce((sum, [, n]) => sum + Number(n), 0);
  return {
    cpuMs: (numbersIn(cpu)["usage_usec"] ?? 0) / 1000,
    throttledMs: (numbersIn(cpu)["throttled_usec"] ?? 0) / 1000,
    memoryBytes: Number(current) - (numbersIn(stat)["inactive_file"] ?? 0),
    memoryLimitBytes: Number(limit) || 0,
    memoryKills: numbersIn(events)["oom_kill"] ?? 0,
    diskReadBytes: bytes("rbytes"),
    diskWrittenBytes: bytes("wbytes"),
  };
}

/** Lets the groups below one have shares. */
async function handDown(directory: string): Promise<void> {
  const file = [directory, "cgroup.subtree_control"] as const;
  const have = (await say(...file)).trim().split(" ");
  const missing = controllers.filter((each) => !have.includes(each));
  if (missing.length > 0) await tell(missing.map((each) => `+${each}`).join(" "), ...file);
}
