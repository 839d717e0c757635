import { join } from "node:path";
import type { Driver } from "../component.ts";
import { prometheus as need } from "../packages.ts";
import { startWatcher } from "../watcher.ts";
import { rulesFile } from "./rules.ts";
import { prometheusSettings } from "./settings.ts";

/** Collects the numbers of every component and judges them by the rules of the topology. */
export const prometheus: Driver<"prometheus"> = {
  kind: "prometheus",
  ports: ["http"],
  need: () => need,
  memoryMb: () => 80,
  start: (_, site) => {
    const [file, rules] = [join(site.directory, "prometheus.json"), join(site.directory, "rules.json")];
    return startWatcher(site, {
      need,
      // Prometheus reads YAML, of which JSON is a part.
      files: { [file]: prometheusSettings(site, rules), [rules]: rulesFile(site.topology) },
      args: [
        `--config.file=${file}`,
        `--storage.tsdb.path=${join(site.directory, "data")}`,
        "--storage.tsdb.retention.time=7d",
        "--storage.tsdb.retention.size=512MB",
      ],
      versionIn: {
        path: "/api/v1/status/buildinfo",
        read: (answer) => (answer as { data?: { version?: string } }).data?.version,
      },
    });
  },
};
