import { setTimeout as pause } from "node:timers/promises";
import { isAlive } from "./host.ts";
import type { Launched } from "./launch.ts";
import type { Target } from "./target.ts";

const lookEveryMs = 250;
/** A component that dies at every start is tried again ever more slowly, up to this. */
const longestPauseMs = 10_000;

/** Whether somebody is stopping or replacing a component on purpose: then nobody else starts it again. */
export interface Watch {
  /** Runs `work` while the component is left alone. */
  aside<T>(name: string, work: () => Promise<T>): Promise<T>;
  stop(): Promise<void>;
}

/** Starts every component of a running topology again whose process is gone, until stopped. */
export function watch(
  launched: Launched,
  target: Pick<Target, "hostOf">,
  say: (line: string) => void,
): Watch {
  const aside = new Map<string, number>();
  let stopped = false;
  const look = async (name: string, hostName: string) => {
    let pauseMs = lookEveryMs;
    while (!stopped) {
      await pause(pauseMs);
      pauseMs = lookEveryMs;
      if (stopped || aside.get(name)) continue;
      if (await isAlive(target.hostOf(hostName), launched.running(name).process)) continue;
      pauseMs = await bringBack(name);
    }
  };
  const failures = new Map<string, number>();
  const bringBack = async (name: string): Promise<number> => {
    say(`${name} is gone; starting it again`);
    try {
      await launched.start(name);
      failures.delete(name);
      return lookEveryMs;
    } catch (error) {
      const times = (failures.get(name) ?? 0) + 1;
      failures.set(name, times);
      say(`${name} did not start: ${(error as Error).message}`);
      return Math.min(longestPauseMs, 500 * 2 ** times);
    }
  };
  const looking = Promise.all(launched.topology.components.map(({ name, host }) => look(name, host)));
  return {
    aside: async (name, work) => {
      aside.set(name, (aside.get(name) ?? 0) + 1);
      try {
        return await work();
      } finally {
        aside.set(name, (aside.get(name) ?? 1) - 1);
      }
    },
    stop: async () => {
      stopped = true;
      await looking;
    },
  };
}
