import { type Random, randomFor } from "#demo/random";
import { type Popularity, zipf } from "../generate/popularity.ts";
import type { Api } from "./api.ts";

/** What the lab knows of a product: as much as a listing shows. */
export interface Product {
  readonly product: string;
  readonly shop: string;
  readonly title: string;
  readonly category: string;
  readonly skus: readonly string[];
}

/** The shop's own catalogue, with a popularity for everything in it. */
export interface Catalogue {
  /** The most popular first. */
  readonly products: readonly Product[];
  readonly categories: readonly string[];
  /** A product by its popularity. */
  product(random: Random): Product;
  category(random: Random): string;
  /** A word, or two Chinese characters, of a popular product's title. */
  words(random: Random): string;
  /** Two SKUs of different products, or of one that has several, of a popular shop. */
  twoOfOneShop(random: Random): readonly [string, string];
}

interface Page {
  readonly items: readonly Product[];
  readonly next: string | null;
}

/** More would say nothing else, since hardly anybody would ask for them. */
const mostProducts = 100_000;

/** There is nothing that visitors could look at. */
export class NothingSold extends Error {}

/**
 * Fetches the catalogue through the public API. Who is popular depends on the seed, not on the age of a product. Throws
 * NothingSold.
 */
export async function fetchCatalogue(api: Api, seed: number): Promise<Catalogue> {
  const products: Product[] = [];
  for (let next: string | null = ""; next !== null && products.length < mostProducts; ) {
    const path = `/api/v1/products?limit=100${next ? `&cursor=${encodeURIComponent(next)}` : ""}`;
    const page: Page = await api.json<Page>({ path });
    products.push(...page.items);
    next = page.next;
  }
  if (products.length === 0) throw new NothingSold("the shop sells nothing");
  const { items } = await api.json<{ items: readonly { slug: string }[] }>({ path: "/api/v1/categories" });
  return catalogueOf(
    products,
    items.map(({ slug }) => slug),
    seed,
  );
}

/** Orders products by popularity. */
export function catalogueOf(
  products: readonly Product[],
  categories: readonly string[],
  seed: number,
): Catalogue {
  const ranked = shuffled(products, "products", seed);
  const slugs = shuffled(categories, "categories", seed);
  const pairs = pairsByShop(ranked);
  const among = { products: zipf(ranked.length), categories: zipf(slugs.length), pairs: zipf(pairs.length) };
  const at = <T>(list: readonly T[], popularity: Popularity, random: Random): T => {
    const found = list[popularity.draw(random)];
    if (found === undefined) throw new RangeError("nothing to draw from");
    return found;
  };
  const product = (random: Random) => at(ranked, among.products, random);
  return {
    products: ranked,
    categories: slugs,
    product,
    category: (random) => at(slugs, among.categories, random),
    words: (random) => wordOf(product(random).title, random),
    twoOfOneShop: (random) => at(pairs, among.pairs, random),
  };
}

/** The same where so much of the interest in products goes to the `size` most popular, each as much as the others. */
export function withHotSet(catalogue: Catalogue, size: number, share: number): Catalogue {
  const hot = catalogue.products.slice(0, size);
  return {
    ...catalogue,
    product: (random) => (random.next() < share ? random.pick(hot) : catalogue.product(random)),
  };
}

function shuffled<T>(list: readonly T[], salt: string, seed: number): T[] {
  const random = randomFor("popular", salt, seed);
  return list
    .map((item) => ({ item, at: random.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

/** For every shop neighbours in rank; a shop with one SKU has no pair. */
function pairsByShop(ranked: readonly Product[]): (readonly [string, string])[] {
  const waiting = new Map<string, string>();
  const pairs: (readonly [string, string])[] = [];
  for (const { shop, skus } of ranked) {
    const [sku] = skus;
    if (!sku) continue;
    const other = waiting.get(shop);
    if (other) {
      pairs.push([other, sku]);
      waiting.delete(shop);
    } else waiting.set(shop, sku);
  }
  return pairs;
}

function wordOf(title: string, random: Random): string {
  const words = title.match(/\p{Script=Han}{2,}|[A-Za-z]{3,}/gu) ?? [];
  if (words.length === 0) return title.slice(0, 50);
  const word = random.pick(words);
  if (!/\p{Script=Han}/u.test(word)) return word.toLowerCase();
  const from = random.integer(0, word.length - 2);
  return word.slice(from, from + 2);
}
