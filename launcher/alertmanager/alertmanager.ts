import { join } from "node:path";
import { ask } from "../ask.ts";
import type { Driver, Running } from "../component.ts";
import { startDaemon } from "../daemon.ts";
import { alertmanager as need } from "../packages.ts";
import { programOf } from "../program.ts";
import { alertmanagerSettings } from "./settings.ts";

/** Gathers what Prometheus finds wrong and tells it to those who should know. */
export const alertmanager: Driver<"alertmanager"> = {
  kind: "alertmanager",
  ports: ["http"],
  need: () => need,
  memoryMb: () => 40,
  start: async (_, site) => {
    const { host, port } = site.endpoint("http");
    const url = `http://${host}:${port}`;
    const file = join(site.directory, "alertmanager.json");
    const daemon = await startDaemon({
      site,
      account: site.account,
      files: { [file]: alertmanagerSettings(site) },
      command: {
        program: programOf(need),
        args: [
          `--config.file=${file}`,
          `--storage.path=${join(site.directory, "data")}`,
          `--web.listen-address=${host}:${port}`,
          // One alone: it needs nobody to agree with.
          "--cluster.listen-address=",
        ],
        directory: site.directory,
        account: site.account,
      },
      isReady: async () => (await ask(`${url}/-/ready`)).status === 200,
      readyWithinMs: 30_000,
      stopSignal: "SIGTERM",
      stopWithinMs: 20_000,
    });
    const { body } = await ask(`${url}/api/v2/status`);
    return {
      ...daemon,
      version:
        (JSON.parse(body || "{}") as { versionInfo?: { version?: string } }).versionInfo?.version ?? "",
      ailment: async () => {
        const { status } = await ask(`${url}/-/healthy`);
        return status === 200 ? undefined : "does not answer";
      },
      metrics: async () => ({}),
    } satisfies Running;
  },
};
