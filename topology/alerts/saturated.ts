import { ofKind, type Topology } from "../model.ts";
import { admittedBy } from "../rules/databases.ts";
import { isWatched } from "./down.ts";
import { above, below, latest, ratio } from "./figure.ts";
import type { AlertRule } from "./rule.ts";
import type { AlertThresholds } from "./thresholds.ts";

/** Something that is nearly used up: whoever asks for more waits, or is refused. */
export function saturated(topology: Topology, t: AlertThresholds): AlertRule[] {
  return [
    {
      name: "event_loop_late",
      severity: "warning",
      by: ["component"],
      when: [above(t.eventLoopSeconds, latest("max", "storey_nodejs_eventloop_lag_p99_seconds"))],
      forSeconds: t.eventLoopForSeconds,
      shows: "seconds",
      summary: "The event loop of {component} is {value} late: it has more to do than one processor can.",
      next: "Add an application (stage 4 and later), or find what computes for so long: ./storey logs {component}.",
    },
    {
      name: "connections_awaited",
      severity: "warning",
      by: ["component", "domain"],
      when: [above(t.connectionsAwaited, latest("sum", "storey_database_connections", { state: "waiting" }))],
      forSeconds: t.connectionsAwaitedForSeconds,
      shows: "number",
      summary: "{value} statements of {domain} in {component} wait for a connection to the database.",
      next: "Look for slow statements and long transactions on its server first; then give {component} more `connections`.",
    },
    ...(isWatched(topology) ? [serverConnections(topology, t)] : []),
    {
      name: "memory_over_budget",
      severity: "warning",
      by: ["component"],
      when: [
        above(
          t.memoryOfBudget,
          ratio(
            latest("max", "storey_component_memory_bytes"),
            latest("max", "storey_component_memory_budget_bytes"),
          ),
        ),
      ],
      forSeconds: t.memoryForSeconds,
      shows: "share",
      summary: "{component} takes {value} of the memory it was meant to take.",
      next: "If it goes on growing, replace it before the machine runs out; if it stays, its budget in the launcher is too small.",
    },
    disk("disk_filling", "warning", t.diskFreeWarning, t),
    disk("disk_nearly_full", "critical", t.diskFreeCritical, t),
  ];
}

function serverConnections(topology: Topology, t: AlertThresholds): AlertRule {
  const servers = ofKind(topology, "postgres");
  // Which are all of one engine wherever somebody watches; were they not, the smallest would be the one to look at.
  const admitted = Math.min(...servers.map(({ engine }) => admittedBy[engine]));
  return {
    name: "connections_near_limit",
    severity: "critical",
    by: ["component"],
    when: [
      above(
        Math.round(admitted * t.serverConnectionsShare),
        latest("max", "storey_component_number", {
          component: servers.map(({ name }) => name).join("|"),
          name: "connections",
        }),
      ),
    ],
    forSeconds: t.serverConnectionsForSeconds,
    shows: "number",
    summary: `{component} has {value} connections of the ${admitted} it admits.`,
    next: "Find who opened them (pg_stat_activity on {component}), and give applications fewer `connections`.",
  };
}

const disk = (
  name: string,
  severity: AlertRule["severity"],
  free: number,
  t: AlertThresholds,
): AlertRule => ({
  name,
  severity,
  by: ["directory"],
  when: [below(free, latest("min", "storey_disk_free_ratio"))],
  forSeconds: t.diskForSeconds,
  shows: "share",
  summary: "Only {value} of the disk of {directory} is free.",
  next: "Make room: old backups, logs, `replaced-…` folders of restores. A database without space takes no order.",
});
