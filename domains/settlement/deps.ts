import type { ShopDoor } from "#domains/shop/api";
import type { Clock } from "#kernel/clock";
import type { SettlementAuditStore } from "./audit-store.ts";
import type { SettlementStore } from "./store.ts";

/** What settlement stands on. */
export interface SettlementDeps {
  readonly store: SettlementStore;
  readonly auditing: SettlementAuditStore;
  readonly clock: Clock;
  readonly shop: Pick<ShopDoor, "get">;
}
