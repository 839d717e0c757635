import type { Context } from "#kernel/context";
import { type Id, isId } from "#kernel/id";
import { isRefusal, refuse } from "#kernel/refusal";
import type { PaymentDoor } from "./api.ts";
import type { PaymentDeps } from "./deps.ts";
import { type Attempted, becomes, shown } from "./payment.ts";
import type { Notice } from "./provider.ts";

const notFound = () => refuse("payment.not_found", "There is no payment with that id.");

/**
 * Takes a provider's word for what became of an attempt. However often and from wherever it comes (callback,
 * browser's return, reconciliation), the payment changes once and one event tells of it.
 */
export async function learn(d: PaymentDeps, c: Context, provider: string, notice: Notice) {
  const { reference, state, amount } = notice;
  if (!isId(reference)) return notFound();
  // A pending notice changes nothing, yet it is held against the payment, so that a wrong one is noticed.
  const to = state === "pending" ? undefined : state;
  const settled = await d.store.settle(
    c,
    {
      id: reference as Id<"payment">,
      provider,
      amount,
      to: to ?? "pending",
      from: to ? becomes[to] : [],
      providerReference: notice.providerReference || null,
    },
    d.clock.now(),
  );
  if (!settled) return notFound();
  if (settled.changed) {
    d.counted(`payment_${state}`, 1);
    d.told();
  }
  const { amount: ours } = settled;
  if (ours.amount === amount.amount && ours.currency === amount.currency) return undefined;
  d.counted("payment_wrong_amount", 1);
  d.log(
    `${provider} speaks of ${amount.amount} ${amount.currency} for payment ${reference}, ` +
      `which is of ${ours.amount} ${ours.currency}: nothing was changed. Ask the provider about it.`,
  );
  return refuse(
    "payment.wrong_amount",
    "The amount is not the one that was asked for; nothing was recorded.",
  );
}

/** A provider's callback. The signature is checked before anything in it is believed. */
export async function callback(d: PaymentDeps, c: Context, input: Parameters<PaymentDoor["callback"]>[1]) {
  const provider = d.providers.get(input.provider);
  if (!provider) return refuse("payment.unknown_provider", "No such provider calls back here.");
  const notice = provider.verify(input.raw, input.signature);
  if (isRefusal(notice)) return notice;
  return (await learn(d, c, input.provider, notice)) ?? { received: true };
}

/**
 * Asks the provider about a pending attempt. A provider that does not answer changes nothing: its callback
 * will come. The browser that returns from paying asks this: the callback may have been written for it a moment ago,
 * and gave its read token to the provider.
 */
export async function refresh(d: PaymentDeps, c: Context, input: Parameters<PaymentDoor["refresh"]>[1]) {
  const known = theirs(c, await d.store.newest(c, input.id));
  if (!known) return notFound();
  const provider = d.providers.get(known.provider);
  if (known.state !== "pending" || !provider) return shown(known, provider);
  try {
    const notice = await provider.status(known.id);
    if (!notice) return shown(known, provider);
    await learn(d, c, known.provider, notice);
  } catch (error) {
    d.log(`${known.provider} could not be asked about payment ${known.id}; reconciliation asks again`, error);
    return shown(known, provider);
  }
  return shown((await d.store.get(c, known.id)) ?? known, provider);
}

/** A payment of the caller's own; one of somebody else's is answered like one that does not exist. */
export async function get(d: PaymentDeps, c: Context, input: Parameters<PaymentDoor["get"]>[1]) {
  const known = theirs(c, await d.store.get(c, input.id));
  return known ? shown(known, d.providers.get(known.provider)) : notFound();
}

function theirs(c: Context, known: Attempted | undefined): Attempted | undefined {
  const isTheirs =
    c.caller.kind === "domain" || (c.caller.kind === "account" && c.caller.account === known?.account);
  return isTheirs ? known : undefined;
}
