import type { Cart, CartLine } from "#domains/cart/api";
import type { Shop } from "#domains/shop/api";
import type { Context } from "#kernel/context";
import type { Id } from "#kernel/id";
import { type Money, sum, times } from "#kernel/money";
import { expectDone } from "#kernel/refusal";
import type { CartLineView, CartShopView, Unpaid } from "../client/buying.ts";
import { optionWords } from "../client/format.ts";
import type { Notice } from "../client/said.ts";
import type { Answer, Work } from "../server/answer.ts";
import { productPath, shopPath } from "../server/cards.ts";
import { queryOf } from "../server/query.ts";
import type { Site } from "../server/site.ts";
import { checkoutsOf, unpaidOf, wholeCheckouts } from "./unpaid.ts";

/**
 * The cart: cart once (which asks for prices and stock itself), then its shops at once; of who is signed in also order
 * once, for what waits to be paid.
 */
export const cart =
  (site: Site): Work =>
  async (request) =>
    cartPage(site, request.context, (found) => saidBy(queryOf(request), found));

/** The page of the cart as it is now, with what is to be said of it. */
export async function cartPage(
  site: Site,
  context: Context,
  say: (cart: Cart) => Notice | null,
  status = 200,
): Promise<Answer> {
  const [found, unpaid] = await Promise.all([
    site.doors.cart.get(context, {}).then(expectDone),
    unpaidOnes(site, context),
  ]);
  const ids = [...new Set(found.lines.map((line) => line.shop))];
  const known = ids.length > 0 ? expectDone(await site.doors.shop.getMany(context, { ids })) : [];
  const byId = new Map(known.map((shop) => [shop.id, shop]));
  const shops = ids
    .map((id) => groupOf(byId.get(id), id, linesOf(found, id)))
    .sort((a, b) => a.shop.label.localeCompare(b.shop.label, "en"));
  const shipping = shops.flatMap((shop) => shop.shipping ?? []);
  return {
    status,
    cartCount: found.count,
    page: {
      name: "cart",
      title: "Your cart",
      isPrivate: true,
      view: {
        shops,
        items: found.total,
        shipping: shipping.length === shops.length ? sum(shipping, found.total.currency) : null,
        count: found.count,
        goneCount: found.gone.length,
        canCheckOut: found.lines.every((line) => line.available >= line.quantity),
        unpaid,
        notice: say(found),
      },
    },
  };
}

const linesOf = (cart: Cart, shop: Id<"shop">) => cart.lines.filter((line) => line.shop === shop);

/** An order waits for half an hour or so: it is among the newest. */
async function unpaidOnes(site: Site, context: Context): Promise<Unpaid[]> {
  if (context.caller.kind !== "account") return [];
  const newest = wholeCheckouts(expectDone(await site.doors.order.list(context, { limit: 30 })));
  return checkoutsOf(newest.items).flatMap((orders) => unpaidOf(orders, site.clock.now()) ?? []);
}

/** What the address says has just been done. */
function saidBy(query: URLSearchParams, found: Cart): Notice | null {
  const added = found.lines.find((line) => line.sku === query.get("added"));
  if (added) return { tone: "good", title: "Added to your cart", text: added.title };
  return query.has("removed") ? { tone: "calm", title: "Taken out of your cart" } : null;
}

function groupOf(shop: Shop | undefined, id: Id<"shop">, lines: readonly CartLine[]): CartShopView {
  const currency = lines[0]?.price.currency ?? "USD";
  const items = sum(
    lines.map((line) => times(line.price, line.quantity)),
    currency,
  );
  return {
    shop: shop ? { href: shopPath(shop), label: shop.name } : { href: `/s/${id}`, label: "A shop" },
    lines: lines.map(lineOf),
    items,
    ...shippingOf(shop, items),
  };
}

/** As order reckons it; what is charged is the quote's at the checkout. */
function shippingOf(
  shop: Shop | undefined,
  { amount, currency }: Money,
): Pick<CartShopView, "freeShippingIn" | "shipping"> {
  if (!shop) return { freeShippingIn: null, shipping: null };
  const { flat, freeAbove } = shop.shipping;
  const isFree = flat === 0 || (freeAbove !== null && amount >= freeAbove);
  return {
    shipping: { amount: isFree ? 0 : flat, currency },
    freeShippingIn: isFree || freeAbove === null ? null : { amount: freeAbove - amount, currency },
  };
}

const lineOf = (line: CartLine): CartLineView => ({
  sku: line.sku,
  href: `${productPath(line.product, line.slug)}?sku=${line.sku}`,
  title: line.title,
  chosen: optionWords(line.options),
  image: line.image,
  quantity: line.quantity,
  price: line.price,
  priceBefore: line.priceBefore ?? null,
  total: times(line.price, line.quantity),
  available: line.available,
});
