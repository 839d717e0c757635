import { at } from "#topology/address";
import { ailmentAt, textIfGood } from "./answer.ts";
import type { Running, Site } from "./component.ts";
import { startDaemon } from "./daemon.ts";
import type { Need } from "./packages.ts";
import { programOf } from "./program.ts";

/**
 * Starts one of the servers of the Prometheus project: each takes its settings from files, says at `/-/ready` and
 * `/-/healthy` how it is, and its version somewhere in its interface. Throws as `startDaemon` does.
 */
export async function startWatcher(site: Site, { need, files, args, versionIn }: Watcher): Promise<Running> {
  const address = at(site.endpoint("http"));
  const url = `http://${address}`;
  const daemon = await startDaemon({
    site,
    account: site.account,
    files,
    command: {
      program: await programOf(site.host, need),
      args: [...args, `--web.listen-address=${address}`],
      directory: site.directory,
      account: site.account,
    },
    isReady: async () => (await textIfGood(`${url}/-/ready`)) !== undefined,
    readyWithinMs: 30_000,
    stopSignal: "SIGTERM",
    stopWithinMs: 20_000,
  });
  const told = await textIfGood(url + versionIn.path);
  return {
    ...daemon,
    version: (told && versionIn.read(JSON.parse(told))) || "",
    ailment: () => ailmentAt(`${url}/-/healthy`),
    metrics: async () => ({}),
  };
}

export interface Watcher {
  readonly need: Need;
  /** By path. */
  readonly files: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  readonly versionIn: { readonly path: string; read(answer: unknown): string | undefined };
}
