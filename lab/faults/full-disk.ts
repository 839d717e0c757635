import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { askSupervisor } from "#launcher/supervised";
import { tool } from "#launcher/tool";
import { FaultRefused, type FaultSwitch, type Faulty } from "./fault.ts";
import { copyAll, freeMb, isMounted, makeDisk, mountDisk, sizeMb, takeOff } from "./small-disk.ts";
import { componentsOf, dataOf, endProcesses, rootsOf, withoutSupervisor } from "./victims.ts";

/** Beside its data: enough to be started again on, before the disk is filled up. */
const slackMb = 96;
const wellWithinMs = 60_000;
const ballast = ".storey-ballast";

/**
 * A small file system in a file, on which the component's data lie from its next start on. Rejected: a limit of a
 * file's size (EFBIG, and a signal, instead of ENOSPC), answers of our own in place of the kernel's (a full disk still
 * takes what is written over), and filling the machine's disk, which is everybody's.
 */
export const fullDisk: FaultSwitch = {
  name: "full-disk",
  about: "A component is started anew on a small disk of its own, which is then filled up but for a rest.",
  unit: "megabytes left free",
  grades: { least: 0, most: 10_000, usual: 4 },
  lasts: true,
  targets: async (instance) => componentsOf(instance, "postgres", "zookeeper", "prometheus", "files"),
  whyNot: async () => {
    const lacks = [
      ...(process.platform === "linux" && process.getuid?.() === 0 ? [] : ["root on Linux"]),
      ...(existsSync("/usr/sbin/mkfs.ext4") || existsSync("/sbin/mkfs.ext4")
        ? []
        : ["mkfs.ext4 (package e2fsprogs)"]),
      ...(existsSync("/dev/loop-control") ? [] : ["loop devices (/dev/loop-control)"]),
    ];
    if (lacks.length === 0) return undefined;
    const why = "A disk of its own is a file that is mounted";
    return new FaultRefused(
      "fault.cannot",
      `${why}; that takes ${lacks.join(", ")}. The machine's disk is left alone.`,
    );
  },
  begin: async (instance, { on, grade }, remember) => {
    const data = dataOf(instance, on);
    const disk = diskOf(instance, on);
    const totalMb = Math.ceil((await sizeMb(data)) + slackMb + grade);
    await refuseWithoutRoom(instance, totalMb);
    await remember({});
    await makeDisk(disk.image, totalMb);
    await mountDisk(disk.image, disk.at);
    await withoutSupervisor(instance, async () => {
      await endProcesses(instance, on);
      await copyAll(data, disk.at);
      // From now on what lies on the small disk is what counts.
      await remember({ moved: true });
      await tool("mount", "--bind", disk.at, data);
    });
    await takeOff(disk.at);
    await isWellAgain(instance, on);
    const surplusMb = Math.floor((await freeMb(data)) - grade);
    if (surplusMb > 0) await tool("fallocate", "-l", `${surplusMb}M`, join(data, ballast));
    return `${on}: started anew on a disk of ${totalMb} MB, of which ${(await freeMb(data)).toFixed(1)} are free`;
  },
  // What was written meanwhile is kept: the shop was told that it is.
  end: (instance, { on }, undoing) =>
    withoutSupervisor(instance, async () => {
      const data = dataOf(instance, on);
      const disk = diskOf(instance, on);
      if (await isMounted(data)) {
        await endProcesses(instance, on);
        if (!(await isMounted(disk.at))) {
          await mkdir(disk.at, { recursive: true, mode: 0o700 });
          await tool("mount", "--bind", data, disk.at);
        }
        await takeOff(data);
      }
      if (undoing["moved"] === true && existsSync(disk.image)) await bringBack(data, disk);
      if (await isMounted(disk.at)) await takeOff(disk.at);
      await rm(disk.at, { recursive: true, force: true });
      await rm(disk.image, { force: true });
    }),
};

interface Disk {
  readonly image: string;
  readonly at: string;
}

const diskOf = ({ directory }: Faulty, on: string): Disk => ({
  image: join(directory, "run", "faults", `${on}.disk`),
  at: join(directory, "run", "faults", `${on}-disk`),
});

/** Puts what lies on the small disk where it belongs, whole or not at all; done again after a crash it does no harm. */
async function bringBack(data: string, { image, at }: Disk): Promise<void> {
  // After a crash of the whole machine it is a file and no more.
  if (!(await isMounted(at))) await mountDisk(image, at);
  const [fresh, old] = [`${data}.fresh`, `${data}.old`];
  await rm(join(at, ballast), { force: true });
  await rm(fresh, { recursive: true, force: true });
  await copyAll(at, fresh);
  await rm(old, { recursive: true, force: true });
  if (existsSync(data)) await rename(data, old);
  await rename(fresh, data);
  await rm(image, { force: true });
  await rm(old, { recursive: true, force: true });
}

async function refuseWithoutRoom({ directory }: Faulty, totalMb: number): Promise<void> {
  const left = await freeMb(directory);
  // A copy there, and a copy back beside what is there.
  if (left > 3 * totalMb) return;
  const why = `it takes ${3 * totalMb} MB for a while, and this machine has ${Math.floor(left)} left`;
  throw new FaultRefused("fault.cannot", `A disk of its own cannot be made: ${why}. Free some space.`);
}

/** Or as well as it will be: some do not come back on a disk that they know to be too small. */
async function isWellAgain(instance: Faulty, on: string): Promise<void> {
  for (const deadline = performance.now() + wellWithinMs; performance.now() < deadline; await pause(200)) {
    const [root] = await rootsOf(instance, on);
    const status = root && (await askSupervisor(instance));
    if (status && status.components.find(({ name }) => name === on)?.ailment === null) return;
  }
}
