import { join } from "node:path";
import { ofKind } from "#topology/model";
import type { Driver, Running, Site } from "../component.ts";
import { converse } from "../converse.ts";
import { startDaemon } from "../daemon.ts";
import { java, zookeeper as need } from "../packages.ts";
import { programOf } from "../program.ts";
import { logSettings, zookeeperSettings } from "./settings.ts";

const answerWithinMs = 1_500;

/** A member of the ensemble that agrees on who leads. It answers once most of the members have found each other. */
export const zookeeper: Driver<"zookeeper"> = {
  kind: "zookeeper",
  ports: ["client", "peer", "election"],
  need: () => need,
  // Measured: 70 MB for the machine of Java with a heap of 64 MB.
  memoryMb: () => 96,
  start: async ({ name }, site) => {
    const { directory, account, topology } = site;
    const client = site.endpoint("client");
    const members = ofKind(topology, "zookeeper").map((each, at) => ({
      name: each.name,
      number: at + 1,
      peer: site.endpointOf(each.name, "peer"),
      election: site.endpointOf(each.name, "election"),
    }));
    const own = members.find((each) => each.name === name);
    const file = join(directory, "zoo.cfg");
    await site.host.putDirectory(join(directory, "data"), { mode: 0o700, account });
    const daemon = await startDaemon({
      site,
      account,
      files: {
        [file]: zookeeperSettings({ directory, client, members }),
        [join(directory, "log4j.properties")]: logSettings,
        [join(directory, "data/myid")]: `${own?.number}\n`,
      },
      command: {
        program: await programOf(site.host, java),
        args: [
          // Little memory, a quick start: it holds a few hundred small nodes.
          ...["-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dzookeeper.jmx.log4j.disable=true"],
          ...["-cp", `${directory}:${await programOf(site.host, need)}`],
          "org.apache.zookeeper.server.quorum.QuorumPeerMain",
          file,
        ],
        directory,
        account,
      },
      isReady: async () => (await modeOf(site)) !== undefined,
      readyWithinMs: 60_000,
      stopSignal: "SIGTERM",
      stopWithinMs: 10_000,
    });
    const told = await numbersOf(site);
    return {
      ...daemon,
      version: told.version,
      ailment: async () => ((await modeOf(site)) ? undefined : "serves nobody: most of the ensemble is away"),
      metrics: async () => (await numbersOf(site)).numbers,
    } satisfies Running;
  },
};

/** "leader", "follower"; undefined while it serves nobody. */
async function modeOf(site: Site): Promise<string | undefined> {
  const said = await ask(site, "srvr");
  return /^Mode: (\w+)/m.exec(said)?.[1];
}

const told = {
  zk_num_alive_connections: "connections",
  zk_outstanding_requests: "waiting",
  zk_znode_count: "nodes",
  zk_avg_latency: "latencyMsMean",
} as const;

async function numbersOf(site: Site): Promise<{ version: string; numbers: Record<string, number> }> {
  const said = await ask(site, "mntr");
  const lines = new Map(
    [...said.matchAll(/^(zk_\w+)\t(.*)$/gm)].map(([, name = "", value = ""]) => [name, value]),
  );
  const numbers = Object.entries(told).flatMap(([theirs, ours]) => {
    const value = lines.get(theirs);
    return value === undefined ? [] : [[ours, Number(value)] as const];
  });
  const version = lines.get("zk_version")?.split("-", 1)[0] ?? "";
  return {
    version,
    numbers: { ...Object.fromEntries(numbers), leads: lines.get("zk_server_state") === "leader" ? 1 : 0 },
  };
}

/** It hangs up after one of its words; nothing where it does not answer. */
const ask = (site: Site, word: string): Promise<string> =>
  converse(site.endpoint("client"), [word], answerWithinMs).catch(() => "");
