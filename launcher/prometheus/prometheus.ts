import { join } from "node:path";
import { ask } from "../ask.ts";
import type { Driver, Running } from "../component.ts";
import { startDaemon } from "../daemon.ts";
import { prometheus as need } from "../packages.ts";
import { programOf } from "../program.ts";
import { rulesFile } from "./rules.ts";
import { prometheusSettings } from "./settings.ts";

/** Collects the numbers of every component and judges them by the rules of the topology. */
export const prometheus: Driver<"prometheus"> = {
  kind: "prometheus",
  ports: ["http"],
  need: () => need,
  memoryMb: () => 80,
  start: async (_, site) => {
    const { host, port } = site.endpoint("http");
    const url = `http://${host}:${port}`;
    const [file, rules] = [join(site.directory, "prometheus.json"), join(site.directory, "rules.json")];
    const daemon = await startDaemon({
      site,
      account: site.account,
      // Prometheus reads YAML, of which JSON is a part.
      files: { [file]: prometheusSettings(site, rules), [rules]: rulesFile(site.topology) },
      command: {
        program: programOf(need),
        args: [
          `--config.file=${file}`,
          `--storage.tsdb.path=${join(site.directory, "data")}`,
          "--storage.tsdb.retention.time=7d",
          "--storage.tsdb.retention.size=512MB",
          `--web.listen-address=${host}:${port}`,
        ],
        directory: site.directory,
        account: site.account,
      },
      isReady: async () => (await ask(`${url}/-/ready`)).status === 200,
      readyWithinMs: 30_000,
      stopSignal: "SIGTERM",
      stopWithinMs: 20_000,
    });
    const { body } = await ask(`${url}/api/v1/status/buildinfo`);
    return {
      ...daemon,
      version: (JSON.parse(body || "{}") as { data?: { version?: string } }).data?.version ?? "",
      ailment: async () => {
        const { status } = await ask(`${url}/-/healthy`);
        return status === 200 ? undefined : "does not answer";
      },
      metrics: async () => ({}),
    } satisfies Running;
  },
};
