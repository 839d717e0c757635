import { readdir, readlink, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** Where `ip netns` keeps its namespaces. */
export const namespaces = "/run/netns";

/** Names of namespaces that begin with `prefix` and a sign that no key holds. */
export async function namespacesOf(prefix: string): Promise<string[]> {
  const all = await readdir(namespaces).catch(() => []);
  return all.filter((name) => name.startsWith(`${prefix}-`) || name.startsWith(`${prefix}+`));
}

/** The processes that live in any of these namespaces, whoever started them. */
export async function livingIn(names: readonly string[]): Promise<number[]> {
  const numbers = await Promise.all(
    names.map((name) =>
      stat(join(namespaces, name)).then(
        ({ ino }) => `net:[${ino}]`,
        () => "",
      ),
    ),
  );
  const ours = new Set(numbers.filter(Boolean));
  if (ours.size === 0) return [];
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const at = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/ns/net`).catch(() => "")));
  return pids.filter((_, index) => ours.has(at[index] ?? "")).map(Number);
}

/** Kills until none is left: what is killed may have started others meanwhile. Throws after 10 s. */
export async function killAll(find: () => Promise<readonly number[]>): Promise<void> {
  for (const deadline = performance.now() + 10_000; ; ) {
    const living = (await find()).filter((pid) => pid !== process.pid);
    if (living.length === 0) return;
    if (performance.now() > deadline) throw new Error(`processes ${living.join(", ")} do not end`);
    for (const pid of living) {
      try {
        process.kill(pid, "SIGKILL");
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
      }
    }
    await pause(10);
  }
}
