import { join } from "node:path";
import type { Driver } from "../component.ts";
import { alertmanager as need } from "../packages.ts";
import { startWatcher } from "../watcher.ts";
import { alertmanagerSettings } from "./settings.ts";

/** Gathers what Prometheus finds wrong and tells it to those who should know. */
export const alertmanager: Driver<"alertmanager"> = {
  kind: "alertmanager",
  ports: ["http"],
  need: () => need,
  memoryMb: () => 40,
  start: (_, site) => {
    const file = join(site.directory, "alertmanager.json");
    return startWatcher(site, {
      need,
      files: { [file]: alertmanagerSettings(site) },
      args: [
        `--config.file=${file}`,
        `--storage.path=${join(site.directory, "data")}`,
        // One alone: it needs nobody to agree with.
        "--cluster.listen-address=",
      ],
      versionIn: {
        path: "/api/v2/status",
        read: (answer) => (answer as { versionInfo?: { version?: string } }).versionInfo?.version,
      },
    });
  },
};
