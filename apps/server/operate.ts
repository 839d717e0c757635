import type { OperationsDoor } from "#apps/operator/api";
import { auditShop, defaultBoundMs } from "#apps/operator/audit";
import { type Audits, openAudits } from "#apps/operator/audits";
import { type Monitor, openMonitor } from "#apps/operator/monitor";
import { openOperations } from "#apps/operator/operations";
import { askSupervisor, lookAtOneself, type Own, preferring } from "#apps/operator/sources";
import type { Database } from "#platform/database/api";
import type { FlagBoard } from "#platform/flags/api";
import type { RecentErrors } from "#platform/telemetry/errors";
import type { Metrics } from "#platform/telemetry/metrics";
import type { Alert } from "#topology/alerts/rule";
import type { Composition } from "./compose.ts";
import type { ServerSettings } from "./settings.ts";

/** What operators see and steer. */
export interface Operated {
  readonly operations: OperationsDoor;
  readonly monitor: Monitor;
  readonly audits: Audits;
}

/** Audits of the shop as this process makes them: by itself as time passes, and when an operator asks. */
export const auditsOf = (
  s: ServerSettings,
  { doors, bus }: Pick<Composition, "doors" | "bus">,
  { registry }: Metrics,
): Audits => openAudits((rest) => auditShop(doors, s.clock, defaultBoundMs, bus.lag, rest), registry);

/** Opens the operators' door: on the supervisor where there is one, else on this process alone. */
export function operate(
  s: ServerSettings,
  parts: {
    database: Database;
    metrics: Metrics;
    audits: Audits;
    flags: FlagBoard;
    errors: RecentErrors;
    alerts(): readonly Alert[];
  },
): Operated {
  const { clock, place } = s;
  const { database, metrics, audits, flags, errors, alerts } = parts;
  const own: Own = {
    place,
    clock,
    alerts,
    metrics: () => metrics.registry.metrics(),
    databaseReady: () => database.ready(),
  };
  const source = place.control
    ? preferring(askSupervisor(place.control, s.secret("supervisor"), clock), own)
    : lookAtOneself(own);
  const monitor = openMonitor(source, clock);
  const operations = openOperations({ place, clock, monitor, audits, flags, errors: errors.recent });
  return { operations, monitor, audits };
}
