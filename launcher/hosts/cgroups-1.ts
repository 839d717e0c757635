import { access, constants } from "node:fs/promises";
import { join } from "node:path";
import { foldersIn, makeGroup, numbersIn, pidsIn, removeGroup, say, tell } from "./cgroup-files.ts";
import { type Cgroups, periodUs } from "./group.ts";

const controllers = ["cpu", "cpuacct", "memory", "freezer", "blkio"] as const;
type Controller = (typeof controllers)[number];

/** What an unlimited group says of its limit is more than any machine has. */
const noLimitFrom = 2 ** 60;

/** What a group counts that nobody has weighed. */
const usualShares = 1024;

/** Groups of the first kind: a tree for each controller, of which several may share a mount. */
export function cgroupsOne(mounts: ReadonlyMap<string, string>): Cgroups {
  const at = (controller: Controller, group: string) => join(mounts.get(controller) ?? "", group);
  const present = controllers.filter((each) => mounts.has(each));
  const folders = [...new Set(present.map((each) => mounts.get(each) as string))];
  const directories = (group: string) => folders.map((folder) => join(folder, group));
  return {
    version: 1,
    lack: async () => {
      const missing = controllers.filter((each) => !mounts.has(each));
      if (missing.length > 0) return `the cgroup v1 controllers ${missing.join(", ")} (they are not mounted)`;
      const closed = await Promise.all(folders.map((each) => isClosed(each)));
      const named = folders.filter((_, index) => closed[index]);
      return named.length > 0 ? `cgroups that may be written (${named.join(", ")} may not)` : undefined;
    },
    make: async (group) => {
      for (const directory of directories(group)) await makeGroup(directory);
    },
    directories,
    weigh: (folder, groups) => tell(Math.max(1, groups) * usualShares, at("cpu", folder), "cpu.shares"),
    limit: async (group, { cpuPercent, memoryMb }) => {
      const cpu = at("cpu", group);
      if (memoryMb !== undefined)
        await tell(memoryMb * 1024 ** 2, at("memory", group), "memory.limit_in_bytes");
      const quotaUs = cpuPercent === undefined ? -1 : Math.round((cpuPercent * periodUs) / 100);
      // What may be saved up must never be more than the share, so it goes first and comes last.
      await tell(0, cpu, "cpu.cfs_burst_us").catch(() => undefined);
      await tell(periodUs, cpu, "cpu.cfs_period_us");
      await tell(quotaUs, cpu, "cpu.cfs_quota_us");
      if (quotaUs > 0) await tell(quotaUs, cpu, "cpu.cfs_burst_us").catch(() => undefined);
    },
    freeze: (group, frozen) => tell(frozen ? "FROZEN" : "THAWED", at("freezer", group), "freezer.state"),
    slowDisk: async (group, { device, bytesPerSecond }) => {
      for (const way of ["read", "write"])
        await tell(
          `${device} ${bytesPerSecond ?? 0}`,
          at("blkio", group),
          `blkio.throttle.${way}_bps_device`,
        );
    },
    usage: async (group) => {
      const memory = (name: string) => say(at("memory", group), `memory.${name}`);
      const [cpu, throttling, held, stat, limit, kills, disk] = await Promise.all([
        say(at("cpuacct", group), "cpuacct.usage"),
        say(at("cpu", group), "cpu.stat"),
        memory("usage_in_bytes"),
        memory("stat"),
        memory("limit_in_bytes"),
        memory("oom_control"),
        say(at("blkio", group), "blkio.throttle.io_service_bytes"),
      ]);
      const bytes = (way: string) =>
        [...disk.matchAll(new RegExp(`^\\S+ ${way} (\\d+)$`, "gm"))].reduce(
          (sum, [, n]) => sum + Number(n),
          0,
        );
      const most = Number(limit);
      return {
        cpuMs: Number(cpu) / 1e6,
        throttledMs: (numbersIn(throttling)["throttled_time"] ?? 0) / 1e6,
        memoryBytes: Number(held) - (numbersIn(stat)["total_inactive_file"] ?? 0),
        memoryLimitBytes: most < noLimitFrom ? most : 0,
        memoryKills: numbersIn(kills)["oom_kill"] ?? 0,
        diskReadBytes: bytes("Read"),
        diskWrittenBytes: bytes("Write"),
      };
    },
    processes: async (group) => {
      const lists = await Promise.all(directories(group).map((each) => say(each, "cgroup.procs")));
      return [...new Set(lists.flatMap(pidsIn))];
    },
    remove: async (group) => {
      for (const directory of directories(group)) await removeGroup(directory);
    },
    list: async (folder) => {
      const lists = await Promise.all(directories(folder).map(foldersIn));
      return [...new Set(lists.flat())];
    },
  };
}

const isClosed = (directory: string): Promise<boolean> =>
  access(directory, constants.W_OK).then(
    () => false,
    () => true,
  );
