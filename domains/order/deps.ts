import type { AccountDoor } from "#domains/account/api";
import type { CartDoor } from "#domains/cart/api";
import type { CatalogDoor } from "#domains/catalog/api";
import type { InventoryDoor } from "#domains/inventory/api";
import type { PaymentDoor } from "#domains/payment/api";
import type { ShopDoor } from "#domains/shop/api";
import type { Clock } from "#kernel/clock";
import type { OrderAuditStore } from "./audit-store.ts";
import type { OrderStore } from "./store.ts";

/** The doors that order may call. */
export interface Neighbours {
  readonly account: Pick<AccountDoor, "addressOf">;
  readonly shop: Pick<ShopDoor, "getMany">;
  readonly catalog: Pick<CatalogDoor, "skus">;
  readonly cart: Pick<CartDoor, "contents">;
  readonly inventory: Pick<InventoryDoor, "available" | "reserve" | "release">;
  readonly payment: Pick<PaymentDoor, "start" | "refund">;
}

/** What surrounds a domain at work. */
export interface Surroundings {
  readonly clock: Clock;
  /** How long a buyer has to pay, in milliseconds. */
  readonly payWithinMs: number;
  told(): void;
  /** As told; ends when whoever hears order in this process has heard, at the latest after so many milliseconds. */
  heard(withinMs: number): Promise<void>;
  /** Counts what happened to the business, for whoever watches it. */
  counted(what: string, howMany: number): void;
  log(message: string, error?: unknown): void;
}

/** What order stands on. */
export interface OrderDeps extends Neighbours, Surroundings {
  readonly store: OrderStore;
  readonly auditing: OrderAuditStore;
}
