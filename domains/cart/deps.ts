import type { CatalogDoor } from "#domains/catalog/api";
import type { InventoryDoor } from "#domains/inventory/api";
import type { Clock } from "#kernel/clock";
import type { Recent } from "./recent.ts";
import type { CartStore } from "./store.ts";

/** The doors that cart may call. */
export interface Neighbours {
  readonly catalog: Pick<CatalogDoor, "skus">;
  readonly inventory: Pick<InventoryDoor, "available">;
}

/** What cart stands on. */
export interface CartDeps extends Neighbours {
  readonly store: CartStore;
  readonly clock: Clock;
  readonly recent: Recent;
}
