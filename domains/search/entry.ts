import type { Category, Product } from "#domains/catalog/api";
import { type Bucket, bucketOf, toBigint } from "#kernel/id";
import type { Hit } from "./api.ts";
import { stepOf } from "./prices.ts";
import { lexemeOf, pairsOf, phraseOf, textOfHtml, wordsOf } from "./words.ts";

/**
 * A product as it is written into the projection. What is not published has a version and nothing to find
 * it by.
 */
export interface Entry {
  readonly bucket: Bucket;
  /** The id as the database keeps it. */
  readonly product: string;
  readonly version: number;
  readonly price: number;
  readonly title: string;
  readonly title_length: number;
  /** Words for the database to stem, separated by spaces; and lexemes that are taken as they are. */
  readonly title_words: string;
  readonly title_lexemes: readonly string[];
  readonly words: string;
  readonly lexemes: readonly string[];
  /** Lexemes of what the facets count. */
  readonly facets: readonly string[];
  readonly shelves: readonly string[];
  readonly card: Hit | null;
}

/** Where a category lies: itself first, then what is above it. */
export type Paths = ReadonlyMap<string, readonly Category[]>;

export function pathsOf(categories: readonly Category[]): Paths {
  const bySlug = new Map(categories.map((category) => [category.slug, category]));
  const paths = new Map<string, readonly Category[]>();
  for (const category of categories) {
    const path: Category[] = [];
    for (let at: Category | undefined = category; at && !path.includes(at); ) {
      path.push(at);
      at = at.parent === null ? undefined : bySlug.get(at.parent);
    }
    paths.set(category.slug, path);
  }
  return paths;
}

/** The names of the lists a product stands in; the shelf of everything has no name. */
export const shelfOf = {
  everything: "",
  category: (slug: string): string => `c/${slug}`,
  shop: (shop: string): string => `s/${shop}`,
};

export function entryOf(product: Product, paths: Paths): Entry {
  const place = { bucket: bucketOf(product.id), product: toBigint(product.id), version: product.version };
  return product.status === "published"
    ? { ...place, ...contentOf(product, paths) }
    : { ...place, ...nothing };
}

const nothing: Omit<Entry, "bucket" | "product" | "version"> = {
  price: 0,
  title: "",
  title_length: 0,
  title_words: "",
  title_lexemes: [],
  words: "",
  lexemes: [],
  facets: [],
  shelves: [],
  card: null,
};

function contentOf(product: Product, paths: Paths): typeof nothing {
  const path = paths.get(product.category) ?? [];
  const slugs = path.length > 0 ? path.map(({ slug }) => slug) : [product.category];
  const categories = slugs.map(lexemeOf.category);
  const attributes = Object.entries(product.attributes).flatMap(([name, values]) =>
    values.map((value) => lexemeOf.attribute(`${name}:${value}`)),
  );
  const title = wordsOf(product.title);
  const pairs = title.runs.flatMap(pairsOf);
  const rest = wordsOf(restOf(product, path));
  const card = cardOf(product);
  return {
    price: card.price.amount,
    title: phraseOf(product.title),
    title_length: title.words.length + pairs.length,
    title_words: title.words.join(" "),
    // Single characters too: the smallest thing somebody may look for in a title.
    title_lexemes: distinct([...pairs, ...title.runs.join("")]),
    words: distinct(rest.words).join(" "),
    lexemes: distinct([
      ...rest.runs.flatMap(pairsOf),
      lexemeOf.shop(product.shop),
      ...categories,
      ...attributes,
    ]),
    facets: distinct([...categories, ...attributes, lexemeOf.priceStep(stepOf(card.price.amount))]),
    shelves: distinct([shelfOf.everything, ...slugs.map(shelfOf.category), shelfOf.shop(product.shop)]),
    card,
  };
}

/** The words and pairs by which an entry is found, as somebody would type them. */
export const vocabularyOf = (entry: Entry): string[] =>
  [
    ...entry.title_words.split(" "),
    ...entry.title_lexemes,
    ...entry.words.split(" "),
    ...entry.lexemes.filter((lexeme) => !lexeme.startsWith(" ")),
  ].filter((word) => word !== "" && word.length <= longestWord);

/** Longer "words" are numbers and codes: nobody mistypes them, they are pasted. */
export const longestWord = 40;

/** All that a product says about itself besides its title. */
const restOf = (product: Product, path: readonly Category[]): string =>
  [
    product.brand,
    ...path.flatMap(({ name, nameZh }) => [name, nameZh]),
    ...product.tags,
    ...Object.values(product.attributes).flat(),
    textOfHtml(product.description),
  ].join("\n");

function cardOf(product: Product): Hit {
  const [first, ...others] = [...product.skus].sort((a, b) => a.price.amount - b.price.amount);
  if (!first) throw new Error(`product ${product.id} has no SKU, which its door forbids`);
  const dearest = others.at(-1)?.price ?? first.price;
  const [image, image2] = product.images;
  return {
    product: product.id,
    shop: product.shop,
    slug: product.slug,
    title: product.title,
    brand: product.brand,
    category: product.category,
    price: first.price,
    ...(dearest.amount > first.price.amount && { priceTo: dearest }),
    ...(first.compareAt && first.compareAt.amount > first.price.amount && { compareAt: first.compareAt }),
    image: image?.url ?? null,
    image2: image2?.url ?? null,
    skus: product.skus.map(({ id }) => id),
  };
}

const distinct = (texts: readonly string[]): string[] => [...new Set(texts)];
