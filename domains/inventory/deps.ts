import type { Clock } from "#kernel/clock";
import type { InventoryStore } from "./store.ts";

/** What inventory stands on. */
export interface InventoryDeps {
  readonly store: InventoryStore;
  readonly clock: Clock;
}
