import type { Clock } from "#kernel/clock";
import type { PaymentAuditStore } from "./audit-store.ts";
import type { Provider } from "./provider.ts";
import type { PaymentStore } from "./store.ts";

/** What surrounds payment at work. */
export interface Surroundings {
  readonly clock: Clock;
  /** Wakes the bus after a commit with events. */
  told(): void;
  /** Counts what happened to the business, for whoever watches it. */
  counted(what: string, howMany: number): void;
  log(message: string, error?: unknown): void;
}

/** What payment stands on. */
export interface PaymentDeps extends Surroundings {
  readonly store: PaymentStore;
  readonly auditing: PaymentAuditStore;
  /** By the names that buyers choose them by. A map: no name from outside finds what every object has. */
  readonly providers: ReadonlyMap<string, Provider>;
}
