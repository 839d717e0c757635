import { demoCategories, LEAVES, type Leaf } from "./categories.ts";
import { descriptionOf } from "./description.ts";
import { dealt, hash, itemAt, type Random, randomFor } from "./random.ts";
import { demoShops, slugOf } from "./shops.ts";
import { kindAt, type Title, titleOf } from "./titles.ts";
import type { DemoCatalogue, DemoLanguage, DemoLook, DemoProduct, DemoRequest, DemoShop } from "./types.ts";
import { assortmentOf, skuPrefixOf } from "./variants.ts";
import type { CategoryWords, Kind } from "./words/words.ts";

/** In every ten products of a category this many are Chinese. */
const CHINESE_OF_TEN = 3;

/** Words in a title that promise a pattern; the picture keeps the promise. */
const PATTERN_OF_WORD: Readonly<Record<string, DemoLook["pattern"]>> = {
  Striped: "stripes",
  Checked: "check",
  Flannel: "check",
  Patchwork: "check",
  Dotted: "dots",
  Floral: "petals",
  "Block-Print": "petals",
  Speckled: "speckle",
  "Speckled-Glaze": "speckle",
  Matte: "plain",
  Steel: "plain",
  Copper: "plain",
  Glass: "plain",
};

/** The leaves by weight: one round deals this many products, each leaf as often as it weighs. */
const ROUND = LEAVES.flatMap((leaf) =>
  Array.from({ length: leaf.words.weight }, (_, copy) => ({ leaf, copy })),
);

/**
 * Storey's demo catalogue: the same request gives the same catalogue on every machine. Product n depends on
 * the seed, on n and on the shops only, so 3,000 products are the first 3,000 of a million. Memory is bounded
 * by the number of shops (about 500 bytes each), not of products.
 */
export function demoCatalogue({ products = 3000, shops = 60, seed = 1 }: DemoRequest = {}): DemoCatalogue {
  if (!(Number.isSafeInteger(products) && products >= 0))
    throw new RangeError("products must be an integer from 0");
  if (!(Number.isSafeInteger(shops) && shops >= 1)) throw new RangeError("shops must be an integer from 1");
  const allShops = demoShops(shops, seed);
  const sellers = sellersByCategory(allShops);
  return {
    categories: demoCategories(),
    shops: allShops,
    *products() {
      for (let number = 0; number < products; number++) yield productAt(number, seed, sellers);
    },
  };
}

function sellersByCategory(shops: readonly DemoShop[]): ReadonlyMap<string, readonly DemoShop[]> {
  const sellers = new Map<string, DemoShop[]>();
  for (const shop of shops) {
    for (const category of shop.categories) {
      const known = sellers.get(category);
      if (known) known.push(shop);
      else sellers.set(category, [shop]);
    }
  }
  return sellers;
}

function productAt(
  number: number,
  seed: number,
  sellers: ReadonlyMap<string, readonly DemoShop[]>,
): DemoProduct {
  const { leaf, copy } = itemAt(ROUND, dealt(number, ROUND.length, seed));
  const { words } = leaf;
  const ordinal = Math.floor(number / ROUND.length) * words.weight + copy;
  const random = randomFor("product", seed, number);
  const language = dealt(ordinal, 10, hash("language", words.slug, seed)) < CHINESE_OF_TEN ? "zh" : "en";
  const { kind, round } = kindAt(leaf, ordinal);
  const title = titleOf(leaf, language, kind, round);
  const popular = ordinal === 0;
  const mainColour = words.colourOf?.[title.material.en] ?? colourAt(words, kind, round, seed);
  const skuPrefix = skuPrefixOf(title.brandSpelling, words.slug, number);
  const assortment = assortmentOf(words, title.kind, mainColour, skuPrefix, popular, random);
  const attributes = attributesOf(leaf, language, title, assortment.colours, random);
  return {
    number,
    slug: slugFor(title, language, words.slug, number),
    shop: sellerOf(sellers.get(words.slug) ?? [], random).slug,
    category: words.slug,
    language,
    title: title.text,
    brand: title.brand,
    descriptionHtml: descriptionOf(leaf, language, title, attributes, random),
    tags: tagsOf(title, popular, attributes),
    attributes: withSecondOption(attributes, assortment.options),
    options: assortment.options,
    variants: assortment.variants,
    popular,
    look: {
      form: title.kind.form,
      ordinal,
      pattern: patternOf(title, language),
      colours: assortment.colours,
    },
  };
}

/**
 * One order of the colours for each kind, over and over: a kind shows a colour again only after all the
 * others.
 */
function colourAt(words: CategoryWords, kind: Kind, round: number, seed: number): string {
  const count = words.colours.length;
  return itemAt(words.colours, dealt(round % count, count, hash("colour", words.slug, kind.en, seed)));
}

/** The square of a uniform number: a quarter of the shops get half of the products. */
function sellerOf(shops: readonly DemoShop[], random: Random): DemoShop {
  return itemAt(shops, Math.floor(random.next() ** 2 * shops.length));
}

function attributesOf(
  { words }: Leaf,
  language: DemoLanguage,
  title: Title,
  colours: readonly string[],
  random: Random,
): Record<string, readonly string[]> {
  const attributes: Record<string, readonly string[]> = { Brand: [title.brand] };
  if (words.materialName !== null) attributes[words.materialName] = [title.material.en.replace("-", " ")];
  if (words.colourChoices > 0) attributes["Colour"] = colours;
  for (const [name, values] of Object.entries(words.attributes)) {
    const isChinese = name === "Language" && language === "zh";
    attributes[name] = [isChinese ? "Chinese" : random.pick(values)];
  }
  return attributes;
}

/** Sizes and capacities are facets as well, with all the values on offer. */
function withSecondOption(
  attributes: Readonly<Record<string, readonly string[]>>,
  options: DemoProduct["options"],
): DemoProduct["attributes"] {
  return { ...attributes, ...Object.fromEntries(options.map((option) => [option.name, option.values])) };
}

function tagsOf(
  title: Title,
  popular: boolean,
  attributes: Readonly<Record<string, readonly string[]>>,
): string[] {
  const words = [
    title.kind.en,
    title.trait.en,
    attributes["Season"]?.[0],
    popular ? "bestseller" : undefined,
  ];
  return [...new Set(words.filter((word) => word !== undefined).map((word) => word.toLowerCase()))];
}

/** Only words that stand in the title count; the material is known even when it does not. */
function patternOf(title: Title, language: DemoLanguage): DemoLook["pattern"] {
  const named = title.text.includes(title.trait[language]) ? PATTERN_OF_WORD[title.trait.en] : undefined;
  return named ?? PATTERN_OF_WORD[title.material.en] ?? null;
}

/** English titles are unique and give the slug; a Chinese one is spelled by maker, category and number. */
function slugFor(title: Title, language: DemoLanguage, category: string, number: number): string {
  if (language === "en") return slugOf(title.text);
  return `${slugOf(title.brandSpelling)}-${category}-${number}`;
}
