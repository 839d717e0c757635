import { drawProduct } from "#demo/pictures/product";
import type { DemoProduct } from "#demo/types";
import type { ProductDraft } from "#domains/catalog/api";
import type { Files } from "#platform/files/api";

/** As many products are written at once. */
const batch = 100;

/** Products of one shop at a time, a hundred or the rest of them. */
export function* batchesByShop(
  products: Iterable<DemoProduct>,
): Generator<{ shop: string; products: readonly DemoProduct[] }> {
  const waiting = new Map<string, DemoProduct[]>();
  for (const product of products) {
    const some = waiting.get(product.shop) ?? [];
    waiting.set(product.shop, some);
    some.push(product);
    if (some.length < batch) continue;
    yield { shop: product.shop, products: some };
    waiting.delete(product.shop);
  }
  for (const [shop, some] of waiting) yield { shop, products: some };
}

/** A demo product as a merchant would write it, its pictures drawn and kept. */
export async function drawnDraft(product: DemoProduct, files: Files): Promise<ProductDraft> {
  const { title, language, options, attributes, look } = product;
  const [colour, detail] = language === "zh" ? ["另一种颜色", "细节"] : ["in another colour", "close up"];
  const alts = [title, `${title}, ${colour}`, `${title}, ${detail}`];
  const urls = await Promise.all(views.map((view) => keep(drawProduct(product, view), files)));
  const colourOption = options.findIndex(({ name }) => name === "Colour");
  return {
    title,
    description: product.descriptionHtml,
    category: product.category,
    brand: product.brand,
    tags: [...product.tags],
    attributes: Object.fromEntries(Object.entries(attributes).map(([name, values]) => [name, [...values]])),
    images: urls.map((url, i) => ({ url, alt: alts[i] ?? title })),
    status: "published",
    skus: product.variants.map((variant) => ({
      code: variant.sku,
      options: Object.fromEntries(options.map(({ name }, i) => [name, variant.optionValues[i] ?? ""])),
      price: { amount: variant.priceMinor, currency },
      ...(variant.compareAtMinor !== null && { compareAt: { amount: variant.compareAtMinor, currency } }),
      weightGrams: variant.weightGrams,
      image: colourOption >= 0 && variant.optionValues[colourOption] === look.colours[1] ? 1 : 0,
      stock: variant.stock,
    })),
  };
}

const currency = "USD";
/**
 * The product, its second colour, a close-up: two for every card of a listing, three for the product's page.
 */
const views = [0, 1, 2] as const;

/** Keeps a picture and returns its address. */
export const keep = (svg: string, files: Files): Promise<string> =>
  files.put(Buffer.from(svg), "image/svg+xml");
