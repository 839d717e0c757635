import type { Context } from "#kernel/context";
import { newId, randomBucket } from "#kernel/id";
import { refuse } from "#kernel/refusal";
import type { Cart, CartDoor } from "./api.ts";
import { mostLines, type Offer } from "./cart.ts";
import type { CartDeps } from "./deps.ts";
import { offersOf, show } from "./show.ts";
import { keyOf, newToken } from "./token.ts";

/**
 * Says how many of a SKU are wanted. Whoever has no cart, or a token that is no cart's any more, gets a new
 * one and its token.
 */
export async function put(d: CartDeps, c: Context, { sku, quantity }: Parameters<CartDoor["put"]>[1]) {
  const [offer] = await offersOf(d, c, [sku]);
  if (!offer) return refuse("cart.sku_not_found", "It is no longer sold. Look for something like it.");
  const key = keyOf(c.caller);
  if (key) {
    const outcome = await d.store.put(c, key, { sku, quantity, price: offer.price }, limits(d, !key.digest));
    if (outcome !== "unknown") return answer(d, c, outcome, key, offer);
    if (!key.digest) throw new Error(`the cart of account ${key.id} is taken by a guest's`);
  }
  for (;;) {
    const now = d.clock.now();
    const fresh = newToken(newId(randomBucket(), now));
    const outcome = await d.store.put(c, fresh, { sku, quantity, price: offer.price }, limits(d, true));
    // Unknown means that the id was another's: a new one is drawn.
    if (outcome === "unknown") continue;
    const cart = await answer(d, c, outcome, fresh, offer);
    return "refusal" in cart ? cart : { ...cart, token: fresh.text };
  }
}

const limits = (d: CartDeps, make: boolean) => ({ make, nowMs: d.clock.now(), most: mostLines });

function answer(
  d: CartDeps,
  c: Context,
  outcome: Exclude<Awaited<ReturnType<CartDeps["store"]["put"]>>, "unknown">,
  key: Parameters<typeof show>[2],
  offer: Offer,
) {
  if (outcome === "full")
    return refuse("cart.full", `Take something out first: a cart holds ${mostLines} different things.`);
  if (outcome === "mixed") {
    return refuse(
      "cart.mixed_currencies",
      "Buy what is in the cart first, or take it out: it has another currency.",
    );
  }
  return show(d, c, key, outcome, [offer]);
}

/** Takes a SKU out; one that is not in it is no harm. */
export async function remove(
  d: CartDeps,
  c: Context,
  { sku }: Parameters<CartDoor["remove"]>[1],
): Promise<Cart> {
  const key = keyOf(c.caller);
  return show(d, c, key, key ? await d.store.remove(c, key, sku) : []);
}
