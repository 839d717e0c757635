import type { Address } from "#domains/account/api";
import type { Money } from "#kernel/money";
import type { CartView, CheckoutView, OrdersView, OrderView, PayReturnView } from "./buying.ts";
import type { FormState, Link, Notice } from "./said.ts";

/** The names under which the built files are served. */
export interface Assets {
  readonly script: string;
  readonly styles: readonly string[];
  readonly icon: string;
  /** What a page with that island loads early. */
  readonly islands: { readonly product: readonly string[] };
}

/** Draws a whole document. The server holds this function and nothing else of React. */
export type Render = (assets: Assets, frame: Frame, page: Page) => string;

/** What stands around every page. */
export interface Frame {
  readonly departments: readonly Link[];
  /** The name of the account; null for guests, undefined where nobody looked. */
  readonly signedInAs: string | null | undefined;
  /** Undefined where nobody looked. */
  readonly cartCount: number | undefined;
  /** Path and query of the page, to come back to after signing in. */
  readonly here: string;
}

export type Stock = "in" | "few" | "out";

/** A product as listings show it. */
export interface Card {
  readonly href: string;
  readonly title: string;
  readonly brand: string;
  readonly shopName: string;
  readonly image: string | null;
  readonly image2: string | null;
  /** Shown where the picture cannot be had: its category's. */
  readonly instead: string | null;
  readonly price: Money;
  readonly priceTo?: Money | undefined;
  readonly compareAt?: Money | undefined;
  readonly stock: Stock;
}

export interface Tile {
  readonly href: string;
  readonly name: string;
  readonly nameZh: string;
  readonly image: string | null;
}

export interface DepartmentTile extends Tile {
  readonly below: readonly Link[];
}

export interface ShopCard {
  readonly href: string;
  readonly name: string;
  readonly region: string;
  readonly description: string;
  readonly shippingFlat: Money;
  readonly freeAbove: Money | null;
}

export interface HomeView {
  readonly departments: readonly DepartmentTile[];
  readonly tiles: readonly Tile[];
  /** Shown large beside the greeting. */
  readonly large: readonly Card[];
  readonly fresh: readonly Card[];
  readonly shops: readonly ShopCard[];
}

export interface FacetValue {
  readonly value: string;
  readonly label: string;
  /** Null where a number would say nothing. */
  readonly count: number | null;
  readonly chosen: boolean;
}

/** One group of the filter form; `param` is its name in the address. */
export interface Facet {
  readonly name: string;
  readonly param: string;
  readonly values: readonly FacetValue[];
}

export interface ListingView {
  /** What was searched for stands apart from the words around it. */
  readonly heading: string;
  readonly headingBefore?: string | undefined;
  readonly headingZh?: string | undefined;
  readonly intro?: string | undefined;
  readonly trail: readonly Link[];
  /** Where the filter form goes, and what it must carry along. */
  readonly action: string;
  readonly carried: readonly { readonly name: string; readonly value: string }[];
  readonly narrower: readonly (Link & { readonly count: number | null; readonly current: boolean })[];
  readonly facets: readonly Facet[];
  readonly priceRanges: readonly FacetValue[];
  readonly sorts: readonly FacetValue[];
  /** What is filtered by now, each with the address that leaves it out. */
  readonly chips: readonly Link[];
  readonly clearHref: string;
  readonly items: readonly Card[];
  /** How many come before the first of them. */
  readonly before: number;
  readonly total: number;
  /** Whether the total is an estimate. */
  readonly isAbout: boolean;
  readonly nextHref: string | null;
  readonly firstHref: string | null;
  readonly corrected?: string | undefined;
  /** What the corrected text does without. */
  readonly dropped?: readonly string[] | undefined;
  /** Other ways on, where nothing was found. */
  readonly instead: readonly Link[];
  readonly shop?: ShopCard | undefined;
}

export interface Choice {
  readonly sku: string;
  readonly options: Readonly<Record<string, string>>;
  readonly price: Money;
  readonly compareAt?: Money | undefined;
  /** Which picture shows it. */
  readonly image: number | null;
  readonly available: number;
}

/** What the hydrated part of a product's page works with. */
export interface ProductChoiceView {
  readonly product: string;
  readonly path: string;
  readonly title: string;
  readonly brand: string;
  readonly images: readonly { readonly url: string; readonly alt: string }[];
  /** Shown where a picture cannot be had: the category's. */
  readonly instead: string | null;
  readonly options: readonly {
    readonly name: string;
    readonly values: readonly { readonly value: string; readonly image: number | null }[];
  }[];
  readonly choices: readonly Choice[];
  /** The SKU that is shown first. */
  readonly chosen: string;
  readonly quantity: number;
  readonly shop: ShopCard;
  readonly notice: Notice | null;
}

export interface ProductView {
  readonly choice: ProductChoiceView;
  readonly trail: readonly Link[];
  readonly descriptionHtml: string;
  readonly attributes: readonly { readonly name: string; readonly values: readonly string[] }[];
  readonly alike: readonly Card[];
  readonly alikeHref: string;
}

export interface RegisterView {
  readonly form: FormState;
  readonly next: string;
  /** Why somebody was sent here. */
  readonly reason: string | null;
}

export interface SignInView extends RegisterView {
  readonly demoAccounts: readonly {
    readonly email: string;
    readonly password: string;
    readonly role: string;
  }[];
}

export interface AccountView {
  readonly name: string;
  readonly email: string;
  readonly nameForm: FormState;
  readonly addresses: readonly Address[];
  readonly addressForm: FormState;
  /** The address that is being changed; null: a new one is being added. */
  readonly editing: string | null;
  readonly formOpen: boolean;
  readonly key: string;
  readonly notice: Notice | null;
}

export interface ErrorView {
  readonly heading: string;
  readonly text: string;
  readonly links: readonly Link[];
  /** The request's id, for those who ask for help. */
  readonly trace: string | null;
}

type Drawn<Name extends string, View> = { readonly name: Name; readonly view: View };

/** Any page: its name picks how it is drawn. */
export type Page = {
  readonly title: string;
  readonly description?: string | undefined;
  /** Left out of search engines' indexes. */
  readonly isPrivate?: boolean | undefined;
  /** Seconds after which the page asks for `refreshTo` by itself. */
  readonly refresh?: { readonly seconds: number; readonly to: string } | undefined;
  readonly query?: string | undefined;
} & (
  | Drawn<"home", HomeView>
  | Drawn<"listing", ListingView>
  | Drawn<"product", ProductView>
  | Drawn<"cart", CartView>
  | Drawn<"checkout", CheckoutView>
  | Drawn<"pay-return", PayReturnView>
  | Drawn<"orders", OrdersView>
  | Drawn<"order", OrderView>
  | Drawn<"sign-in", SignInView>
  | Drawn<"register", RegisterView>
  | Drawn<"account", AccountView>
  | Drawn<"error", ErrorView>
);
