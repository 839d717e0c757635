import type { SearchDoor } from "./api.ts";
import { shelfOf } from "./entry.ts";
import { filterLexeme, pairsOf, plain, quoted, wordsOf } from "./words.ts";

export type Sort = "relevance" | "newest" | "price" | "-price";

/** What is looked for, in the form the store asks in. */
export interface Query {
  /** Words for the database to stem, separated by spaces. */
  readonly words: string;
  /** Everything else that must be there, as the text of a tsquery. */
  readonly lexemes: string;
  /** The whole text as a title would contain it. */
  readonly phrase: string;
  /** How many words and pairs the text has, to tell how much of a title they cover. */
  readonly length: number;
  readonly priceFrom: number | null;
  readonly priceTo: number | null;
  readonly sort: Sort;
}

type Filters = Omit<Parameters<SearchDoor["list"]>[1], "sort" | "facets" | "cursor" | "limit">;

/** Text and filters as one query; the text may be empty. */
export function queryOf(text: string, filters: Filters, sort: Sort): Query {
  const { words, runs } = wordsOf(text);
  const pairs = runs.flatMap(pairsOf);
  return {
    words: words.join(" "),
    lexemes: everyOf([...pairs.map(quoted), ...filterLexemes(filters)]),
    phrase: plain(text).trim().replace(/\s+/g, " "),
    length: words.length + pairs.length,
    priceFrom: filters.priceFrom ?? null,
    priceTo: filters.priceTo ?? null,
    sort,
  };
}

const everyOf = (lexemes: readonly string[]): string =>
  lexemes.length > 0 ? lexemes.join(" & ") : quoted(filterLexeme.everything);

/** Values of one name widen, names narrow. */
function filterLexemes({ category, shop, attributes }: Filters): string[] {
  const byName = new Map<string, string[]>();
  for (const attribute of attributes ?? []) {
    const name = attribute.slice(0, attribute.indexOf(":"));
    byName.set(name, [...(byName.get(name) ?? []), quoted(filterLexeme.attribute(attribute))]);
  }
  return [
    ...(category === undefined ? [] : [quoted(filterLexeme.category(category))]),
    ...(shop === undefined ? [] : [quoted(filterLexeme.shop(shop))]),
    ...[...byName.values()].map((values) => `(${values.join(" | ")})`),
  ];
}

/** The one shelf that holds exactly what is asked for, if there is one and an order in which it is kept. */
export function shelfFor({ category, shop, priceFrom, priceTo, attributes }: Filters): string | undefined {
  if (attributes?.length || priceFrom !== undefined || priceTo !== undefined) return undefined;
  if (category !== undefined) return shop === undefined ? shelfOf.category(category) : undefined;
  return shop === undefined ? shelfOf.everything : shelfOf.shop(shop);
}

/** What a page mark belongs to: everything that decides which hits there are and in which order. */
export const askedOf = (
  text: string,
  { category, shop, priceFrom, priceTo, attributes }: Filters,
  sort: Sort,
) => JSON.stringify([text, category, shop, priceFrom, priceTo, [...(attributes ?? [])].sort(), sort]);
