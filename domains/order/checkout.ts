import { type Id, toBigint } from "#kernel/id";
import type { Refusal } from "#kernel/refusal";
import type { Order, OrderEvent } from "./schema.ts";

/** The part of an order that never changes, as the API shows it. */
export type OrderDocument = Omit<Order, "state" | "payment" | "shipment" | "history" | "version">;

/** An order before it is made: everything that will be stored, ids included. */
export interface PlannedOrder {
  readonly doc: OrderDocument;
  readonly told: OrderEvent;
  readonly event: Id<"event">;
  readonly history: Order["history"];
}

/** A checkout as it was begun. `refusal`: why it was undone. */
export interface StoredCheckout {
  readonly id: Id<"checkout">;
  readonly state: "placing" | "placed" | "undoing" | "undone";
  readonly bodyHash: string;
  readonly orders: readonly PlannedOrder[];
  readonly refusal: Refusal | null;
  readonly fromCart: boolean;
}

/** A checkout that is to be begun. */
export interface NewCheckout {
  readonly id: Id<"checkout">;
  readonly buyer: Id<"account">;
  readonly key: string;
  readonly bodyHash: string;
  readonly orders: readonly PlannedOrder[];
  readonly fromCart: boolean;
}

/** Ids leave TypeScript as text; the database function reads the plan, so its own copies are decimal. */
export const planJson = (orders: readonly PlannedOrder[]): string =>
  JSON.stringify(
    orders.map((order) => ({
      ...order,
      event: toBigint(order.event),
      id: toBigint(order.doc.id),
      buyer: toBigint(order.doc.buyer),
      shop: toBigint(order.doc.shop),
      total: order.doc.total.amount,
      fee: order.told.fee.amount,
      currency: order.doc.total.currency,
      pay_by: order.doc.payBy,
    })),
  );
