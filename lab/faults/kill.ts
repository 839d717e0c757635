import { livingIn } from "#launcher/hosts/processes";
import type { FaultSwitch } from "./fault.ts";
import { componentsOf, findHost, hostsOf, livingOf, processesOf, rootsOf, signalAll } from "./victims.ts";

/** A death without a word, from which the supervisor brings back what died. */
export const kill: FaultSwitch = {
  name: "kill",
  about: "A component, or all that runs on a host, dies at once; the supervisor starts it again.",
  lasts: false,
  targets: async (instance) => [...componentsOf(instance), ...(await hostsOf(instance))],
  begin: async (instance, { on }) => {
    if (componentsOf(instance).includes(on)) {
      // A server that somebody else looks after dies with it, as on a machine that loses its power.
      const roots = await rootsOf(instance, on);
      signalAll(roots, "SIGKILL");
      return `${on}: SIGKILL to ${numbers(roots)}`;
    }
    const host = await findHost(instance, on);
    const living = await livingOf(await livingIn(host ? [host.namespace] : []));
    signalAll(living, "SIGKILL");
    return `${on}: SIGKILL to all ${living.length} processes of the host`;
  },
};

/** Nothing of it runs, and nobody is told: its connections stay open, and are not answered. */
export const freeze: FaultSwitch = {
  name: "freeze",
  about: "A component, or all of a host, stands still; its connections stay open and nothing answers.",
  lasts: true,
  targets: async (instance) => [...componentsOf(instance), ...(await hostsOf(instance))],
  begin: async (instance, { on }, remember) => {
    const host = componentsOf(instance).includes(on) ? undefined : await findHost(instance, on);
    if (host) {
      await remember({});
      await host.freeze();
      return `${on}: the freezer holds all its processes`;
    }
    const before = await processesOf(instance, on);
    await remember({});
    signalAll(before, "SIGSTOP");
    // What was begun between the look and the signal.
    const after = await processesOf(instance, on);
    signalAll(after, "SIGSTOP");
    return `${on}: SIGSTOP to ${numbers(after)}`;
  },
  end: async (instance, { on }) => {
    if (componentsOf(instance).includes(on)) return signalAll(await processesOf(instance, on), "SIGCONT");
    await (await findHost(instance, on))?.thaw();
  },
};

const numbers = (processes: readonly { pid: number }[]): string =>
  processes.length === 0
    ? "nothing: it does not run now"
    : `process ${processes.map(({ pid }) => pid).join(", ")}`;
