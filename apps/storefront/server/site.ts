import type { AccountDoor } from "#domains/account/api";
import type { CartDoor } from "#domains/cart/api";
import type { CatalogDoor } from "#domains/catalog/api";
import type { InventoryDoor } from "#domains/inventory/api";
import type { OrderDoor } from "#domains/order/api";
import type { PaymentDoor } from "#domains/payment/api";
import type { SearchDoor } from "#domains/search/api";
import type { ShopDoor } from "#domains/shop/api";
import type { Clock } from "#kernel/clock";
import type { Flags } from "#platform/flags/api";
import type { StorefrontBuild } from "../build.ts";
import type { SignInView } from "../client/model.ts";
import type { Navigation } from "./navigation.ts";

/** The doors the storefront goes through. */
export interface Doors {
  readonly account: AccountDoor;
  readonly shop: ShopDoor;
  readonly catalog: CatalogDoor;
  readonly search: SearchDoor;
  readonly inventory: InventoryDoor;
  readonly cart: CartDoor;
  readonly order: OrderDoor;
  readonly payment: PaymentDoor;
}

/** What every page of the storefront stands on. */
export interface Site {
  readonly doors: Doors;
  readonly build: StorefrontBuild;
  readonly clock: Clock;
  /** The provider that checkouts are paid with, such as sandbox. */
  readonly paymentProvider: string;
  /** Shown on the sign-in page; empty outside demonstrations. */
  readonly demoAccounts: SignInView["demoAccounts"];
  readonly navigation: Navigation;
  /** Which costly parts a page may have. */
  readonly flags: Flags;
}
