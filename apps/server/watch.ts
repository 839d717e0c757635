import { dirname } from "node:path";
import type { FastifyBaseLogger } from "fastify";
import type { Audits } from "#apps/operator/audits";
import type { Clock } from "#kernel/clock";
import type { Database } from "#platform/database/api";
import type { Metrics } from "#platform/telemetry/metrics";
import type { Alert } from "#topology/alerts/rule";
import type { ServerSettings } from "./settings.ts";
import { certificateNow } from "./tls.ts";
import { startAudits } from "./watch-audit.ts";
import { tellOfOneself } from "./watch-numbers.ts";
import { startWatch } from "./watch-rules.ts";

/** Begins whatever this process is to watch: itself, the data of the shop, or nothing. */
export function openWatch(
  s: ServerSettings,
  parts: { database: Database; metrics: Metrics; audits: Audits; log: FastifyBaseLogger },
): { alerts(): readonly Alert[]; stop(): Promise<void> } {
  const { database, log } = parts;
  const { registry } = parts.metrics;
  const { clock } = s;
  const audits =
    s.audits && startAudits({ settings: s.audits, audit: parts.audits.runGently, registry, clock, log });
  if (s.watch) tellOfOneself(registry, numbersOf(s, s.watch, database, clock));
  const watch = s.watch && startWatch({ settings: s.watch, registry, clock, log });
  return {
    alerts: () => watch?.alerts() ?? [],
    stop: async () => {
      audits?.stop();
      await watch?.stop();
    },
  };
}

const numbersOf = (
  s: ServerSettings,
  settings: NonNullable<ServerSettings["watch"]>,
  database: Database,
  clock: Clock,
) => ({
  settings,
  database,
  clock,
  // The instance's: at stage 1 the database lies in it as well.
  directory: dirname(s.directories.files),
  ...(s.http.tls ? { certificate: certificateNow(s.http.tls) } : {}),
});
