import { join } from "node:path";
import type { Driver, Running, Site } from "../component.ts";
import { converse } from "../converse.ts";
import { startDaemon } from "../daemon.ts";
import { redis as need } from "../packages.ts";
import { programOf } from "../program.ts";
import { redisSettings } from "./settings.ts";

const answerWithinMs = 1_500;

/** A cache that all applications share; what it holds may be lost. */
export const redis: Driver<"redis"> = {
  kind: "redis",
  ports: ["redis"],
  need: () => need,
  // 6 MB idle and 71 when it holds 64, taken once; the rest is for fragments of items of many sizes, and for clients.
  memoryMb: ({ memoryMb }) => Math.ceil(memoryMb * 1.2) + 8,
  start: async ({ memoryMb }, site) => {
    const file = join(site.directory, "redis.conf");
    const { directory, account } = site;
    const daemon = await startDaemon({
      site,
      files: {
        [file]: redisSettings({
          listen: site.endpoint("redis"),
          directory,
          memoryMb,
          password: site.secret("redis"),
        }),
      },
      command: { program: await programOf(site.host, need), args: [file], directory, account },
      isReady: async () => "redis_version" in (await ask(site).catch(() => ({}))),
      readyWithinMs: 10_000,
      stopSignal: "SIGTERM",
      stopWithinMs: 10_000,
      account,
    });
    return {
      ...daemon,
      version: (await ask(site))["redis_version"] ?? "unknown",
      ailment: () =>
        ask(site).then(
          () => undefined,
          (error: Error) => error.message,
        ),
      metrics: () => ask(site).then(numbersOf, () => ({})),
    } satisfies Running;
  },
};

/** What it says of itself: name and value a line. Throws in the words of its refusal. */
async function ask(site: Site): Promise<Record<string, string>> {
  const said = await converse(
    site.endpoint("redis"),
    [`AUTH ${site.secret("redis")}`, "INFO", "QUIT"],
    answerWithinMs,
  );
  const refusal = /^-(.*)$/m.exec(said)?.[1];
  if (refusal !== undefined) throw new Error(refusal.trim());
  return Object.fromEntries(
    [...said.matchAll(/^(\w+):(.*?)\r?$/gm)].map(([, name = "", value = ""]) => [name, value]),
  );
}

const told = {
  connections: "connected_clients",
  commands: "total_commands_processed",
  hits: "keyspace_hits",
  misses: "keyspace_misses",
  evicted: "evicted_keys",
  expired: "expired_keys",
  refused: "rejected_connections",
  bytes: "used_memory",
  bytesMax: "maxmemory",
} as const;

const numbersOf = (info: Record<string, string>): Record<string, number> =>
  Object.fromEntries(Object.entries(told).map(([name, field]) => [name, Number(info[field] ?? 0)]));
