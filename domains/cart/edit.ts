import type { Context } from "#kernel/context";
import { newId, randomBucket } from "#kernel/id";
import { refuse } from "#kernel/refusal";
import type { Cart, CartDoor } from "./api.ts";
import { mostLines } from "./cart.ts";
import type { CartDeps } from "./deps.ts";
import { ask, type Known, show } from "./show.ts";
import { keyOf, newToken } from "./token.ts";

/**
 * Says how many of a SKU are wanted. Whoever has no cart, or a token that is no cart's any more, gets a new
 * one and its token. What the cart held when it was last seen is asked about together with what is put in.
 */
export async function put(d: CartDeps, c: Context, { sku, quantity }: Parameters<CartDoor["put"]>[1]) {
  const key = keyOf(c.caller);
  const others = key ? d.recent.skus(key).filter((other) => other !== sku) : [];
  const likely = [sku, ...others.slice(0, mostLines - 1)];
  const known = await ask(d, c, { offers: likely, available: likely });
  const offer = known.offers.get(sku);
  if (!offer) return refuse("cart.sku_not_found", "It is no longer sold. Look for something like it.");
  const line = { sku, quantity, price: offer.price };
  if (key) {
    const outcome = await d.store.put(c, key, line, limits(d, !key.digest));
    if (outcome !== "unknown") return answer(d, c, outcome, key, known);
    if (!key.digest) throw new Error(`the cart of account ${key.id} is taken by a guest's`);
  }
  for (;;) {
    const now = d.clock.now();
    const fresh = newToken(newId(randomBucket(), now));
    const outcome = await d.store.put(c, fresh, line, limits(d, true));
    // Unknown means that the id was another's: a new one is drawn.
    if (outcome === "unknown") continue;
    const cart = await answer(d, c, outcome, fresh, known);
    return "refusal" in cart ? cart : { ...cart, token: fresh.text };
  }
}

const limits = (d: CartDeps, make: boolean) => ({ make, nowMs: d.clock.now(), most: mostLines });

function answer(
  d: CartDeps,
  c: Context,
  outcome: Exclude<Awaited<ReturnType<CartDeps["store"]["put"]>>, "unknown">,
  key: Parameters<typeof show>[2],
  known: Known,
) {
  if (outcome === "full")
    return refuse("cart.full", `Take something out first: a cart holds ${mostLines} different things.`);
  if (outcome === "mixed") {
    return refuse(
      "cart.mixed_currencies",
      "Buy what is in the cart first, or take it out: it has another currency.",
    );
  }
  return show(d, c, key, outcome, known);
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
