import type { Clock } from "#kernel/clock";
import { guarded } from "#kernel/door";
import type { Module } from "#platform/bus/api";
import type { Store } from "#platform/database/api";
import { type CartDoor, cartDoor } from "./api.ts";
import type { CartDeps, Neighbours } from "./deps.ts";
import { put, remove } from "./edit.ts";
import { finishMerges, sweepCarts } from "./jobs.ts";
import { merge } from "./merge.ts";
import { followOrders } from "./reactions.ts";
import { openRecent } from "./recent.ts";
import { get } from "./show.ts";
import { cartStore } from "./store.ts";
import { keyOfBuyer } from "./token.ts";

/** Wires the cart domain by hand. */
export function cartModule(with_: Neighbours & { store: Store; clock: Clock }): Module<CartDoor> {
  const { clock, catalog, inventory } = with_;
  const d: CartDeps = { store: cartStore(with_.store), clock, catalog, inventory, recent: openRecent() };
  const door = guarded(cartDoor, {
    get: (c) => get(d, c),
    put: (c, input) => put(d, c, input),
    remove: (c, input) => remove(d, c, input),
    merge: (c, input) => merge(d, c, input),
    contents: async (c, { account }) => {
      const lines = await d.store.lines(c, keyOfBuyer(account));
      return lines.map(({ sku, quantity }) => ({ sku, quantity }));
    },
  });
  return { door, reactions: [followOrders(d.store, clock)], jobs: [sweepCarts(d), finishMerges(d)] };
}
