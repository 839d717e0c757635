import type { Shop, ShopDoor } from "#domains/shop/api";
import { systemClock } from "#kernel/clock";
import { newContext } from "#kernel/context";
import { type Id, isId, randomToken } from "#kernel/id";
import { expectDone, isRefusal } from "#kernel/refusal";
import { CommandRefused } from "./refusals.ts";

const findMs = 60_000;
/** So many are named in a message; the rest are counted. */
const named = 5;

/**
 * The shop that somebody means by `text`: its id, the address of its page, which holds it, or its slug. Throws
 * CommandRefused: `shop.none`, or `shop.several`, since two shops may have the same slug.
 */
export async function findShop(
  shops: Pick<ShopDoor, "get" | "list">,
  text: string,
): Promise<{ id: Id<"shop">; name: string }> {
  const context = newContext({ deadline: systemClock.now() + findMs, trace: randomToken() });
  const [, inAddress] = /\/s\/(\w{13})(?:\/|$)/.exec(text) ?? [];
  const id = inAddress ?? text;
  if (isId(id)) {
    const found = await shops.get(context, { id: id as Id<"shop"> });
    if (!isRefusal(found)) return found;
  }
  const alike: Shop[] = [];
  for (let cursor: string | undefined; ; ) {
    const { items, next } = expectDone(await shops.list(context, { limit: 100, ...(cursor && { cursor }) }));
    alike.push(...items.filter(({ slug }) => slug === text));
    if (next === null) break;
    cursor = next;
  }
  const [shop, another] = alike;
  if (!shop) {
    throw new CommandRefused(
      "shop.none",
      `No shop has the id or the slug "${text}". A shop's page has both in its address, and GET /api/v1/shops lists them.`,
    );
  }
  if (!another) return shop;
  const ids = alike.slice(0, named).map(({ id, name }) => `${id} (${name})`);
  const more = alike.length > named ? ` and ${alike.length - named} more` : "";
  throw new CommandRefused(
    "shop.several",
    `${alike.length} shops have the slug "${text}". Give the id of one: ${ids.join(", ")}${more}.`,
  );
}
