import { isoTime } from "#kernel/clock";
import { actsFor, type Context, onBehalfOf } from "#kernel/context";
import { money } from "#kernel/money";
import { isRefusal, refuse } from "#kernel/refusal";
import type { SettlementDoor } from "./api.ts";
import type { SettlementDeps } from "./deps.ts";

/** What a shop has coming, for its staff. A shop that never sold has nothing, in its own currency. */
export async function balance(
  d: SettlementDeps,
  c: Context,
  input: Parameters<SettlementDoor["balance"]>[1],
) {
  const notTheirs = () => refuse("settlement.not_yours", "Ask somebody who works for this shop.");
  if (!actsFor(c.caller, input.shop)) return notTheirs();
  const found = await d.store.balance(c, input.shop);
  if (found) return { shop: input.shop, ...found, updatedAt: isoTime(found.updatedAt) };
  const shop = await d.shop.get(onBehalfOf(c, "settlement"), { id: input.shop });
  if (isRefusal(shop)) return notTheirs();
  const nothing = money(0, shop.currency);
  return { shop: input.shop, escrow: nothing, payable: nothing, updatedAt: null };
}
