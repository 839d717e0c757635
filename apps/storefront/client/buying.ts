import type { Address } from "#domains/account/api";
import type { OrderDoor } from "#domains/order/api";
import type { Money } from "#kernel/money";
import type { Refusal } from "#kernel/refusal";
import type { FormState, Link, Notice } from "./said.ts";

type Answer<Operation extends keyof OrderDoor> = Exclude<Awaited<ReturnType<OrderDoor[Operation]>>, Refusal>;
export type Order = Answer<"get">;
export type Quote = Answer<"quote">;

export interface CartLineView {
  readonly sku: string;
  readonly href: string;
  readonly title: string;
  /** The values chosen, such as "Navy, M". */
  readonly chosen: string;
  readonly image: string | null;
  readonly quantity: number;
  readonly price: Money;
  readonly priceBefore: Money | null;
  readonly total: Money;
  readonly available: number;
}

export interface CartShopView {
  readonly shop: Link;
  readonly lines: readonly CartLineView[];
  readonly items: Money;
  /** What more must be bought there to ship free; null where nothing would change. */
  readonly freeShippingIn: Money | null;
  readonly shipsFree: boolean;
}

export interface CartView {
  readonly shops: readonly CartShopView[];
  readonly total: Money;
  readonly count: number;
  readonly goneCount: number;
  /** Whether every line can be had as it stands. */
  readonly canCheckOut: boolean;
  readonly notice: Notice | null;
}

export interface CheckoutView {
  readonly quote: Quote;
  readonly addresses: readonly Address[];
  readonly address: string | null;
  readonly addressForm: FormState;
  readonly addressFormOpen: boolean;
  /** Made by the server: the same form sent twice places one checkout. */
  readonly key: string;
  readonly notice: Notice | null;
}

export interface PayReturnView {
  readonly state: "captured" | "pending" | "failed";
  readonly amount: Money;
  readonly checkout: string;
  readonly orders: readonly OrderCard[];
  /** Whether it may be tried again: some order of it still waits to be paid. */
  readonly canRetry: boolean;
  readonly key: string;
  /** Whether the page still asks by itself. */
  readonly asksAgain: boolean;
  readonly againHref: string;
}

export interface OrderCard {
  readonly id: string;
  readonly href: string;
  readonly shopName: string;
  readonly state: Order["state"];
  readonly at: string;
  readonly total: Money;
  readonly pieces: number;
  readonly pictures: readonly { readonly image: string | null; readonly title: string }[];
  readonly titles: string;
}

export interface OrderView {
  readonly order: Order;
  readonly shopHref: string;
  /** Milliseconds left to pay, while pending. */
  readonly payWithinMs: number | null;
  readonly keys: { readonly pay: string; readonly act: string };
  readonly notice: Notice | null;
}
