import { guarded } from "#kernel/door";
import type { Id } from "#kernel/id";
import type { Module } from "#platform/bus/api";
import type { Store } from "#platform/database/api";
import { type PaymentDoor, paymentDoor } from "./api.ts";
import { paymentAuditStore } from "./audit-store.ts";
import type { PaymentDeps, Surroundings } from "./deps.ts";
import { giveUpMs, paymentJobs } from "./jobs.ts";
import { callback, get, refresh } from "./learn.ts";
import type { Provider } from "./provider.ts";
import { type SandboxSettings, sandboxProvider } from "./providers/sandbox.ts";
import { refund } from "./refund.ts";
import { start } from "./start.ts";
import { paymentStore } from "./store.ts";

/** The providers by the names buyers choose them by: those that were given settings. */
export function openProviders(settings: { sandbox?: SandboxSettings }): Readonly<Record<string, Provider>> {
  return settings.sandbox ? { sandbox: sandboxProvider(settings.sandbox) } : {};
}

/** How long a refund may be under way before the audit calls it broken. */
const refundBoundMs = 3_600_000;

/** Wires the payment domain by hand. */
export function paymentModule(
  with_: Surroundings & { store: Store; providers: Readonly<Record<string, Provider>> },
): Module<PaymentDoor> {
  const { store, providers, ...surroundings } = with_;
  const deps: PaymentDeps = {
    ...surroundings,
    store: paymentStore(store),
    auditing: paymentAuditStore(store),
    providers: new Map(Object.entries(providers)),
  };
  const door = guarded(paymentDoor, {
    start: (c, input) => start(deps, c, input),
    get: (c, input) => get(deps, c, input),
    callback: (c, input) => callback(deps, c, input),
    refresh: (c, input) => refresh(deps, c, input),
    refund: (c, input) => refund(deps, c, input),
    facts: async (_c, { cursor, limit = 100 }) => {
      const items = await deps.auditing.page(cursor as Id<"payment"> | undefined, limit);
      return { items, next: items.length === limit ? (items.at(-1)?.id ?? null) : null };
    },
    audit: () => {
      const now = deps.clock.now();
      return deps.auditing.audit({
        "payment.refund_overdue": now - refundBoundMs,
        // Three days: reconciliation gives up after one, and asks each time the attempt is twice as old.
        "payment.pending_overdue": now - 3 * giveUpMs,
      });
    },
  });
  return { door, reactions: [], jobs: paymentJobs(deps) };
}
