import { type Context, onBehalfOf } from "#kernel/context";
import type { Id } from "#kernel/id";
import { expectDone } from "#kernel/refusal";
import type { Cart } from "./api.ts";
import { type Line, type Offer, shown } from "./cart.ts";
import type { CartDeps } from "./deps.ts";
import { type Key, keyOf } from "./token.ts";

/** The cart of whoever asks. Three round trips in two steps, whatever the number of lines. */
export async function get(d: CartDeps, c: Context): Promise<Cart> {
  const key = keyOf(c.caller);
  return show(d, c, key, key ? await d.store.lines(c, key) : []);
}

/**
 * Adds to lines what catalog and inventory say now. A line that catalog no longer offers is taken out, and
 * told by the one call that took it out. `known` spares asking catalog for what was asked a moment ago.
 */
export async function show(
  d: CartDeps,
  c: Context,
  key: Key | undefined,
  lines: readonly Line[],
  known: readonly Offer[] = [],
): Promise<Cart> {
  const offers = new Map(known.map((offer) => [offer.sku, offer]));
  const skus = lines.map(({ sku }) => sku);
  const [more, available] = await Promise.all([
    offersOf(
      d,
      c,
      skus.filter((sku) => !offers.has(sku)),
    ),
    availableOf(d, c, skus),
  ]);
  for (const offer of more) offers.set(offer.sku, offer);
  const vanished = skus.filter((sku) => !offers.has(sku));
  const gone = key && vanished.length > 0 ? await d.store.drop(c, key, vanished) : [];
  return { ...shown(lines, offers, available), gone };
}

/** What catalog offers of these SKUs; it is not asked for none. */
export async function offersOf(
  d: CartDeps,
  c: Context,
  ids: readonly Id<"sku">[],
): Promise<readonly Offer[]> {
  if (ids.length === 0) return [];
  return expectDone(await d.catalog.skus(onBehalfOf(c, "cart"), { ids: [...ids] }));
}

async function availableOf(d: CartDeps, c: Context, skus: readonly Id<"sku">[]) {
  if (skus.length === 0) return new Map<Id<"sku">, number>();
  const { items } = expectDone(await d.inventory.available(onBehalfOf(c, "cart"), { skus: [...skus] }));
  return new Map(items.map(({ sku, available }) => [sku, available]));
}
