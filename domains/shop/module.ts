import type { AccountDoor } from "#domains/account/api";
import type { Clock } from "#kernel/clock";
import { guarded } from "#kernel/door";
import type { Id } from "#kernel/id";
import type { Module } from "#platform/bus/api";
import type { Store } from "#platform/database/api";
import { type ShopDoor, shopDoor } from "./api.ts";
import type { ShopDeps } from "./deps.ts";
import { change, get, open } from "./shop.ts";
import { shopStore } from "./store.ts";

/** Wires the shop domain by hand. */
export function shopModule(with_: {
  store: Store;
  clock: Clock;
  account: AccountDoor;
  told(): void;
}): Module<ShopDoor> {
  const deps: ShopDeps = { ...with_, store: shopStore(with_.store) };
  const door = guarded(shopDoor, {
    open: (c, input) => open(deps, c, input),
    change: (c, input) => change(deps, c, input),
    get: (c, input) => get(deps, c, input),
    getMany: (c, { ids }) => deps.store.getMany(c, ids),
    list: async (_c, { cursor, limit = 24 }) => {
      const items = await deps.store.newest(cursor as Id<"shop"> | undefined, limit);
      return { items, next: items.length === limit ? (items.at(-1)?.id ?? null) : null };
    },
  });
  return { door, reactions: [], jobs: [] };
}
