import { type Context, onBehalfOf } from "#kernel/context";
import { expectDone, type Refusal } from "#kernel/refusal";
import type { StoredCheckout } from "./checkout.ts";
import type { OrderDeps } from "./deps.ts";

/**
 * Gives a checkout up. First it is marked, so that nobody can place it any more; then its stock is released, unknown
 * reservations too, whose reserve may still be on its way; then it is done. Whether it was ours to undo: false when
 * it has been placed. Asked again it goes on where it stopped.
 */
export async function undo(
  d: OrderDeps,
  c: Context,
  checkout: StoredCheckout,
  refusal: Refusal | undefined,
): Promise<boolean> {
  const now = d.clock.now();
  if (!(await d.store.beginUndo(c, checkout.id, refusal, now))) return false;
  const lines = checkout.orders.flatMap((order) =>
    order.told.lines.map(({ reservation, sku, quantity }) => ({ id: reservation, sku, quantity })),
  );
  expectDone(await d.inventory.release(onBehalfOf(c, "order"), { checkout: checkout.id, lines }));
  await d.store.endUndo(c, checkout.id, now);
  return true;
}
