import type { SearchDoor } from "#domains/search/api";
import type { Money } from "#kernel/money";
import type { Refusal } from "#kernel/refusal";
import { priceText } from "../client/format.ts";
import type { Facet, FacetValue } from "../client/model.ts";
import type { Link } from "../client/said.ts";

export type Found = Exclude<Awaited<ReturnType<SearchDoor["find"]>>, Refusal>;
export type Sort = "relevance" | "newest" | "price" | "-price";

/** What a listing's address asks for. Anything that makes no sense in it is left out rather than refused. */
export interface Asked {
  readonly q: string;
  readonly category: string | undefined;
  readonly sort: Sort | undefined;
  readonly price: string | undefined;
  readonly attributes: readonly string[];
  readonly cursor: string | undefined;
  /** How many pages before have shown; of no meaning without a cursor. */
  readonly before: number;
}

/** Search tells of more; nobody reads them all. What is chosen comes first, then what most have. */
const MOST_FACETS = 8;

const sortWords: Record<Sort, string> = {
  relevance: "Best match",
  newest: "Newest first",
  price: "Cheapest first",
  "-price": "Dearest first",
};

/** Reads the query of a listing's address. */
export function askedOf(query: URLSearchParams): Asked {
  const sort = query.get("sort") ?? "";
  const category = query.get("category") ?? "";
  const cursor = query.get("cursor") ?? "";
  const isLater = cursor !== "" && cursor.length <= 200;
  const before = query.get("before") ?? "";
  return {
    q: (query.get("q") ?? "").trim().slice(0, 200),
    category: /^[a-z0-9-]{1,80}$/.test(category) ? category : undefined,
    sort: Object.hasOwn(sortWords, sort) ? (sort as Sort) : undefined,
    price: /^\d{1,12}-\d{0,12}$/.test(query.get("price") ?? "")
      ? (query.get("price") ?? undefined)
      : undefined,
    attributes: [...new Set(query.getAll("a"))]
      .filter((one) => /^[^:]+:.+$/.test(one) && one.length <= 160)
      .slice(0, 20),
    cursor: isLater ? cursor : undefined,
    before: isLater && /^\d{1,6}$/.test(before) ? Number(before) : 0,
  };
}

/** The filters as search takes them; `price` is "from-to" in the smallest unit, with `to` left out for "and more". */
export function filtersOf({ price, attributes, cursor }: Asked) {
  const [from, to] = (price ?? "").split("-");
  return {
    ...(from ? { priceFrom: Number(from) } : {}),
    ...(to ? { priceTo: Number(to) } : {}),
    ...(attributes.length > 0 ? { attributes: [...attributes] } : {}),
    ...(cursor ? { cursor } : {}),
  };
}

/** The address of the same listing with something changed; a change always begins at the first page. */
export function listingHref(path: string, asked: Asked, change: Partial<Asked> = {}): string {
  const changed = { ...asked, cursor: undefined, before: 0, ...change };
  const { q, category, sort, price, attributes, cursor, before } = changed;
  const query = new URLSearchParams();
  if (q) query.set("q", q);
  if (category) query.set("category", category);
  if (sort) query.set("sort", sort);
  if (price) query.set("price", price);
  for (const attribute of attributes) query.append("a", attribute);
  if (cursor) query.set("cursor", cursor);
  if (before > 0) query.set("before", String(before));
  return query.size > 0 ? `${path}?${query}` : path;
}

/** The choices of the filter form, with what is chosen marked, also where nothing is left of it. */
export function facetsOf(found: Found, asked: Asked): { facets: Facet[]; priceRanges: FacetValue[] } {
  const currency = found.items[0]?.price.currency ?? "USD";
  const facets = (found.facets?.attributes ?? []).map(({ name, values }) => ({
    name,
    param: "a",
    values: values.map(({ value, count }) => {
      const pair = `${name}:${value}`;
      return { value: pair, label: value, count, chosen: asked.attributes.includes(pair) };
    }),
  }));
  const ranges = (found.facets?.prices ?? []).map(({ from, to, count }) => {
    const value = `${from}-${to ?? ""}`;
    return { value, label: rangeWords(from, to, currency), count, chosen: asked.price === value };
  });
  const shown = facets.filter(({ values }) => values.length > 0).slice(0, MOST_FACETS);
  return { facets: shown, priceRanges: rangesWith(ranges, asked.price, currency) };
}

/** The ranges move with what is found: the one that was chosen stays among them, and there is a way to have none. */
function rangesWith(ranges: FacetValue[], chosen: string | undefined, currency: string): FacetValue[] {
  if (ranges.length < 2 && chosen === undefined) return [];
  const any = { value: "", label: "Any price", count: null, chosen: chosen === undefined };
  if (chosen === undefined || ranges.some((range) => range.chosen)) return [any, ...ranges];
  return [any, { value: chosen, label: rangeOf(chosen, currency), count: null, chosen: true }, ...ranges];
}

function rangeOf(price: string, currency: string): string {
  const [from, to] = price.split("-");
  return rangeWords(Number(from), to ? Number(to) : null, currency);
}

/** "$10.00 to $25.00"; ranges end one smallest unit before the next begins, and nobody wants to read $24.99. */
function rangeWords(from: number, to: number | null, currency: string): string {
  const text = (amount: number) => priceText({ amount, currency } satisfies Money).replace(/\.00$/, "");
  if (to === null) return `${text(from)} and more`;
  const end = to % 10 === 9 ? to + 1 : to;
  return from === 0 ? `Up to ${text(end)}` : `${text(from)} to ${text(end)}`;
}

export function sortsOf(asked: Asked, isSearch: boolean): FacetValue[] {
  const chosen = asked.sort ?? (isSearch ? "relevance" : "newest");
  return (Object.keys(sortWords) as Sort[])
    .filter((sort) => isSearch || sort !== "relevance")
    .map((sort) => ({ value: sort, label: sortWords[sort], count: 0, chosen: sort === chosen }));
}

/** What is filtered by, each leading to the listing without it. */
export function chipsOf(path: string, asked: Asked, currency: string): Link[] {
  const price = asked.price && {
    href: listingHref(path, asked, { price: undefined }),
    label: rangeOf(asked.price, currency),
  };
  const attributes = asked.attributes.map((pair) => ({
    href: listingHref(path, asked, { attributes: asked.attributes.filter((other) => other !== pair) }),
    label: pair.replace(":", ": "),
  }));
  return price ? [price, ...attributes] : attributes;
}
