import type { ShopDoor } from "#domains/shop/api";
import type { Clock } from "#kernel/clock";
import { guarded } from "#kernel/door";
import type { Id } from "#kernel/id";
import type { Module } from "#platform/bus/api";
import type { Store } from "#platform/database/api";
import { type SettlementDoor, settlementDoor } from "./api.ts";
import { settlementAuditStore } from "./audit-store.ts";
import { balance } from "./balance.ts";
import type { SettlementDeps } from "./deps.ts";
import { followItself, followOrders, followPayments } from "./reactions.ts";
import { settlementStore } from "./store.ts";

/** How long an event may be on its way before the audit calls what it left undone broken. */
const boundMs = 60_000;

/** Wires the settlement domain by hand. */
export function settlementModule(with_: {
  store: Store;
  clock: Clock;
  shop: Pick<ShopDoor, "get">;
}): Module<SettlementDoor> {
  const deps: SettlementDeps = {
    ...with_,
    store: settlementStore(with_.store),
    auditing: settlementAuditStore(with_.store),
  };
  const door = guarded(settlementDoor, {
    balance: (c, input) => balance(deps, c, input),
    facts: async (_c, { cursor, limit = 100 }) => {
      const items = await deps.auditing.page(cursor as Id<"entry"> | undefined, limit);
      return { items, next: items.length === limit ? (items.at(-1)?.id ?? null) : null };
    },
    audit: () => deps.auditing.audit(deps.clock.now() - boundMs),
  });
  return { door, reactions: [followPayments(deps), followOrders(deps), followItself(deps)], jobs: [] };
}
