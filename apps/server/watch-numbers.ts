import { X509Certificate } from "node:crypto";
import { statfs } from "node:fs/promises";
import { Gauge, type Registry } from "prom-client";
import type { Clock } from "#kernel/clock";
import type { Database } from "#platform/database/api";
import type { WatchSettings } from "./watch-rules.ts";

/**
 * What a supervisor would tell of this process and its machine, told by the process itself. What cannot be read is not
 * told, rather than as it was before.
 */
export function tellOfOneself(
  registry: Registry,
  of: {
    settings: WatchSettings;
    database: Database;
    directory: string;
    certificate?: () => string;
    clock: Clock;
  },
): void {
  const { settings, database, directory, certificate, clock } = of;
  const tell = (name: string, help: string, labels: Record<string, string>, figure: () => Promise<number>) =>
    new Gauge({
      name,
      help,
      labelNames: Object.keys(labels),
      registers: [registry],
      async collect() {
        this.reset();
        const read = await figure().catch(() => undefined);
        if (read !== undefined) this.set(labels, read);
      },
    });
  tell(
    "storey_component_up",
    "1 while the database answers",
    { ...settings.database, kind: "postgres" },
    () =>
      database.ready().then(
        () => 1,
        () => 0,
      ),
  );
  tell("storey_component_memory_bytes", "What the process takes", {}, async () => process.memoryUsage.rss());
  tell("storey_component_memory_budget_bytes", "What it was meant to take at most", {}, async () => {
    return settings.memoryBudgetBytes;
  });
  tell("storey_disk_free_ratio", "Of the disk that data lies on, 0 to 1", { directory }, async () => {
    const { bavail, blocks } = await statfs(directory);
    return bavail / blocks;
  });
  if (!certificate) return;
  tell("storey_certificate_valid_seconds", "For how long its certificate holds", {}, async () => {
    return (Date.parse(new X509Certificate(certificate()).validTo) - clock.now()) / 1_000;
  });
}
