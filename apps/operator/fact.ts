import type { InventoryDoor } from "#domains/inventory/api";
import type { OrderDoor } from "#domains/order/api";
import type { PaymentDoor } from "#domains/payment/api";
import type { SettlementDoor } from "#domains/settlement/api";
import type { Refusal } from "#kernel/refusal";

/** The doors whose facts are held against each other. */
export interface AuditedDoors {
  readonly order: Pick<OrderDoor, "audit" | "facts" | "checkoutFacts">;
  readonly inventory: Pick<InventoryDoor, "audit" | "facts">;
  readonly payment: Pick<PaymentDoor, "audit" | "facts">;
  readonly settlement: Pick<SettlementDoor, "audit" | "facts">;
}

type ItemOf<Page> = Page extends (...a: never[]) => Promise<infer R>
  ? Exclude<R, Refusal> extends { items: (infer Item)[] }
    ? Item
    : never
  : never;

export type OrderFact = ItemOf<OrderDoor["facts"]>;
export type ReservationFact = ItemOf<InventoryDoor["facts"]>;
export type PaymentFact = ItemOf<PaymentDoor["facts"]>;
export type EntryFact = ItemOf<SettlementDoor["facts"]>;

/** What the doors told of some buyers, each domain at its own moment. */
export interface Facts {
  readonly orders: readonly OrderFact[];
  readonly reservations: readonly ReservationFact[];
  readonly payments: readonly PaymentFact[];
  readonly entries: readonly EntryFact[];
  /** Of checkouts that hold stock and have no orders. */
  readonly checkouts: readonly { readonly id: string; readonly state: string; readonly changedAt: number }[];
}

/** Two domains that do not agree. `changedAt`: when the younger of the facts came about; milliseconds since 1970. */
export interface Mismatch {
  readonly rule: string;
  readonly offender: string;
  readonly detail: string;
  readonly changedAt: number;
}
