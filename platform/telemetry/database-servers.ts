import { Gauge, type Registry } from "prom-client";
import type { ServerState } from "#platform/database/api";

type Figure = (server: ServerState) => number;

const figures: readonly (readonly [name: string, help: string, figure: Figure])[] = [
  ["storey_database_server_answers", "Whether a database server answers", ({ answers }) => Number(answers)],
  [
    "storey_database_server_leads",
    "Whether a database server takes writes",
    ({ role }) => Number(role === "primary"),
  ],
  [
    "storey_database_server_left_out",
    "Whether a replica gets no reads: dead, behind, or on another timeline",
    ({ leftOut }) => Number(leftOut),
  ],
  [
    "storey_database_server_lag_seconds",
    "For how long the primary has been further than a server",
    ({ lagMs }) => lagMs / 1_000,
  ],
  ["storey_database_server_reads", "Reads that this process has sent to a server", ({ reads }) => reads],
];

/** Tells of the servers of a cluster as this process sees them, when somebody looks. */
export function watchServers(registry: Registry, servers: () => readonly ServerState[]): void {
  const registers = [registry];
  for (const [name, help, figure] of figures) {
    new Gauge({
      name,
      help,
      labelNames: ["server"],
      registers,
      collect() {
        this.reset();
        for (const server of servers()) this.set({ server: server.name }, figure(server));
      },
    });
  }
  new Gauge({
    name: "storey_database_failovers",
    help: "How often this process saw another database server take over",
    registers,
    collect() {
      this.set(servers()[0]?.failovers ?? 0);
    },
  });
}
