import type { Context } from "#kernel/context";
import { bucketOf, newId } from "#kernel/id";
import { refuse } from "#kernel/refusal";
import type { PaymentDoor } from "./api.ts";
import type { PaymentDeps } from "./deps.ts";
import { type Attempted, digestOf, shown, total } from "./payment.ts";

/** A callback is expected within a second; an attempt that none has come for in this time is asked about. */
const askAfterMs = 30_000;

/** Begins an attempt, or returns the one of that checkout, provider and parts that is pending. */
export async function start(d: PaymentDeps, c: Context, input: Parameters<PaymentDoor["start"]>[1]) {
  const provider = d.providers.get(input.provider);
  if (!provider) return refuse("payment.unknown_provider", "Choose one of the payment providers shown.");
  const { checkout, account, allocations, returnUrl } = input;
  const amount = total(allocations);
  const bucket = bucketOf(checkout);
  if (allocations.some((a) => bucketOf(a.order) !== bucket)) {
    throw new Error("the orders of a checkout lie in its bucket");
  }
  const asked = digestOf(input.provider, allocations);
  const askedFor = { checkout, account, provider: input.provider, amount, returnUrl };
  // A second round follows when the pending one ended between the two statements, or when a drawn id was
  // taken.
  for (let round = 0; round < 3; round++) {
    const now = d.clock.now();
    const fresh: Attempted = {
      ...askedFor,
      id: newId(bucket, now),
      state: "pending",
      refunded: 0,
      createdAt: now,
    };
    // Nobody waits to hear of it, so the relay is not woken: it is carried with what comes next, or within a second.
    const begun = await d.store.begin(c, { ...fresh, asked, allocations, askAtMs: now + askAfterMs });
    const found = begun ?? (await d.store.pending(c, checkout, asked));
    if (found) return shown(found, provider);
  }
  throw new Error(`no attempt to pay ${checkout} could be begun or found`);
}
