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
  /** What was chosen, such as "Colour: Navy, Size: M". */
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
  /** What the shop asks for sending this; null if it could not be asked. */
  readonly shipping: Money | null;
  /** What more must be bought there to ship free; null where nothing would change. */
  readonly freeShippingIn: Money | null;
}

/** What of a checkout is still to be paid: one payment for all its orders. */
export interface Unpaid {
  readonly checkout: string;
  readonly total: Money;
  readonly payBy: string;
  /** Milliseconds left to pay. */
  readonly withinMs: number;
  readonly orders: readonly { readonly id: string; readonly shopName: string; readonly total: Money }[];
  /** Of the form that pays it. */
  readonly key: string;
}

export interface CartView {
  readonly shops: readonly CartShopView[];
  readonly items: Money;
  /** Null where some shop's shipping is not known. */
  readonly shipping: Money | null;
  readonly count: number;
  readonly goneCount: number;
  /** Whether every line can be had as it stands. */
  readonly canCheckOut: boolean;
  /** Checkouts placed earlier that wait to be paid. */
  readonly unpaid: readonly Unpaid[];
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
  readonly orders: readonly OrderCard[];
  /** What may be tried again, if some order of it still waits to be paid. */
  readonly unpaid: Unpaid | null;
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

/** The orders of one checkout: placed together, paid together. */
export interface OrderGroup {
  readonly checkout: string;
  readonly at: string;
  readonly total: Money;
  readonly orders: readonly OrderCard[];
  readonly unpaid: Unpaid | null;
}

export interface OrdersView {
  readonly groups: readonly OrderGroup[];
  readonly nextHref: string | null;
}

export interface OrderView {
  readonly order: Order;
  readonly shopHref: string;
  /** While it waits to be paid: it and what is paid together with it. */
  readonly unpaid: Unpaid | null;
  readonly key: string;
  readonly notice: Notice | null;
}
