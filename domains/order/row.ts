import { fromBigint } from "#kernel/id";
import type { Refusal } from "#kernel/refusal";
import type { OrderDocument, PlannedOrder, StoredCheckout } from "./checkout.ts";
import type { Order, OrderState } from "./schema.ts";

export interface CheckoutRow {
  readonly id: string;
  readonly state: StoredCheckout["state"];
  readonly body_hash: string;
  readonly plan: readonly PlannedOrder[];
  readonly refusal: Refusal | null;
  readonly from_cart: boolean;
}

export interface OrderRow {
  readonly state: OrderState;
  readonly version: number;
  readonly payment: string | null;
  readonly doc: OrderDocument;
  readonly history: Order["history"];
  readonly shipment: Order["shipment"];
}

/** A checkout as its row holds it. */
export const checkoutOf = (row: CheckoutRow): StoredCheckout => ({
  id: fromBigint(row.id),
  state: row.state,
  bodyHash: row.body_hash,
  orders: row.plan,
  refusal: row.refusal,
  fromCart: row.from_cart,
});

/** An order as its row holds it. */
export const orderOf = (row: OrderRow): Order => ({
  ...row.doc,
  state: row.state,
  payment: row.payment === null ? null : fromBigint(row.payment),
  shipment: row.shipment,
  history: row.history,
  version: row.version,
});
