import { demoCatalogue } from "#demo/catalogue";
import { drawProduct } from "#demo/pictures/product";
import type { DemoProduct, DemoShop } from "#demo/types";
import { newContext } from "#kernel/context";
import type { Id } from "#kernel/id";
import { expectDone } from "#kernel/refusal";
import { type Person, person } from "../support/people.ts";
import type { TestShop } from "../support/shop.ts";

type View = 0 | 1 | 2 | 3;
type Draw = (product: DemoProduct, view: View) => Promise<string>;

const asTests = () =>
  newContext({ caller: { kind: "domain", domain: "tests" }, deadline: Date.now() + 60_000, trace: "fill" });

/** Fills a shop with the beginning of the demo catalogue, pictures and all. One merchant runs every shop in it. */
export async function fill(shop: TestShop, { products = 480, shops = 24 } = {}): Promise<Person> {
  const demo = demoCatalogue({ products, shops });
  const all = [...demo.products()];
  const draw: Draw = (product, view) =>
    shop.files.put(Buffer.from(drawProduct(product, view)), "image/svg+xml");
  const covers = new Map<string, string>();
  for (const product of all) {
    if (!covers.has(product.category)) covers.set(product.category, await draw(product, 0));
  }
  const items = demo.categories.map(({ slug, parent, name, position }) => ({
    slug,
    parent,
    name: name.en,
    nameZh: name.zh,
    position,
    image: covers.get(slug) ?? null,
  }));
  expectDone(await shop.doors.catalog.putCategories(asTests(), { items }));
  const merchant = await person(shop);
  for (const one of demo.shops) {
    const id = await openOne(merchant, one);
    const own = all.filter((product) => product.shop === one.slug);
    for (let from = 0; from < own.length; from += 100) {
      const drafts = await Promise.all(own.slice(from, from + 100).map((product) => draftOf(product, draw)));
      expectDone(await shop.doors.catalog.importMany(asTests(), { shop: id, products: drafts }));
    }
  }
  await shop.bus.quiet();
  return merchant;
}

async function openOne(merchant: Person, shop: DemoShop): Promise<Id<"shop">> {
  const { name, description, region, shipping, currency } = shop;
  const opened = await merchant.api.shop.open({
    name,
    description,
    region,
    currency,
    shipping: { flat: shipping.flatMinor, freeAbove: shipping.freeAboveMinor },
  });
  return expectDone(opened).id;
}

async function draftOf(product: DemoProduct, draw: Draw) {
  const { title, category, brand, tags, attributes, options, variants } = product;
  const urls = await Promise.all(([0, 1, 2, 3] as const).map((view) => draw(product, view)));
  const colours = options[0]?.name === "Colour" ? options[0].values : [];
  return {
    handle: product.slug,
    draft: {
      title,
      category,
      brand,
      tags: [...tags],
      description: product.descriptionHtml,
      attributes: Object.fromEntries(Object.entries(attributes).map(([name, values]) => [name, [...values]])),
      images: urls.map((url) => ({ url, alt: title })),
      status: "published" as const,
      skus: variants.map(({ sku, optionValues, priceMinor, compareAtMinor, weightGrams, stock }) => ({
        code: sku,
        options: Object.fromEntries(options.map((option, index) => [option.name, optionValues[index] ?? ""])),
        price: { amount: priceMinor, currency: "USD" },
        ...(compareAtMinor === null ? {} : { compareAt: { amount: compareAtMinor, currency: "USD" } }),
        weightGrams,
        // Two colours have a picture of their own, so that a choice can be seen to change it.
        ...(colours.indexOf(optionValues[0] ?? "") === 1 ? { image: 1 } : { image: 0 }),
        stock,
      })),
    },
  };
}
