// Before: application and database take each other's memory and processor, and cannot be sized apart.
// Now: PostgreSQL on a machine of its own, reached over TLS; Prometheus and Alertmanager watch both.
// Costs: every statement crosses a network, and there are two machines to lose instead of one.
// Still: the same rows are read again and again; stage 3 keeps them nearer.
import { add, host, nextStage, postgres, replace, road, watcher } from "#topology/verbs";
import { singleMachine } from "./01-single-machine.ts";

export const separateDatabase = nextStage(2, "separate-database", singleMachine, [
  add(host("data"), host("watch")),
  replace("database", postgres("database", { on: "data" })),
  add(
    watcher("prometheus", "prometheus", { on: "watch" }),
    watcher("alertmanager", "alertmanager", { on: "watch" }),
    road("prometheus", "alerts", "alertmanager"),
  ),
]);
