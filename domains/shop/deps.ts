import type { AccountDoor } from "#domains/account/api";
import type { Clock } from "#kernel/clock";
import type { ShopStore } from "./store.ts";

/** What shop stands on. `told` wakes the bus after a commit with events. */
export interface ShopDeps {
  readonly store: ShopStore;
  readonly clock: Clock;
  readonly account: AccountDoor;
  told(): void;
}
