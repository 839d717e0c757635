import type { Doors } from "#apps/server/compose";
import { demoAccounts } from "#demo/accounts";
import type { DemoShop } from "#demo/types";
import { type Caller, newContext } from "#kernel/context";
import type { Id } from "#kernel/id";
import { expectDone, isRefusal } from "#kernel/refusal";
import { demoContext } from "./demo.ts";

type ShopDoors = Pick<Doors, "account" | "shop">;

/** All shops but the first are theirs, so that the demo merchant has one shop, as most merchants have. */
const otherMerchants = {
  email: "merchants@demo.example",
  name: "Many Merchants",
  password: "demo-merchants-password",
};

const demoMerchant = demoAccounts.find(({ role }) => role === "merchant") ?? otherMerchants;

/**
 * Opens the demo's shops, the first as the demo merchant; those that are open stay as they are. Ids by slug.
 */
export async function openDemoShops(
  doors: ShopDoors,
  shops: readonly DemoShop[],
): Promise<ReadonlyMap<string, Id<"shop">>> {
  const registered = await doors.account.register(demoContext(), otherMerchants);
  if (isRefusal(registered) && registered.refusal !== "account.email_taken") expectDone(registered);
  const ids = new Map<string, Id<"shop">>();
  for (const [owner, theirs] of [
    [demoMerchant, shops.slice(0, 1)],
    [otherMerchants, shops.slice(1)],
  ] as const) {
    const caller = await signIn(doors, owner);
    for (const shop of theirs) ids.set(shop.slug, await openShop(doors, caller, shop));
    expectDone(await doors.account.signOut(contextOf(caller), {}));
  }
  return ids;
}

async function signIn(
  doors: ShopDoors,
  { email, password }: { email: string; password: string },
): Promise<Caller> {
  const { token } = expectDone(await doors.account.signIn(demoContext(), { email, password }));
  const found = expectDone(await doors.account.resolve(demoContext(), { token }));
  if (!found) throw new Error(`the session of ${email} ended as it began`);
  const { account, session, operator, shops } = found;
  return { kind: "account", account, session, operator, shops };
}

const contextOf = (caller: Caller, idempotencyKey?: string) =>
  newContext({ ...demoContext(), caller, idempotencyKey });

async function openShop(doors: ShopDoors, caller: Caller, shop: DemoShop): Promise<Id<"shop">> {
  const { name, description, region, currency } = shop;
  const shipping = { flat: shop.shipping.flatMinor, freeAbove: shop.shipping.freeAboveMinor };
  const context = contextOf(caller, `demo-${shop.slug}`);
  return expectDone(await doors.shop.open(context, { name, description, region, currency, shipping })).id;
}
