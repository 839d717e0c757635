import { actsFor, type Context } from "#kernel/context";
import { bucketOf } from "#kernel/id";
import { refuse } from "#kernel/refusal";
import type { InventoryDoor } from "./api.ts";
import type { InventoryDeps } from "./deps.ts";

/** Reserves each line by itself; the answers come in the order of the lines. */
export function reserve(d: InventoryDeps, c: Context, input: Parameters<InventoryDoor["reserve"]>[1]) {
  const strayed = input.lines.find(({ id, sku }) => bucketOf(id) !== bucketOf(sku));
  if (strayed) throw new Error(`reservation ${strayed.id} has another bucket than its SKU`);
  return d.store.reserve(c, input.checkout, input.lines, d.clock.now());
}

export async function release(d: InventoryDeps, c: Context, input: Parameters<InventoryDoor["release"]>[1]) {
  await d.store.release(c, input.checkout, input.lines, d.clock.now());
  return null;
}

export async function level(d: InventoryDeps, c: Context, input: Parameters<InventoryDoor["level"]>[1]) {
  const found = await d.store.level(c, input.sku);
  if (!found) return notKept();
  return actsFor(c.caller, found.shop) ? found.level : notYours();
}

export async function setStock(
  d: InventoryDeps,
  c: Context,
  input: Parameters<InventoryDoor["setStock"]>[1],
) {
  const found = await d.store.level(c, input.sku);
  if (!found) return notKept();
  if (!actsFor(c.caller, found.shop)) return notYours();
  const changed = await d.store.setOnHand(c, input.sku, input.onHand, input.version);
  if (changed) return changed;
  const now = (await d.store.level(c, input.sku))?.level;
  // The same command again: whoever set this number from that version, it was this number.
  if (input.version !== undefined && now?.version === input.version + 1 && now.onHand === input.onHand)
    return now;
  if (input.version !== undefined && now?.version !== input.version) {
    return refuse("inventory.changed_meanwhile", "Look at the stock again, then say it again.", {
      level: now,
    });
  }
  return refuse(
    "inventory.below_reserved",
    `Orders have reserved ${now?.reserved}; ship or close those first, or say at least that many.`,
    { level: now },
  );
}

const notKept = () =>
  refuse(
    "inventory.sku_not_found",
    "No stock is kept of that SKU (a new product's appears within a second).",
  );
const notYours = () => refuse("inventory.not_yours", "Ask somebody who works for the shop that sells it.");

/** The SKUs whose own numbers do not add up, and reservations of SKUs that nobody keeps. */
export async function audit(d: InventoryDeps) {
  const found = await d.store.audit();
  const sums = found.unbalanced.map((s) => ({
    rule: s.reserved < 0 || s.on_hand < s.reserved ? "inventory.never_negative" : "inventory.adds_up",
    offender: s.sku,
    detail:
      `on hand ${s.on_hand}, received ${s.received} − sold ${s.sold} (by reservations ${s.sold_by_orders}), ` +
      `reserved ${s.reserved} (by reservations ${s.held_by_orders})`,
  }));
  const lost = found.ownerless.map((r) => ({
    rule: "inventory.adds_up",
    offender: r.id,
    detail: `a reservation of ${r.sku}, of which no stock is kept`,
  }));
  return { checked: found.checked, broken: [...sums, ...lost] };
}
