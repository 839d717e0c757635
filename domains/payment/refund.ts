import type { Context } from "#kernel/context";
import { refuse } from "#kernel/refusal";
import type { PaymentDoor } from "./api.ts";
import type { PaymentDeps } from "./deps.ts";
import type { DueRefund } from "./store.ts";

/** Makes the part that paid an order due to go back; the job below carries it there. */
export async function refund(d: PaymentDeps, c: Context, input: Parameters<PaymentDoor["refund"]>[1]) {
  const known = await d.store.askRefund(c, input.payment, input.order, input.reason, d.clock.now());
  return known ? null : refuse("payment.not_found", "No captured payment has a part for that order.");
}

/**
 * Asks the provider to give a part back, and records that it did. The key is the same on every try, so that a
 * try whose answer was lost gives nothing back twice.
 */
export async function carryOut(d: PaymentDeps, c: Context, due: DueRefund): Promise<void> {
  const { payment, order, amount, tries } = due;
  const what = `refund of ${amount.amount} ${amount.currency} of payment ${payment} for order ${order}`;
  const provider = d.providers.get(due.provider);
  if (!provider) {
    d.log(
      `the ${what} waits: there is no provider ${due.provider} here. Configure it, and it is tried again.`,
    );
    return;
  }
  try {
    const outcome = await provider.refund({ reference: payment, amount, key: `${payment}-${order}` });
    if (outcome === "refused") {
      d.log(`${due.provider} refused the ${what} (try ${tries}). Ask it why; it is tried again.`);
      return;
    }
  } catch (error) {
    d.log(`${due.provider} could not be asked for the ${what} (try ${tries}); it is tried again`, error);
    return;
  }
  await d.store.finishRefund(c, due, d.clock.now());
  d.counted("payment_refunded", 1);
  d.told();
}
