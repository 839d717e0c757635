import { actsFor, type Context } from "#kernel/context";
import { type Id, newId, randomBucket, randomToken } from "#kernel/id";
import { isRefusal, refuse } from "#kernel/refusal";
import type { CatalogDoor, Product } from "./api.ts";
import type { CatalogDeps } from "./deps.ts";
import { type Content, contentOf, Incoherent, productOf, slugOf, stockOf } from "./product.ts";

/** Ids are drawn again when one is another's: one in 4,096 of those drawn in one bucket and millisecond. */
const attempts = 5;

/** Adds a product to a shop; the same idempotency key adds it once and is answered with it as it is now. */
export async function create(d: CatalogDeps, c: Context, input: Parameters<CatalogDoor["create"]>[1]) {
  const { shop, ...draft } = input;
  if (!actsFor(c.caller, shop)) return refuse("catalog.not_yours", "Ask somebody who works for this shop.");
  const [home, categories] = await Promise.all([
    d.shop.get(c, { id: shop }),
    d.store.categoriesAmong(c, [draft.category]),
  ]);
  if (isRefusal(home)) return refuse("catalog.not_yours", "There is no shop with that id.");
  if (!categories.has(draft.category)) return noCategory(draft.category);
  const content = contentOf(draft, home.currency);
  if (content instanceof Incoherent) return refuse("catalog.invalid_product", content.reason);
  return await place(d, c, shop, content, c.idempotencyKey ?? randomToken());
}

async function place(
  d: CatalogDeps,
  c: Context,
  shop: Id<"shop">,
  content: Content,
  key: string,
): Promise<Product> {
  const wanted = slugOf(content.title);
  for (let attempt = 0; attempt < attempts; attempt++) {
    const now = d.clock.now();
    const proposed = newId<"product">(randomBucket(), now);
    const claim = { key, wanted, otherwise: `${wanted}-${proposed.slice(-6)}`, id: proposed };
    const { handle, product: id } = await d.store.claimByKey(c, shop, claim);
    const none = new Map<string, Id<"sku">>();
    const product = productOf(content, { id, shop, slug: slugOf(handle), version: 1, ids: none }, now);
    const stock = stockOf(content);
    if (await d.store.save(c, { product, handle, digest: null, known: none, stock }, now)) {
      d.told();
      return product;
    }
    const standing = await d.store.whole(c, id);
    if (standing?.shop === shop && standing.handle === handle) return standing.product;
    if (standing) await d.store.unclaim(c, shop, handle, id);
  }
  throw new Error(`no free id was drawn for a product of shop ${shop} in ${attempts} attempts`);
}

export const noCategory = (slug: string) =>
  refuse("catalog.category_not_found", `There is no category ${slug}; GET /categories lists them.`);
