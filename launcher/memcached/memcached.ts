import type { Driver, Running, Site } from "../component.ts";
import { converse } from "../converse.ts";
import { startDaemon } from "../daemon.ts";
import { memcached as need } from "../packages.ts";
import { programOf } from "../program.ts";
import { memcachedArguments } from "./arguments.ts";

const answerWithinMs = 1_500;

/** A cache that all applications share, for those who prefer it to Redis; what it holds may be lost. */
export const memcached: Driver<"memcached"> = {
  kind: "memcached",
  ports: ["memcached"],
  need: () => need,
  // 2 MB idle and 67 when it holds 64, taken once; the rest is for clients and a hash table of many small items.
  memoryMb: ({ memoryMb }) => memoryMb + 16,
  start: async ({ memoryMb }, site) => {
    const { directory, account } = site;
    const args = memcachedArguments({ listen: site.endpoint("memcached"), memoryMb });
    const daemon = await startDaemon({
      site,
      files: {},
      // We are that user already: told as whom to run it would only try to become it again.
      command: { program: await programOf(site.host, need), args, directory, account },
      isReady: async () => "version" in (await ask(site).catch(() => ({}))),
      readyWithinMs: 10_000,
      stopSignal: "SIGTERM",
      stopWithinMs: 5_000,
      account,
    });
    return {
      ...daemon,
      version: (await ask(site))["version"] ?? "unknown",
      ailment: () =>
        ask(site).then(
          () => undefined,
          (error: Error) => error.message,
        ),
      metrics: () => ask(site).then(numbersOf, () => ({})),
    } satisfies Running;
  },
};

/** What it says of itself: a name and a value in each line. */
async function ask(site: Site): Promise<Record<string, string>> {
  const said = await converse(site.endpoint("memcached"), ["stats", "quit"], answerWithinMs);
  return Object.fromEntries(
    [...said.matchAll(/^STAT (\S+) (.*?)\r?$/gm)].map(([, name = "", value = ""]) => [name, value]),
  );
}

const told = {
  connections: "curr_connections",
  hits: "get_hits",
  misses: "get_misses",
  items: "curr_items",
  evicted: "evictions",
  refused: "rejected_connections",
  bytes: "bytes",
  bytesMax: "limit_maxbytes",
} as const;

const numbersOf = (stats: Record<string, string>): Record<string, number> =>
  Object.fromEntries(Object.entries(told).map(([name, field]) => [name, Number(stats[field] ?? 0)]));
