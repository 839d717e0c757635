import { isDeepStrictEqual } from "node:util";
import { actsFor, type Context } from "#kernel/context";
import { isRefusal, refuse } from "#kernel/refusal";
import type { CatalogDoor, Product, ProductDraft } from "./api.ts";
import { noCategory } from "./create.ts";
import type { CatalogDeps } from "./deps.ts";
import { contentOf, Incoherent, productOf, stockOf } from "./product.ts";
import type { Standing } from "./store.ts";

type Changes = Omit<Parameters<CatalogDoor["change"]>[1], "id" | "version">;

/** Without a version a change is merged into what stands, this often should others keep changing it. */
const attempts = 5;

/** Changes a product: fields left out stay, SKUs are matched by code. Changing nothing is no new version. */
export async function change(d: CatalogDeps, c: Context, input: Parameters<CatalogDoor["change"]>[1]) {
  const { id, version, ...changes } = input;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const before = await d.store.whole(c, id);
    if (!before || !mayBeKnownTo(c, before.product)) {
      return refuse("catalog.product_not_found", "There is no product with that id.");
    }
    if (!actsFor(c.caller, before.shop)) {
      return refuse("catalog.not_yours", "Ask somebody who works for this shop.");
    }
    const next = await nextOf(d, c, before, changes);
    if (isRefusal(next)) return next;
    if (next === undefined) return before.product;
    if (version !== undefined && version !== before.version) return meanwhile(before.version);
    if (await d.store.save(c, next, d.clock.now())) {
      d.told();
      return next.product;
    }
  }
  return refuse("catalog.changed_meanwhile", "Others keep changing this product: try again in a moment.");
}

/** Whether a caller may learn that the product exists. */
export const mayBeKnownTo = (c: Context, product: Pick<Product, "status" | "shop">): boolean =>
  product.status === "published" || actsFor(c.caller, product.shop);

const meanwhile = (version: number) =>
  refuse(
    "catalog.changed_meanwhile",
    "Somebody changed the product: load it again, then repeat your change.",
    {
      version,
    },
  );

/** What the changes make of the product; undefined if they change nothing. */
async function nextOf(d: CatalogDeps, c: Context, before: Standing & { product: Product }, changes: Changes) {
  const { category, description } = changes;
  const [home, categories] = await Promise.all([
    d.shop.get(c, { id: before.shop }),
    category === undefined ? undefined : d.store.categoriesAmong(c, [category]),
  ]);
  if (isRefusal(home)) throw new Error(`the shop ${before.shop} of product ${before.id} does not exist`);
  if (category !== undefined && !categories?.has(category)) return noCategory(category);
  const composed = contentOf(merged(before.product, changes), home.currency);
  if (composed instanceof Incoherent) return refuse("catalog.invalid_product", composed.reason);
  // A description that stays is not sanitised again: what stands is what was shown.
  const content =
    description === undefined ? { ...composed, description: before.product.description } : composed;
  const { handle, skus: known, product } = before;
  const is = { ...before, slug: product.slug, version: before.version + 1, ids: known };
  const after = productOf(content, is, d.clock.now());
  const { version, updatedAt } = product;
  if (isDeepStrictEqual({ ...after, version, updatedAt }, product)) return undefined;
  return { product: after, handle, digest: null, known, stock: stockOf(content) };
}

/** What stands, with the changes over it. SKUs that stay keep their picture, wherever it moves. */
function merged(product: Product, changes: Changes): ProductDraft {
  const { images = product.images } = changes;
  const skus = product.skus.map(({ id: _, image, ...sku }) => {
    const shown = images.findIndex(({ url }) => url === product.images[image ?? -1]?.url);
    return shown < 0 ? sku : { ...sku, image: shown };
  });
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  return { ...product, description: "", skus, ...Object.fromEntries(given) };
}
