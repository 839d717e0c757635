import { isoTime } from "#kernel/clock";
import { accountOf, actsFor, type Context, onBehalfOf } from "#kernel/context";
import { newId, randomBucket, randomToken } from "#kernel/id";
import { expectDone, refuse } from "#kernel/refusal";
import type { Shop, ShopDoor } from "./api.ts";
import type { ShopDeps } from "./deps.ts";

/** The marketplace's share until an operator agrees another: 5 %. */
const feeBasisPoints = 500;

/** Opens a shop for the account that asks; the same idempotency key opens it once. */
export async function open(d: ShopDeps, c: Context, input: Parameters<ShopDoor["open"]>[1]) {
  const owner = accountOf(c);
  const key = c.idempotencyKey ?? randomToken();
  const now = d.clock.now();
  const id = await d.store.claim(c, owner, key, newId(randomBucket(), now));
  const shop: Shop = {
    id,
    slug: slugOf(input.name),
    name: input.name,
    description: input.description ?? "",
    region: input.region,
    shipping: input.shipping,
    currency: input.currency ?? "USD",
    feeBasisPoints,
    createdAt: isoTime(now),
  };
  await d.store.add(c, shop, owner, now);
  d.told();
  // The last step, so that a repeat after a crash finds the rest done and does this one again.
  expectDone(await d.account.grantShop(onBehalfOf(c, "shop"), { account: owner, shop: id }));
  return (await d.store.get(c, id)) ?? shop;
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

/** A name as part of an address: letters of any script, digits, hyphens. */
export function slugOf(name: string): string {
  const words = name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu);
  return (words ?? ["shop"]).join("-").slice(0, 80);
}
