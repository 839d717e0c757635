import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import type { Payment } from "#domains/payment/api";
import { type Caller, type Context, newContext } from "#kernel/context";
import { type Id, newId, randomBucket, toBigint } from "#kernel/id";
import { expectDone, isRefusal } from "#kernel/refusal";
import type { PaymentWorld } from "./sandbox.ts";

/** A payment that was begun, with what order would have asked for. */
export interface Begun {
  readonly payment: Payment;
  readonly account: Id<"account">;
  readonly orders: readonly Id<"order">[];
  readonly asked: ReturnType<typeof asking>;
}

/** What order asks of payment: amounts in cents, an order for each. */
export function asking(amounts: readonly number[]) {
  const bucket = randomBucket();
  const now = Date.now();
  return {
    checkout: newId<"checkout">(bucket, now),
    account: newId<"account">(bucket, now),
    provider: "sandbox",
    allocations: amounts.map((amount, i) => ({
      order: newId<"order">(bucket, now + i),
      amount: { amount, currency: "USD" },
    })),
    returnUrl: "/pay/return?from=test",
  };
}

export const as = (caller: Caller): Context =>
  newContext({ caller, deadline: Number.MAX_SAFE_INTEGER, trace: "test" });
export const asOrder = as({ kind: "domain", domain: "order" });
export const anyone = as({ kind: "anonymous" });
export const asBuyer = (account: Id<"account">): Context =>
  as({ kind: "account", account, session: newId(0, Date.now()), operator: false, shops: [] });

export async function begin(world: PaymentWorld, amounts: readonly number[]): Promise<Begun> {
  const asked = asking(amounts);
  const payment = expectDone(await world.payment.door.start(asOrder, asked));
  return { payment, asked, account: asked.account, orders: asked.allocations.map(({ order }) => order) };
}

/** What the sandbox would say of a payment. */
export const notice = (payment: Payment, changes: Record<string, unknown> = {}): string =>
  JSON.stringify({
    reference: payment.id,
    state: "captured",
    amount: payment.amount.amount,
    currency: payment.amount.currency,
    charge: "sbx_test",
    ...changes,
  });

/**
 * Sends a callback straight to the door, signed as the sandbox signs unless told otherwise; its code or
 * "received".
 */
export async function callBack(
  world: PaymentWorld,
  raw: string,
  sign: { key?: string; at?: number; over?: string; header?: string; provider?: string } = {},
): Promise<string> {
  const at = Math.floor((sign.at ?? world.clock.now()) / 1000);
  const hmac = createHmac("sha256", sign.key ?? world.key).update(`${at}.${sign.over ?? raw}`);
  const signature = sign.header ?? `t=${at},v1=${hmac.digest("hex")}`;
  const provider = sign.provider ?? "sandbox";
  const outcome = await world.payment.door.callback(anyone, { provider, raw, signature });
  if (isRefusal(outcome)) return outcome.refusal;
  assert.deepEqual(outcome, { received: true });
  return "received";
}

/** What was told of a payment so far, in its order; the versions must count without gaps. */
export async function told(world: PaymentWorld, payment: Id<"payment">): Promise<string[]> {
  const rows = await world.test.admin(
    `select type, version from payment.outbox where aggregate = ${toBigint(payment)} order by version`,
  );
  assert.deepEqual(
    rows.map(({ version }) => version),
    rows.map((_, i) => i + 1),
  );
  return rows.map(({ type }) => String(type).replace("payment.", ""));
}

export async function stateOf(world: PaymentWorld, { payment, account }: Begun): Promise<string> {
  return expectDone(await world.payment.door.get(asBuyer(account), { id: payment.id })).state;
}

/**
 * Money is neither made nor lost: what payment calls captured the sandbox has charged, what is refunded it
 * has given back, to the cent, payment by payment; and payment's own audit finds nothing.
 */
export async function assertConserved(world: PaymentWorld): Promise<void> {
  const ours =
    await world.test.admin(`select p.id::text, p.amount::int, (select coalesce(sum(r.amount), 0)::int
      from payment.refund r where r.payment = p.id and r.state = 'done') as refunded
    from payment.payment p where p.state = 'captured' order by p.id`);
  const theirs = await world.test.admin(
    "select reference, amount::int, refunded::int from sandbox.charge where state = 'captured'",
  );
  const charged = new Map(theirs.map((row) => [toBigint(row.reference as Id<"payment">), row]));
  for (const { id, amount, refunded } of ours) {
    const charge = charged.get(String(id));
    assert.ok(charge, `${id} is captured here and not there`);
    assert.deepEqual({ amount, refunded }, { amount: charge.amount, refunded: charge.refunded });
  }
  assert.deepEqual(expectDone(await world.payment.door.audit(asOrder, {})).broken, []);
}
