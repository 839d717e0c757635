import { existsSync } from "node:fs";
import { LaunchRefused } from "../refused.ts";
import { tool } from "../tool.ts";
import { openCgroups } from "./cgroups.ts";
import { nsenter } from "./namespaced.ts";

/** What hosts need of this machine and it has not, each with what to do; empty where they can be made. */
export async function lacks(): Promise<string[]> {
  if (process.platform !== "linux") return ["Linux (this is another system): use --target loopback"];
  if (process.getuid?.() !== 0) return ["root: start it with sudo, or use --target loopback"];
  const missing: string[] = [];
  const programs = [
    { found: await has("ip", "-V"), lack: "ip and tc: apt-get install iproute2" },
    { found: existsSync(nsenter), lack: "nsenter: apt-get install util-linux" },
  ];
  missing.push(...programs.filter(({ found }) => !found).map(({ lack }) => lack));
  const groups = await openCgroups().lack();
  if (groups) missing.push(groups);
  if (programs[0]?.found) {
    const refused = await tryNamespaces();
    if (refused) missing.push(refused);
  }
  return missing;
}

/** Throws LaunchRefused `launch.no_hosts`, which names all that is missing at once. */
export async function refuseWithoutHosts(): Promise<void> {
  const missing = await lacks();
  if (missing.length === 0) return;
  const list = missing.map((each) => `  - ${each}`).join("\n");
  throw new LaunchRefused("launch.no_hosts", `Hosts cannot be made on this machine. It lacks:\n${list}`);
}

const has = (program: string, ...args: string[]): Promise<boolean> =>
  tool(program, ...args).then(
    () => true,
    () => false,
  );

/** Whether namespaces, cables, bridges and buckets are allowed here: tried on a pair that goes away again. */
async function tryNamespaces(): Promise<string | undefined> {
  const name = `storey-try-${process.pid}`;
  try {
    await tool("ip", "netns", "add", name);
    await tool("ip", "-n", name, "link", "add", "one", "type", "veth", "peer", "name", "two");
    await tool("ip", "-n", name, "link", "add", "lan", "type", "bridge");
    await tool(
      "tc",
      "-n",
      name,
      "qdisc",
      "add",
      "dev",
      "one",
      "root",
      "tbf",
      "rate",
      "1mbit",
      "burst",
      "16kb",
      "latency",
      "200ms",
    );
    return undefined;
  } catch (error) {
    const next = "in a container start it with --privileged";
    return `namespaces, veth, bridge and tbf (${(error as Error).message}): ${next}`;
  } finally {
    await tool("ip", "netns", "del", name).catch(() => undefined);
  }
}
