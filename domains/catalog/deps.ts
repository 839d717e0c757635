import type { ShopDoor } from "#domains/shop/api";
import type { Clock } from "#kernel/clock";
import type { CatalogStore } from "./store.ts";

/** What catalog stands on. `told` wakes the bus after a commit with events. */
export interface CatalogDeps {
  readonly store: CatalogStore;
  readonly clock: Clock;
  readonly shop: Pick<ShopDoor, "get">;
  told(): void;
}
