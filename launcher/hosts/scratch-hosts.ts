import { readdirSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { answerOf } from "../answer.ts";
import type { ProcessIdentity } from "../host.ts";
import { makeScratch } from "../scratch.ts";
import { type EmulatedHost, type Hosts, openHosts, removeHosts } from "./hosts.ts";
import { lacks } from "./needs.ts";
import { keyOf, type WantedHost } from "./plan.ts";

/** Why hosts cannot be tried here. In CI they must be: there nothing is skipped, and what is missing fails. */
export async function whyNoHosts(): Promise<string | false> {
  if (process.env["CI"]) return false;
  const missing = await lacks();
  return missing.length > 0 ? `hosts cannot be made here: ${missing.join("; ")}` : false;
}

/** Hosts of one test; `await using` takes them away with everything in them. */
export interface ScratchHosts extends AsyncDisposable {
  readonly directory: string;
  readonly hosts: Hosts;
  /** What the kernel has of them now, by name; empty when nothing was left behind. */
  left(): string[];
}

/** Small hosts, in one data centre where nothing else is said. */
export const small = (name: string, of: Partial<WantedHost> = {}): WantedHost => ({
  name,
  dataCentre: "here",
  cpuPercent: 50,
  memoryMb: 256,
  ...of,
});

/** Makes hosts in a directory of their own. */
export async function makeScratchHosts(wanted: readonly WantedHost[]): Promise<ScratchHosts> {
  const scratch = makeScratch();
  const { path: directory } = scratch;
  const dispose = async () => {
    await removeHosts(directory);
    scratch[Symbol.dispose]();
  };
  try {
    const hosts = await openHosts(directory, wanted);
    return { directory, hosts, left: () => leftOf(directory), [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** Namespaces, interfaces, groups, mounts, claims and processes that belong to the instance of a directory. */
export function leftOf(directory: string): string[] {
  const key = keyOf(directory);
  const named = (folder: string) =>
    list(folder)
      .filter((name) => name.includes(`storey-${key}`) || name.startsWith(`st${key}`))
      .map((name) => join(folder, name));
  const groups = list("/sys/fs/cgroup").flatMap((controller) => named(join("/sys/fs/cgroup", controller)));
  const claims = list("/run/storey-hosts").filter(
    (range) => read(join("/run/storey-hosts", range, "owner")).trim() === directory,
  );
  const mounts = read("/proc/self/mounts")
    .split("\n")
    .filter((line) => line.includes(directory) || line.includes(`storey-${key}`));
  const processes = list("/proc").filter(
    (pid) => /^\d+$/.test(pid) && read(`/proc/${pid}/cgroup`).includes(`storey-${key}`),
  );
  return [
    ...named("/run/netns"),
    ...named("/sys/class/net"),
    ...named("/sys/fs/cgroup"),
    ...groups,
    ...claims,
    ...mounts,
    ...processes,
  ];
}

const list = (folder: string): string[] => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};

const read = (path: string): string => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
};

const port = 8000;

/** Starts a server on a host that answers with the host's name; ready when it was reached from this machine. */
export async function answerAt(host: EmulatedHost, directory: string): Promise<ProcessIdentity> {
  const script = `require("node:http").createServer((q, s) => s.end("${host.name}")).listen(${port}, "${host.address}")`;
  const output = join(directory, `${host.name}.log`);
  const started = await host.start({ program: process.execPath, args: ["-e", script] }, output);
  for (const deadline = performance.now() + 30_000; (await heardFrom(host)) !== host.name; await pause(20)) {
    if (performance.now() > deadline)
      throw new Error(`${host.name} does not answer: ${await readFile(output, "utf8")}`);
  }
  return started;
}

/** What this machine hears from the server of a host; "" where nothing comes in time. */
export async function heardFrom(host: EmulatedHost, withinMs = 1_000): Promise<string> {
  try {
    return (await answerOf(`http://${host.address}:${port}/`, { timeoutMs: withinMs })).text;
  } catch {
    return "";
  }
}

/** What one host hears from the server of another; "" where nothing comes in time. */
export async function heardAt(at: EmulatedHost, from: EmulatedHost, withinMs = 1_000): Promise<string> {
  const script = `fetch("http://${from.address}:${port}/", { signal: AbortSignal.timeout(${withinMs}) })
    .then((a) => a.text()).then((t) => process.stdout.write(t), () => undefined)
    .finally(() => process.exit())`;
  const { stdout } = await at.run({ program: process.execPath, args: ["-e", script] }, 20_000);
  return stdout;
}
