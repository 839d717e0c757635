import type { Shop } from "#domains/shop/api";
import type { Id } from "#kernel/id";
import { type Money, money, sum, times } from "#kernel/money";
import type { ShopQuote } from "./schema.ts";

/** What catalog says of a SKU, as far as a price needs it. */
export interface Offer {
  readonly sku: Id<"sku">;
  readonly product: Id<"product">;
  readonly shop: Id<"shop">;
  readonly title: string;
  readonly slug: string;
  readonly code: string;
  readonly options: Record<string, string>;
  readonly image: string | null;
  readonly price: Money;
}

export interface Wish {
  readonly sku: Id<"sku">;
  readonly quantity: number;
}

/** The same wish said in several lines is one wish. Keeps the order of first mention. */
export function addUp(wishes: readonly Wish[]): Wish[] {
  const quantities = new Map<Id<"sku">, number>();
  for (const { sku, quantity } of wishes) quantities.set(sku, (quantities.get(sku) ?? 0) + quantity);
  return [...quantities].map(([sku, quantity]) => ({ sku, quantity }));
}

/** What one shop charges for shipping goods of this price: flat, or nothing from a sum on. */
export function shippingFor(shop: Pick<Shop, "shipping">, items: Money): Money {
  const { flat, freeAbove } = shop.shipping;
  const free = freeAbove !== null && items.amount >= freeAbove;
  return money(free ? 0 : flat, items.currency);
}

/** The price of wishes at one shop. Every line, shipping and total in the currency of its offers. */
export function priceAtShop(shop: Shop, wanted: readonly { offer: Offer; quantity: number }[]): ShopQuote {
  const currency = wanted[0]?.offer.price.currency ?? shop.currency;
  const lines = wanted.map(({ offer, quantity }) => ({
    sku: offer.sku,
    product: offer.product,
    title: offer.title,
    slug: offer.slug,
    code: offer.code,
    options: offer.options,
    image: offer.image,
    quantity,
    price: offer.price,
    total: times(offer.price, quantity),
  }));
  const items = sum(
    lines.map((line) => line.total),
    currency,
  );
  const shipping = shippingFor(shop, items);
  const zero = money(0, currency);
  const quote = {
    shop: shop.id,
    shopName: shop.name,
    lines,
    items,
    shipping,
    discount: zero,
    tax: zero,
    total: sum([items, shipping], currency),
  };
  const { freeAbove } = shop.shipping;
  if (shipping.amount === 0 || freeAbove === null) return quote;
  return { ...quote, freeShippingIn: money(freeAbove - items.amount, currency) };
}

/** All that a buyer is shown and must be charged, as one text: its digest stands for every price in it. */
export function pricesOf(shops: readonly ShopQuote[]): string {
  return JSON.stringify(
    shops.map((s) => [
      s.shop,
      s.total.currency,
      s.lines.map((l) => [l.sku, l.quantity, l.price.amount]),
      s.shipping.amount,
      s.discount.amount,
      s.tax.amount,
      s.total.amount,
    ]),
  );
}
