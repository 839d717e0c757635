import type { Product, Sku } from "#domains/catalog/api";
import type { Context } from "#kernel/context";
import { type Id, isId } from "#kernel/id";
import { expectDone, isRefusal } from "#kernel/refusal";
import type { ProductChoiceView } from "../client/model.ts";
import type { Notice } from "../client/said.ts";
import { type Answer, notFound, type Work } from "../server/answer.ts";
import { pictureOf, plainCard, productPath, shopCard } from "../server/cards.ts";
import { queryOf } from "../server/query.ts";
import type { Site } from "../server/site.ts";
import { trailOf } from "./listing.ts";

const SHOWN_ALIKE = 4;

/** A product: catalog once; then its stock, its shop and things like it, each once and at the same time. */
export const product =
  (site: Site): Work =>
  async (request) => {
    const { id, slug } = request.params as { id: string; slug?: string };
    if (!isId(id)) return notFound();
    return productPage(site, request.context, id as Id<"product">, slug, queryOf(request));
  };

/** The page as `query` chooses the variant, with `notice` above the button; also for what could not be put in a cart. */
export async function productPage(
  site: Site,
  context: Context,
  id: Id<"product">,
  slug: string | undefined,
  query: URLSearchParams,
  notice: Notice | null = null,
): Promise<Answer> {
  const { doors } = site;
  const found = await doors.catalog.get(context, { id });
  if (isRefusal(found)) return notFound();
  const path = productPath(found.id, found.slug);
  if (slug !== found.slug) return { to: path };
  const [tree, stock, shop, alike] = await Promise.all([
    site.navigation.tree(context),
    doors.inventory.available(context, { skus: found.skus.map((sku) => sku.id) }),
    doors.shop.get(context, { id: found.shop }),
    site.flags.isOn("relatedProducts")
      ? doors.search.list(context, { category: found.category, limit: SHOWN_ALIKE + 1 })
      : { items: [] },
  ]);
  if (isRefusal(shop)) return notFound();
  const available = new Map(expectDone(stock).items.map((item) => [item.sku, item.available]));
  const category = tree.bySlug.get(found.category);
  const others = isRefusal(alike)
    ? []
    : alike.items.filter((hit) => hit.product !== id).slice(0, SHOWN_ALIKE);
  return {
    page: {
      name: "product",
      title: found.title,
      description: summaryOf(found),
      view: {
        trail: [
          { href: "/", label: "Storey" },
          ...trailOf(category, tree).map((one) => ({ href: `/c/${one.slug}`, label: one.name })),
        ],
        choice: {
          ...choicesOf(found, available),
          instead: pictureOf(found.category, tree),
          chosen: chosenOf(found, available, query),
          path,
          quantity: Math.min(999, Math.max(1, Number.parseInt(query.get("quantity") ?? "1", 10) || 1)),
          shop: shopCard(shop),
          notice,
        },
        descriptionHtml: found.description,
        attributes: Object.entries(found.attributes).map(([name, values]) => ({ name, values })),
        alike: others.map((hit) => plainCard(hit, tree)),
        alikeHref: `/c/${found.category}`,
      },
    },
  };
}

function choicesOf(found: Product, available: ReadonlyMap<Id<"sku">, number>) {
  return {
    product: found.id,
    title: found.title,
    brand: found.brand,
    images: found.images,
    options: found.options.map(({ name, values }) => ({
      name,
      values: values.map((value) => ({ value, image: imageOf(found.skus, name, value) })),
    })),
    choices: found.skus.map((sku) => ({
      sku: sku.id,
      options: sku.options,
      price: sku.price,
      compareAt: sku.compareAt,
      image: sku.image ?? null,
      available: available.get(sku.id) ?? 0,
    })),
  } satisfies Partial<ProductChoiceView>;
}

/** The picture that all SKUs with that value share; none, if they do not. */
function imageOf(skus: readonly Sku[], name: string, value: string): number | null {
  const images = new Set(skus.filter((sku) => sku.options[name] === value).map((sku) => sku.image));
  const [image] = images;
  return images.size === 1 && image !== undefined ? image : null;
}

/** By `sku`, by one `option.Name` each, or else the cheapest that can be bought: listings show its price. */
export function chosenOf(
  found: Product,
  available: ReadonlyMap<Id<"sku">, number>,
  query: URLSearchParams,
): Id<"sku"> | "" {
  const bySku = found.skus.find((sku) => sku.id === query.get("sku"));
  if (bySku) return bySku.id;
  const asked = found.options.filter(({ name }) => query.has(`option.${name}`));
  if (asked.length === 0 || asked.length < found.options.length) {
    const inStock = found.skus.filter((sku) => (available.get(sku.id) ?? 0) > 0);
    const least = Math.min(...inStock.map((sku) => sku.price.amount));
    return (inStock.find((sku) => sku.price.amount === least) ?? found.skus[0])?.id ?? "";
  }
  return (
    found.skus.find((sku) => asked.every(({ name }) => sku.options[name] === query.get(`option.${name}`)))
      ?.id ?? ""
  );
}

function summaryOf(found: Product): string {
  const words = found.description
    .replace(/<[^>]+>/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  return words.length > 155 ? `${words.slice(0, 154)}…` : words || found.title;
}
