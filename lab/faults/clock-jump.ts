import { FaultRefused, type FaultSwitch } from "./fault.ts";
import { shiftClock, whyNoJump } from "./vdso.ts";
import { componentsOf, processesOf } from "./victims.ts";

const day = 86_400;

/** What a component's processes read from the clock on the wall is wrong; no other process notices. */
export const clockJump: FaultSwitch = {
  name: "clock-jump",
  about: "The clock of a component is so many seconds ahead, or behind, of everybody else's.",
  unit: "seconds",
  grades: { least: -30 * day, most: 30 * day, usual: 3_600 },
  lasts: true,
  targets: async (instance) => componentsOf(instance),
  whyNot: async () => {
    const why = whyNoJump();
    return why === undefined
      ? undefined
      : new FaultRefused("fault.cannot", `Clocks cannot jump here: ${why}.`);
  },
  begin: async (instance, { on, grade }, remember) => {
    const processes = await processesOf(instance, on);
    await remember({});
    for (const { pid } of processes) await shift(pid, grade);
    const way = grade < 0 ? "behind" : "ahead";
    return `${on}: the clock of ${processes.length} processes is ${Math.abs(grade)} s ${way}`;
  },
  // What was started meanwhile has the right clock, and gets it again.
  end: async (instance, { on }) => {
    for (const { pid } of await processesOf(instance, on)) await shift(pid, 0);
  },
};

async function shift(pid: number, seconds: number): Promise<void> {
  try {
    await shiftClock(pid, seconds);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // It has ended meanwhile.
    if (code === "ENOENT" || code === "ESRCH") return;
    if (code !== "EACCES" && code !== "EPERM" && code !== "EIO") throw error;
    const why = `this user, or this kernel, lets nobody write to the memory of process ${pid} (${message})`;
    throw new FaultRefused("fault.cannot", `Clocks cannot jump here: ${why}. As root they may.`);
  }
}
