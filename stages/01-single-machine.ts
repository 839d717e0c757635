// Before: nothing; a team wants to sell today.
// Now: one process with the whole shop, and a database that comes with it, on one machine.
// Costs: whatever takes the machine takes the shop; the two share its memory and its disk.
// Still: the database and the application want different machines; stage 2 gives each its own.
import { add, application, firstStage, host, postgres, road } from "#topology/verbs";

export const singleMachine = firstStage(1, "single-machine", [
  add(
    host("shop"),
    application("app", { on: "shop" }),
    postgres("database", { on: "shop", engine: "embedded" }),
    road("outside", "entrance", "app"),
    road("app", "database", "database"),
  ),
]);
