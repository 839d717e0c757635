import { newContext } from "#kernel/context";
import { randomToken } from "#kernel/id";
import type { Job } from "#kernel/module";
import type { CartDeps } from "./deps.ts";
import { move } from "./merge.ts";

const dayMs = 24 * 3_600_000;
/** A guest who put nothing in for this long will not be back. */
export const guestMs = 30 * dayMs;
/** Twice as long, so that a guest's cart is gone before it is forgotten that it was merged. */
const stepsMs = 2 * guestMs;
const atOnce = 200;

/** Removes guests' carts that nobody came back for, and what was remembered of merges and checkouts. */
export const sweepCarts = (d: CartDeps): Job => ({
  name: "cart.sweep",
  everyMs: 10 * 60_000,
  run: async () => {
    const now = d.clock.now();
    await d.store.sweepGuests(now - guestMs);
    await d.store.sweepMerged(now - stepsMs);
    await d.store.sweepTaken(now - stepsMs);
  },
});

/**
 * Finishes merges whose request died half-way. Harmless beside one that is alive: every step may be repeated.
 */
export const finishMerges = (d: CartDeps): Job => ({
  name: "cart.finish_merges",
  everyMs: 10_000,
  run: async () => {
    for (const { guest, account } of await d.store.halfMerged(atOnce)) {
      const caller = { kind: "domain", domain: "cart" } as const;
      const context = newContext({ caller, deadline: d.clock.now() + 30_000, trace: randomToken() });
      await move(d, context, guest, account);
    }
  },
});
