import type { Clock } from "#kernel/clock";
import { guarded } from "#kernel/door";
import type { Id } from "#kernel/id";
import type { Module } from "#platform/bus/api";
import type { Store } from "#platform/database/api";
import { type InventoryDoor, inventoryDoor } from "./api.ts";
import type { InventoryDeps } from "./deps.ts";
import { followCatalog, followOrders } from "./reactions.ts";
import { audit, level, release, reserve, setStock } from "./stock.ts";
import { inventoryStore } from "./store.ts";

/** Wires the inventory domain by hand. It calls nobody. */
export function inventoryModule(with_: { store: Store; clock: Clock }): Module<InventoryDoor> {
  const store = inventoryStore(with_.store);
  const deps: InventoryDeps = { store, clock: with_.clock };
  const door = guarded(inventoryDoor, {
    available: async (c, { skus }) => ({ items: await store.available(c, [...new Set(skus)]) }),
    level: (c, input) => level(deps, c, input),
    setStock: (c, input) => setStock(deps, c, input),
    reserve: (c, input) => reserve(deps, c, input),
    release: (c, input) => release(deps, c, input),
    facts: async (_c, { cursor, limit = 100 }) => {
      const items = await store.page(cursor as Id<"reservation"> | undefined, limit);
      return { items, next: items.length === limit ? (items.at(-1)?.id ?? null) : null };
    },
    audit: () => audit(deps),
  });
  return { door, reactions: [followCatalog(store), followOrders(store, with_.clock)], jobs: [] };
}
