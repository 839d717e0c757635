import type { Context } from "#kernel/context";
import { newContext } from "#kernel/context";
import { randomToken } from "#kernel/id";
import type { Job } from "#kernel/module";
import type { PaymentDeps } from "./deps.ts";
import { learn } from "./learn.ts";
import { carryOut } from "./refund.ts";
import type { Unanswered } from "./store.ts";

/**
 * How many are asked about at a time: a provider that takes its 3 seconds for each delays nobody else for
 * long.
 */
const batch = 20;

/** An attempt nobody paid in this time has failed. Money that comes later still counts. */
export const giveUpMs = 24 * 3_600_000;

/** Payment's work as time passes: ask about attempts that nothing was heard of, and give back what is due. */
export function paymentJobs(d: PaymentDeps): readonly Job[] {
  return [
    {
      name: "payment.reconcile",
      everyMs: 5_000,
      run: async () => {
        const found = await d.store.claimPending(d.clock.now(), batch);
        await Promise.all(found.map((each) => askAbout(d, jobContext(d), each)));
      },
    },
    {
      name: "payment.refunds",
      everyMs: 1_000,
      run: async () => {
        const found = await d.store.claimRefunds(d.clock.now(), batch);
        await Promise.all(found.map((each) => carryOut(d, jobContext(d), each)));
      },
    },
  ];
}

/** A provider may take 3 seconds; the rest is for the statement after it. */
const jobContext = (d: PaymentDeps): Context =>
  newContext({
    caller: { kind: "domain", domain: "payment" },
    deadline: d.clock.now() + 15_000,
    trace: randomToken(),
  });

async function askAbout(d: PaymentDeps, c: Context, { payment, provider, amount, createdAt }: Unanswered) {
  const asked = d.providers.get(provider);
  if (!asked) {
    d.log(`payment ${payment} stays pending: there is no provider ${provider} here. Configure it.`);
    return;
  }
  try {
    const said = await asked.status(payment);
    if (said && said.state !== "pending") {
      await learn(d, c, provider, said);
      return;
    }
  } catch (error) {
    d.log(`${provider} could not be asked about payment ${payment}; it is asked again`, error);
    return;
  }
  if (d.clock.now() - createdAt < giveUpMs) return;
  await learn(d, c, provider, { reference: payment, state: "failed", amount, providerReference: "" });
}
