import type { Hit } from "#domains/search/api";
import type { Shop } from "#domains/shop/api";
import type { Context } from "#kernel/context";
import type { Id } from "#kernel/id";
import { expectDone } from "#kernel/refusal";
import type { Card, ShopCard, Stock } from "../client/model.ts";
import type { CategoryTree } from "./navigation.ts";
import type { Doors } from "./site.ts";

/** Inventory answers for so many SKUs at once. */
const MOST_SKUS = 100;
/** With so many left or fewer, a card says so. */
const FEW = 5;

/** Hits as cards: stock from one question to inventory, the shops' names from one to shop, both at once. */
export async function cardsOf(
  doors: Doors,
  context: Context,
  hits: readonly Hit[],
  tree: CategoryTree,
): Promise<Card[]> {
  if (hits.length === 0) return [];
  const each = Math.max(1, Math.floor(MOST_SKUS / hits.length));
  const skus = hits.flatMap((hit) => hit.skus.slice(0, each)).slice(0, MOST_SKUS);
  const [stock, shops] = await Promise.all([
    skus.length > 0 ? doors.inventory.available(context, { skus }) : { items: [] },
    doors.shop.getMany(context, { ids: [...new Set(hits.map((hit) => hit.shop))] }),
  ]);
  const available = new Map(expectDone(stock).items.map((item) => [item.sku, item.available]));
  const names = new Map(expectDone(shops).map((shop) => [shop.id, shop.name]));
  return hits.map((hit) => ({
    ...plainCard(hit, tree),
    shopName: names.get(hit.shop) ?? "",
    image2: hit.image2 === hit.image ? null : hit.image2,
    stock: stockOf(hit, available),
  }));
}

/** A card without stock and shop: sometimes asking inventory and shop is not worth the words. */
export const plainCard = (hit: Hit, tree: CategoryTree): Card => ({
  href: productPath(hit.product, hit.slug),
  title: hit.title,
  brand: hit.brand,
  shopName: "",
  image: hit.image,
  image2: null,
  instead: pictureOf(hit.category, tree),
  price: hit.price,
  priceTo: hit.priceTo?.amount === hit.price.amount ? undefined : hit.priceTo,
  compareAt: hit.compareAt,
  stock: "in",
});

/** The drawing of a category, or of the one it lies in. */
export function pictureOf(slug: string | null, tree: CategoryTree): string | null {
  const category = slug === null ? undefined : tree.bySlug.get(slug);
  return category ? (category.image ?? pictureOf(category.parent, tree)) : null;
}

/** Of a product with more SKUs than were asked for, only that it can be bought is known for sure. */
function stockOf(hit: Hit, available: ReadonlyMap<Id<"sku">, number>): Stock {
  const known = hit.skus.flatMap((sku) => available.get(sku) ?? []);
  const left = known.reduce((total, pieces) => total + Math.max(0, pieces), 0);
  if (known.length < hit.skus.length) return "in";
  if (left === 0) return "out";
  return left <= FEW ? "few" : "in";
}

export const productPath = (id: Id<"product">, slug: string): string =>
  `/p/${id}/${encodeURIComponent(slug)}`;

export const shopPath = (shop: Pick<Shop, "id" | "slug">): string =>
  `/s/${shop.id}/${encodeURIComponent(shop.slug)}`;

export const shopCard = (shop: Shop): ShopCard => ({
  href: shopPath(shop),
  name: shop.name,
  region: shop.region,
  description: shop.description,
  shippingFlat: { amount: shop.shipping.flat, currency: shop.currency },
  freeAbove:
    shop.shipping.freeAbove === null ? null : { amount: shop.shipping.freeAbove, currency: shop.currency },
});
