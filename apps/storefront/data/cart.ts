import type { Cart, CartLine } from "#domains/cart/api";
import type { Shop } from "#domains/shop/api";
import type { Context } from "#kernel/context";
import type { Id } from "#kernel/id";
import { type Money, sum, times } from "#kernel/money";
import { expectDone } from "#kernel/refusal";
import type { CartLineView, CartShopView } from "../client/buying.ts";
import type { Notice } from "../client/said.ts";
import type { Answer, Work } from "../server/answer.ts";
import { productPath, shopPath } from "../server/cards.ts";
import { queryOf } from "../server/query.ts";
import type { Site } from "../server/site.ts";

/** The cart: cart once (which asks for prices and stock itself), then the names of its shops at once. */
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
  const found = expectDone(await site.doors.cart.get(context, {}));
  const ids = [...new Set(found.lines.map((line) => line.shop))];
  const shops = ids.length > 0 ? expectDone(await site.doors.shop.getMany(context, { ids })) : [];
  const byId = new Map(shops.map((shop) => [shop.id, shop]));
  return {
    status,
    cartCount: found.count,
    page: {
      name: "cart",
      title: "Your cart",
      isPrivate: true,
      view: {
        shops: ids.map((id) =>
          groupOf(
            byId.get(id),
            id,
            found.lines.filter((line) => line.shop === id),
          ),
        ),
        total: found.total,
        count: found.count,
        goneCount: found.gone.length,
        canCheckOut: found.lines.every((line) => line.available >= line.quantity),
        notice: say(found),
      },
    },
  };
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

function shippingOf(
  shop: Shop | undefined,
  items: Money,
): Pick<CartShopView, "freeShippingIn" | "shipsFree"> {
  if (!shop) return { freeShippingIn: null, shipsFree: false };
  const { flat, freeAbove } = shop.shipping;
  if (flat === 0 || (freeAbove !== null && items.amount >= freeAbove))
    return { freeShippingIn: null, shipsFree: true };
  const missing = freeAbove === null ? null : { amount: freeAbove - items.amount, currency: items.currency };
  return { freeShippingIn: missing, shipsFree: false };
}

const lineOf = (line: CartLine): CartLineView => ({
  sku: line.sku,
  href: `${productPath(line.product, line.slug)}?sku=${line.sku}`,
  title: line.title,
  chosen: Object.values(line.options).join(", "),
  image: line.image,
  quantity: line.quantity,
  price: line.price,
  priceBefore: line.priceBefore ?? null,
  total: times(line.price, line.quantity),
  available: line.available,
});
