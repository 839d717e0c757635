import { mkdir, readFile, realpath, rm, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { tool, toolWithin } from "#launcher/tool";

/** A database of some gigabytes is copied in this time. */
const copiedWithinMs = 600_000;
const takenOffWithinMs = 10_000;

/** Makes a file system of so many megabytes in a file, which takes no more room than what is written to it. */
export async function makeDisk(image: string, megabytes: number): Promise<void> {
  await mkdir(dirname(image), { recursive: true, mode: 0o700 });
  await rm(image, { force: true });
  await tool("truncate", "-s", `${megabytes}M`, image);
  // Nothing is set aside for root, who would otherwise not find it full.
  await tool("mkfs.ext4", "-q", "-F", "-m", "0", image);
}

export async function mountDisk(image: string, at: string): Promise<void> {
  await mkdir(at, { recursive: true, mode: 0o700 });
  await tool("mount", "-o", "loop", image, at);
  await rm(join(at, "lost+found"), { recursive: true, force: true });
}

/** Takes a disk off a directory; what worked there may end a moment after its death. */
export async function takeOff(at: string): Promise<void> {
  for (const deadline = performance.now() + takenOffWithinMs; ; await pause(50)) {
    try {
      await tool("umount", at);
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
  }
}

/** Whether something is mounted there: the fifth field of proc_pid_mountinfo(5). */
export async function isMounted(at: string): Promise<boolean> {
  const whole = await realpath(at).catch(() => at);
  const mounts = (await readFile("/proc/self/mountinfo", "utf8")).split("\n");
  return mounts.some((line) => line.split(" ")[4] === whole.replaceAll(" ", "\\040"));
}

/** Everything in a directory, with owners, rights and times, to another that may not be there yet. */
export async function copyAll(from: string, to: string): Promise<void> {
  await toolWithin(copiedWithinMs, "cp", "-a", "-T", from, to);
  await toolWithin(copiedWithinMs, "sync", "-f", to);
}

/** What the files of a directory take. */
export const sizeMb = async (directory: string): Promise<number> =>
  Number.parseInt(await toolWithin(copiedWithinMs, "du", "-sm", directory), 10);

/** What is left on the disk of a directory. */
export async function freeMb(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return (bavail * bsize) / 1024 ** 2;
}
