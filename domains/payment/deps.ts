import type { Clock } from "#kernel/clock";
import type { PaymentAuditStore } from "./audit-store.ts";
import type { Provider } from "./provider.ts";
import type { PaymentStore } from "./store.ts";

/** What surrounds payment at work. */
export interface Surroundings {
  readonly clock: Clock;
  /** By the names buyers choose them by. */
  readonly providers: Readonly<Record<string, Provider>>;
  /** Wakes the bus after a commit with events. */
  told(): void;
  /** Counts what happened to the business, for whoever watches it. */
  counted?(what: string, howMany: number): void;
  log(message: string, error?: unknown): void;
}

/** What payment stands on. */
export interface PaymentDeps extends Surroundings {
  readonly store: PaymentStore;
  readonly auditing: PaymentAuditStore;
}
