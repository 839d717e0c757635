import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { isAlive } from "../host.ts";
import { loopback } from "../loopback.ts";
import { LaunchRefused } from "../refused.ts";
import { tool } from "../tool.ts";
import { joinPair, lineTo } from "./fabric.ts";
import { ipLines } from "./ip.ts";
import { networkOf, type Plan, type PlannedCentre, switchOf } from "./plan.ts";
import { killAll, livingIn } from "./processes.ts";

/** Debian's; a version manager's own python3 may lack what the kernel is asked by. */
const python = "/usr/bin/python3";
const relay = join(import.meta.dirname, "relay.py");

/** How packets between data centres are held up on this machine. */
export type DelayedBy = "netem" | "relay" | "nothing";

/**
 * Holds up every packet between two data centres by so many milliseconds, in both directions: a round trip takes twice
 * that. By the kernel where it can, by a small relay otherwise; 0 lifts it. What is under way is lost when it changes.
 * Throws LaunchRefused `launch.no_hosts` where there is neither.
 */
export async function setDelay(
  plan: Plan,
  [one, other]: readonly [PlannedCentre, PlannedCentre],
  delayMs: number,
): Promise<DelayedBy> {
  await takeAway(plan, one, other);
  await joinPair(plan, one, other);
  if (delayMs <= 0) return "nothing";
  if (await byKernel(plan, one, other, delayMs)) return "netem";
  if (!existsSync(python) || !existsSync("/dev/net/tun")) {
    const next = "Install python3 (apt-get install python3), or use a kernel with netem.";
    throw new LaunchRefused("launch.no_hosts", `A delay needs netem, or python3 and /dev/net/tun. ${next}`);
  }
  await cutLine(plan, one, other);
  await byRelay(plan, one, other, delayMs);
  return "relay";
}

async function byKernel(
  plan: Plan,
  one: PlannedCentre,
  other: PlannedCentre,
  delayMs: number,
): Promise<boolean> {
  const add = (at: PlannedCentre, to: PlannedCentre) =>
    tool(
      "tc",
      "-n",
      switchOf(plan, at),
      "qdisc",
      "replace",
      "dev",
      lineTo(to),
      "root",
      "netem",
      "delay",
      `${delayMs}ms`,
    );
  return Promise.all([add(one, other), add(other, one)]).then(
    () => true,
    () => false,
  );
}

async function byRelay(plan: Plan, one: PlannedCentre, other: PlannedCentre, delayMs: number): Promise<void> {
  const ends = [switchOf(plan, one), lineTo(other), switchOf(plan, other), lineTo(one)];
  // Not of any host's share: it is a part of the world between them.
  const command = { program: python, args: [relay, ...ends, String(delayMs)] };
  const started = await loopback.start(command, "/dev/null");
  for (const deadline = performance.now() + 10_000; !(await hasBoth(plan, one, other)); await pause(20)) {
    if (!(await isAlive(loopback, started)) || performance.now() > deadline)
      throw new Error("the relay between data centres does not start");
  }
  for (const [at, to] of [[one, other] as const, [other, one] as const]) {
    await ipLines(
      [`link set ${lineTo(to)} txqueuelen 2000 up`, `route replace ${networkOf(plan, to)} dev ${lineTo(to)}`],
      {
        namespace: switchOf(plan, at),
      },
    );
  }
}

const hasBoth = (plan: Plan, one: PlannedCentre, other: PlannedCentre): Promise<boolean> =>
  Promise.all([
    tool("ip", "-n", switchOf(plan, one), "link", "show", lineTo(other)),
    tool("ip", "-n", switchOf(plan, other), "link", "show", lineTo(one)),
  ]).then(
    () => true,
    () => false,
  );

/** Ends the relay of this line, whoever started it, and removes the line. */
async function takeAway(plan: Plan, one: PlannedCentre, other: PlannedCentre): Promise<void> {
  const homes = [switchOf(plan, one), switchOf(plan, other)];
  await killAll(async () => {
    const living = await livingIn(homes);
    const said = await Promise.all(
      living.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")),
    );
    return living.filter((_, at) => homes.every((home) => said[at]?.split("\0").includes(home)));
  });
  await cutLine(plan, one, other);
}

const cutLine = async (plan: Plan, one: PlannedCentre, other: PlannedCentre): Promise<void> => {
  await tool("ip", "-n", switchOf(plan, one), "link", "del", lineTo(other)).catch(() => undefined);
};
