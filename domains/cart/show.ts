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

/** What catalog and inventory said a moment ago. */
export interface Known {
  readonly offers: ReadonlyMap<Id<"sku">, Offer>;
  readonly available: ReadonlyMap<Id<"sku">, number>;
}
const nothing: Known = { offers: new Map(), available: new Map() };

/**
 * Adds to lines what catalog and inventory say now. A line that catalog no longer offers is taken out, and
 * told by the one call that took it out. `known` spares asking again.
 */
export async function show(
  d: CartDeps,
  c: Context,
  key: Key | undefined,
  lines: readonly Line[],
  known: Known = nothing,
): Promise<Cart> {
  const skus = lines.map(({ sku }) => sku);
  const more = await ask(d, c, {
    offers: skus.filter((sku) => !known.offers.has(sku)),
    available: skus.filter((sku) => !known.available.has(sku)),
  });
  const offers = new Map([...known.offers, ...more.offers]);
  const available = new Map([...known.available, ...more.available]);
  const vanished = skus.filter((sku) => !offers.has(sku));
  const gone = key && vanished.length > 0 ? await d.store.drop(c, key, vanished) : [];
  if (key) d.recent.remember(key, skus);
  return { ...shown(lines, offers, available), gone };
}

/** Asks catalog what it offers of some SKUs, and inventory how many there are of others, at once; neither for none. */
export async function ask(
  d: CartDeps,
  c: Context,
  about: { offers: readonly Id<"sku">[]; available: readonly Id<"sku">[] },
): Promise<Known> {
  const own = onBehalfOf(c, "cart");
  const [offers, available] = await Promise.all([
    about.offers.length > 0 ? d.catalog.skus(own, { ids: [...about.offers] }) : [],
    about.available.length > 0 ? d.inventory.available(own, { skus: [...about.available] }) : { items: [] },
  ]);
  return {
    offers: new Map(expectDone(offers).map((offer) => [offer.sku, offer])),
    available: new Map(expectDone(available).items.map((item) => [item.sku, item.available])),
  };
}
