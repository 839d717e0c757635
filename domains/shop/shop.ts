import { isoTime } from "#kernel/clock";
import { accountOf, actsFor, type Context, onBehalfOf } from "#kernel/context";
import { type Id, newId, randomBucket, randomToken } from "#kernel/id";
import { expectDone, refuse } from "#kernel/refusal";
import type { Shop, ShopDoor } from "./api.ts";
import type { ShopDeps } from "./deps.ts";

/** The marketplace's share until an operator agrees another: 5 %. */
const feeBasisPoints = 500;

/** Opens a shop for the account that asks; the same idempotency key opens it once. */
export async function open(d: ShopDeps, c: Context, input: Parameters<ShopDoor["open"]>[1]) {
  const owner = accountOf(c);
  const key = c.idempotencyKey ?? randomToken();
  const shop = await add(d, c, owner, key, input);
  d.told();
  // The last step, so that a repeat after a crash finds the rest done and does this one again.
  expectDone(await d.account.grantShop(onBehalfOf(c, "shop"), { account: owner, shop: shop.id }));
  return (await d.store.get(c, shop.id)) ?? shop;
}

async function add(
  d: ShopDeps,
  c: Context,
  owner: Id<"account">,
  key: string,
  input: Parameters<ShopDoor["open"]>[1],
): Promise<Shop> {
  const now = d.clock.now();
  const { name, description = "", region, shipping, currency = "USD" } = input;
  const slug = slugOf(name);
  const fields = {
    slug,
    name,
    description,
    region,
    shipping,
    currency,
    feeBasisPoints,
    createdAt: isoTime(now),
  };
  for (;;) {
    const id = await d.store.claim(c, owner, key, newId(randomBucket(), now));
    const shop = { id, ...fields };
    if ((await d.store.add(c, shop, owner, now)) === owner) return shop;
    // The id was another's: whoever opens a shop must not become staff of that one.
    await d.store.disclaim(c, owner, key, id);
  }
}

export async function change(d: ShopDeps, c: Context, input: Parameters<ShopDoor["change"]>[1]) {
  const { id, ...to } = input;
  if (!actsFor(c.caller, id)) return refuse("shop.not_yours", "Ask somebody who works for this shop.");
  const shop = await d.store.change(c, id, to, d.clock.now());
  if (!shop) return refuse("shop.not_found", "There is no shop with that id.");
  d.told();
  return shop;
}

export async function get(d: ShopDeps, c: Context, input: Parameters<ShopDoor["get"]>[1]) {
  const shop = await d.store.get(c, input.id);
  return shop ?? refuse("shop.not_found", "There is no shop with that id.");
}

/** A name as part of an address: letters of any script, digits, hyphens; at most 80 characters. */
export function slugOf(name: string): string {
  // Accents go; the marks of other scripts are letters of theirs (が, कि) and stay.
  const plain = name
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .normalize("NFC");
  const words = plain.match(/[\p{L}\p{M}\p{N}]+/gu) ?? ["shop"];
  return [...words.join("-")].slice(0, 80).join("").replace(/-$/, "");
}
