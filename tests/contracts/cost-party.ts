import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import type { Doors } from "#apps/server/compose";
import type { Product } from "#domains/catalog/api";
import { systemClock } from "#kernel/clock";
import { type Caller, type Context, newContext } from "#kernel/context";
import type { Id } from "#kernel/id";
import { expectDone, isRefusal } from "#kernel/refusal";
import type { Bus } from "#platform/bus/api";
import { password } from "../support/people.ts";
import { until } from "../support/until.ts";

/** Each operation is asked about few rows, and about many. */
export type Size = "few" | "many";

/** A buyer who has some of everything. */
export interface Party {
  readonly context: Context;
  readonly email: string;
  readonly product: Product;
  readonly address: Id<"address">;
  /** An order in every state that something can be done in. */
  readonly orders: Record<"pending" | "paid" | "shipped" | "refundable", Id<"order">>;
  /** Not paid yet. */
  readonly checkout: Id<"checkout">;
  readonly payment: Id<"payment">;
  /** Of a guest who wants the same things. */
  readonly guestToken: string;
}

export const sandboxKey = "test-only-key";
export const contextOf = (caller: Caller): Context =>
  newContext({
    caller,
    deadline: systemClock.now() + 300_000,
    trace: "cost",
    idempotencyKey: crypto.randomUUID(),
  });
export const asDomain = contextOf({ kind: "domain", domain: "test" });
export const anyone = contextOf({ kind: "anonymous" });
export const again = (context: Context): Context => ({ ...context, idempotencyKey: crypto.randomUUID() });

export const home = {
  recipient: "Ada",
  line1: "12 Analytical Way",
  city: "London",
  postalCode: "N1",
  country: "GB",
};

/** Somebody with an account, made at the first time, with a new session. */
export async function signedIn(doors: Pick<Doors, "account">, email: string): Promise<Context> {
  const registered = await doors.account.register(anyone, { email, name: "Somebody", password });
  if (isRefusal(registered)) assert.equal(registered.refusal, "account.email_taken");
  const { token } = expectDone(await doors.account.signIn(anyone, { email, password }));
  const found = expectDone(await doors.account.resolve(asDomain, { token }));
  assert.ok(found);
  return contextOf({ kind: "account", ...found });
}

/** Makes a buyer of `product`, with so many addresses and orders (five at least), each with a line per SKU. */
export async function partyOf(m: {
  doors: Doors;
  bus: Bus;
  seller: Context;
  product: Product;
  email: string;
  times: number;
}): Promise<Party> {
  const { doors, bus, seller, product, email, times } = m;
  const context = await signedIn(doors, email);
  let address: Id<"address"> | undefined;
  for (let i = 0; i < times; i++) {
    address = expectDone(await doors.account.addAddress(again(context), home)).id;
  }
  assert.ok(address);
  const asked = { lines: product.skus.map(({ id }) => ({ sku: id, quantity: 1 })), address };
  const placed = [];
  for (let i = 0; i < times; i++) {
    const { digest } = expectDone(await doors.order.quote(context, asked));
    placed.push(expectDone(await doors.order.place(again(context), { ...asked, quote: digest })));
  }
  const [pending, paid, shipped, refundable, unpaid] = placed;
  assert.ok(pending && paid && shipped && refundable && unpaid);
  const payments = [];
  for (const { id } of [paid, shipped, refundable]) payments.push(await payFor(doors, context, id));
  const idOf = (checkout: typeof paid) => checkout.orders[0]!.id;
  await until(async () => {
    await bus.quiet();
    return expectDone(await doors.order.get(context, { id: idOf(refundable) })).state === "paid";
  });
  const parcel = { carrier: "Post", trackingNumber: "1" };
  expectDone(await doors.order.ship(again(seller), { id: idOf(shipped), ...parcel }));
  const orders = {
    pending: idOf(pending),
    paid: idOf(paid),
    shipped: idOf(shipped),
    refundable: idOf(refundable),
  };
  const guestToken = await fillCarts(doors, context, product);
  return { context, email, product, address, orders, checkout: unpaid.id, payment: payments[0]!, guestToken };
}

/** Puts every SKU into the buyer's cart and into a guest's; the guest's token. */
async function fillCarts(doors: Doors, context: Context, product: Product): Promise<string> {
  let guest: Context = anyone;
  let token = "";
  for (const { id: sku } of product.skus) {
    expectDone(await doors.cart.put(context, { sku, quantity: 2 }));
    token = expectDone(await doors.cart.put(guest, { sku, quantity: 3 })).token ?? token;
    guest = contextOf({ kind: "guest", cartToken: token });
  }
  return token;
}

/** Pays as a buyer at the sandbox does, in the sandbox's own words. */
async function payFor(doors: Doors, context: Context, checkout: Id<"checkout">): Promise<Id<"payment">> {
  const begun = expectDone(await doors.order.pay(again(context), { checkout, provider: "sandbox" }));
  const raw = JSON.stringify({ reference: begun.id, state: "captured", ...begun.amount, charge: "sbx" });
  const at = Math.floor(systemClock.now() / 1_000);
  const signature = `t=${at},v1=${createHmac("sha256", sandboxKey).update(`${at}.${raw}`).digest("hex")}`;
  expectDone(await doors.payment.callback(anyone, { provider: "sandbox", raw, signature }));
  return begun.id;
}
