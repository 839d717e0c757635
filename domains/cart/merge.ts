import { accountOf, type Context } from "#kernel/context";
import type { Id } from "#kernel/id";
import type { Cart, CartDoor } from "./api.ts";
import { mostLines } from "./cart.ts";
import type { CartDeps } from "./deps.ts";
import { get } from "./show.ts";
import { type Key, readToken } from "./token.ts";

/**
 * Moves a guest's cart into that of the buyer who asks. A token that is no cart's, or another's by now, moves
 * nothing.
 */
export async function merge(
  d: CartDeps,
  c: Context,
  { token }: Parameters<CartDoor["merge"]>[1],
): Promise<Cart> {
  const guest = readToken(token);
  if (guest) await move(d, c, guest, accountOf(c));
  return get(d, c);
}

/**
 * Two buckets, so three commits, each of which may be repeated: seal the guest's cart, so that its lines stay
 * as they are; copy them, once, into the buyer's; empty the guest's and mark it merged.
 */
export async function move(d: CartDeps, c: Context, guest: Key, account: Id<"account">): Promise<void> {
  const now = d.clock.now();
  const lines = await d.store.seal(c, guest, account, now);
  if (lines.length === 0) return;
  await d.store.copy(c, account, guest.id, lines, { nowMs: now, most: mostLines });
  await d.store.empty(c, guest.id, account, now);
}
