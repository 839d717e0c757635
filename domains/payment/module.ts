import type { Clock } from "#kernel/clock";
import { guarded } from "#kernel/door";
import type { Id } from "#kernel/id";
import type { Module } from "#platform/bus/api";
import type { Store } from "#platform/database/api";
import { type PaymentDoor, paymentDoor } from "./api.ts";
import { giveUpMs, paymentJobs } from "./jobs.ts";
import { callback, get, refresh } from "./learn.ts";
import type { Provider } from "./provider.ts";
import { type SandboxSettings, sandboxProvider } from "./providers/sandbox.ts";
import { refund } from "./refund.ts";
import { start } from "./start.ts";
import { type PaymentStore, paymentStore } from "./store.ts";

/** What payment stands on. `told` wakes the bus after a commit with events. */
export interface PaymentDeps {
  readonly store: PaymentStore;
  readonly clock: Clock;
  readonly providers: Readonly<Record<string, Provider>>;
  told(): void;
  log(message: string, error?: unknown): void;
}

/** The providers by the names buyers choose them by: those that were given settings. */
export function openProviders(settings: { sandbox?: SandboxSettings }): Readonly<Record<string, Provider>> {
  return settings.sandbox ? { sandbox: sandboxProvider(settings.sandbox) } : {};
}

/** How long a refund may be under way before the audit calls it broken. */
const refundBoundMs = 3_600_000;

/** Wires the payment domain by hand. */
export function paymentModule(with_: {
  store: Store;
  clock: Clock;
  providers: Readonly<Record<string, Provider>>;
  told(): void;
  log(message: string, error?: unknown): void;
}): Module<PaymentDoor> {
  const deps: PaymentDeps = { ...with_, store: paymentStore(with_.store) };
  const door = guarded(paymentDoor, {
    start: (c, input) => start(deps, c, input),
    get: (c, input) => get(deps, c, input),
    callback: (c, input) => callback(deps, c, input),
    refresh: (c, input) => refresh(deps, c, input),
    refund: (c, input) => refund(deps, c, input),
    facts: async (_c, { cursor, limit = 24 }) => {
      const items = await deps.store.page(cursor as Id<"payment"> | undefined, limit);
      return { items, next: items.length === limit ? (items.at(-1)?.id ?? null) : null };
    },
    audit: () => {
      const now = deps.clock.now();
      return deps.store.audit({
        "payment.refund_overdue": now - refundBoundMs,
        "payment.pending_overdue": now - 3 * giveUpMs,
      });
    },
  });
  return { door, reactions: [], jobs: paymentJobs(deps) };
}
