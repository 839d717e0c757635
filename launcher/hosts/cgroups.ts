import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cgroupsOne } from "./cgroups-1.ts";
import { cgroupsTwo } from "./cgroups-2.ts";
import type { Cgroups } from "./group.ts";

/** What this machine has: v1, where a controller of it is mounted; v2 otherwise. */
export function openCgroups(): Cgroups {
  const mounts = readFileSync("/proc/self/mounts", "utf8")
    .split("\n")
    .map((line) => line.split(" "));
  const first = new Map<string, string>();
  for (const [, directory = "", type, options = ""] of mounts) {
    if (type !== "cgroup") continue;
    for (const option of options.split(",")) if (!first.has(option)) first.set(option, directory);
  }
  if (first.has("cpu") && first.has("memory")) return cgroupsOne(first);
  const unified = mounts.find(
    ([, directory = "", type]) => type === "cgroup2" && existsSync(join(directory, "cgroup.controllers")),
  );
  return cgroupsTwo(unified?.[1] ?? "/sys/fs/cgroup");
}
