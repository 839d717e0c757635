import type { CatalogDoor } from "#domains/catalog/api";
import type { Id } from "#kernel/id";
import { type Money, sum, times } from "#kernel/money";
import type { Refusal } from "#kernel/refusal";
import type { Cart, CartLine } from "./api.ts";

/** How many different things a cart holds; also how many ids catalog and inventory take at once. */
export const mostLines = 100;

/** Of the total of an empty cart. */
const noCurrency = "USD";

/** A line as it is kept: what is wanted, and what it cost when it was last put in. */
export interface Line {
  readonly sku: Id<"sku">;
  readonly quantity: number;
  readonly price: Money;
  /** Milliseconds since 1970. */
  readonly addedAt: number;
}

/** What catalog says of a SKU that can be bought. */
export type Offer = Exclude<Awaited<ReturnType<CatalogDoor["skus"]>>, Refusal>[number];

/** A cart as it is shown: the lines that catalog offers, at the prices and stocks of now. */
export function shown(
  lines: readonly Line[],
  offers: ReadonlyMap<Id<"sku">, Offer>,
  available: ReadonlyMap<Id<"sku">, number>,
): Omit<Cart, "gone"> {
  const visible = lines.flatMap((line): CartLine[] => {
    const offer = offers.get(line.sku);
    return offer ? [shownLine(line, offer, available.get(line.sku) ?? 0)] : [];
  });
  const currency = visible[0]?.price.currency ?? noCurrency;
  // A merchant may have changed a SKU's currency since: order refuses such a cart, showing it must not fail.
  const counted = visible.filter(({ price }) => price.currency === currency);
  return {
    lines: visible,
    total: sum(
      counted.map(({ price, quantity }) => times(price, quantity)),
      currency,
    ),
    count: visible.reduce((pieces, { quantity }) => pieces + quantity, 0),
  };
}

function shownLine({ sku, quantity, price: before }: Line, offer: Offer, available: number): CartLine {
  const { product, shop, slug, title, options, image, price } = offer;
  const isChanged = before.amount !== price.amount || before.currency !== price.currency;
  const line = { sku, product, shop, slug, title, options, image, quantity, price, available };
  return isChanged ? { ...line, priceBefore: before } : line;
}
