import type { SearchDoor } from "./api.ts";
import type { NamedCategory } from "./category.ts";
import { shelfOf } from "./entry.ts";
import { lexemeOf, pairsOf, phraseOf, wordsOf } from "./words.ts";

export type Sort = "relevance" | "newest" | "price" | "-price";
export type Filters = Pick<
  Parameters<SearchDoor["list"]>[1],
  "category" | "shop" | "priceFrom" | "priceTo" | "attributes"
>;

/** What is looked for, in the form in which the store asks for it. */
export interface Query {
  /** Words for the database to stem, separated by spaces. */
  readonly words: string;
  /** Neighbouring characters of scripts without spaces. */
  readonly pairs: readonly string[];
  /** The whole text, as a title would contain it. */
  readonly phrase: string;
  /** How many words and pairs the text has, to tell how much of a title they cover. */
  readonly length: number;
  /** Lexemes that must all be there, and groups of which one must. */
  readonly all: readonly string[];
  readonly groups: readonly (readonly string[])[];
  /** Lexemes of the categories that the text names: what is in them comes first. */
  readonly named: readonly string[];
  readonly priceFrom: number | undefined;
  readonly priceTo: number | undefined;
  readonly sort: Sort;
}

/** Text and filters as one query; the text may be empty. */
export function queryOf(
  text: string,
  filters: Filters,
  sort: Sort,
  named: readonly NamedCategory[] = [],
): Query {
  const { words, runs } = wordsOf(text);
  const pairs = runs.flatMap(pairsOf);
  const byName = attributesByName(filters);
  const all = [
    ...(filters.category === undefined ? [] : [lexemeOf.category(filters.category)]),
    ...(filters.shop === undefined ? [] : [lexemeOf.shop(filters.shop)]),
    ...byName.filter(({ length }) => length === 1).flat(),
  ];
  const length = words.length + pairs.length;
  return {
    words: words.join(" "),
    pairs,
    phrase: phraseOf(text),
    length,
    all,
    groups: byName.filter((values) => values.length > 1),
    named: named.map(({ slug }) => lexemeOf.category(slug)),
    priceFrom: filters.priceFrom,
    priceTo: filters.priceTo,
    sort,
  };
}

/** Values of one name widen, names narrow. */
function attributesByName({ attributes }: Filters): string[][] {
  const byName = new Map<string, string[]>();
  for (const attribute of new Set(attributes)) {
    const name = attribute.slice(0, attribute.indexOf(":"));
    byName.set(name, [...(byName.get(name) ?? []), lexemeOf.attribute(attribute)]);
  }
  return [...byName.values()];
}

/** The shortest shelf that holds everything that is asked for. */
export function shelfAround({ category, shop }: Filters): string {
  if (category !== undefined) return shelfOf.category(category);
  return shop === undefined ? shelfOf.everything : shelfOf.shop(shop);
}

/** That shelf, if it holds nothing else within the prices asked for. */
export const shelfFor = (filters: Filters): string | undefined =>
  filters.attributes?.length || (filters.category !== undefined && filters.shop !== undefined)
    ? undefined
    : shelfAround(filters);

/** What a page mark belongs to: everything that decides which hits there are and in which order. */
export const askedOf = (text: string, f: Filters, order: string): string =>
  JSON.stringify([text, f.category, f.shop, f.priceFrom, f.priceTo, [...(f.attributes ?? [])].sort(), order]);
