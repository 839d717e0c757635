import { bucketCount } from "#kernel/id";
import { refuse } from "#kernel/refusal";
import type { SearchDoor } from "./api.ts";
import { markOf, type Position, positionOf } from "./cursor.ts";
import { facetsOf } from "./facets.ts";
import type { SearchDeps } from "./module.ts";
import { askedOf, type Filters, type Query, queryOf } from "./query.ts";
import type { Found, Placed, Scope } from "./store.ts";

/** Hits are counted up to here. */
export const countedUpTo = 10_000;
export const pageLength = 24;
/**
 * With up to 32 matches in the first 64th of the buckets, some 2,000 in all, every match is looked at; with more, a
 * sample of 250 or more, and the numbers are estimates.
 */
const exactUpTo = 32;
/** Facets of more matches than this are counted from a sample of them. */
const facetsFrom = 1_000;
const everywhere: Scope = { from: 0, upTo: bucketCount - 1 };

/** Published products that match a text. */
export async function find(d: SearchDeps, input: Parameters<SearchDoor["find"]>[1]) {
  const sort = input.sort ?? "relevance";
  const asked = askedOf(input.q, input, sort);
  const after = input.cursor === undefined ? undefined : positionOf(input.cursor, asked);
  if (input.cursor !== undefined && !after) return badCursor;
  const query = queryOf(input.q, input, sort);
  if (query.length === 0) return { items: [], next: null, total: 0 };
  const found = await search(d, query, after, input.limit ?? pageLength, input.facets ?? true);
  return answerOf(d, query, input, found, asked);
}

/** What is found by terms: text, attributes, or several filters at once. */
export interface Searched {
  readonly found: Found;
  readonly page: readonly Placed[];
  readonly next: Position | null;
}

/**
 * The sample is ranked; what lies beyond it follows, the newest first. Every other order is kept by all matches.
 */
export async function search(
  d: SearchDeps,
  query: Query,
  after: Position | undefined,
  limit: number,
  facets: boolean,
): Promise<Searched> {
  const scope = after ?? (query.sort === "relevance" ? undefined : everywhere);
  const how = { scope, after, limit, exactUpTo, facetsFrom: facets ? facetsFrom : 0 };
  const found = await d.store.find(after && after.from > 0 ? { ...query, sort: "newest" } : query, how);
  if (found.page.length === limit || found.scope.upTo === everywhere.upTo) {
    return { found, page: found.page, next: positionAfter(found.page, limit, found.scope) };
  }
  const rest: Scope = { from: found.scope.upTo + 1, upTo: everywhere.upTo };
  const more = await d.store.find(
    { ...query, sort: "newest" },
    { scope: rest, limit: limit - found.page.length, exactUpTo, facetsFrom: 0 },
  );
  const page = [...found.page, ...more.page];
  return { found, page, next: positionAfter(page, limit, rest) };
}

export function positionAfter(page: readonly Placed[], limit: number, scope: Scope): Position | null {
  const last = page.at(-1);
  if (!last || page.length < limit) return null;
  return { key: last.key, product: last.product, ...scope };
}

/** As many as were found; of a sample, as many as there are likely to be. */
export function totalOf({ found, scope }: Found): number {
  return Math.min(countedUpTo, Math.round((found * bucketCount) / (scope.upTo + 1 - scope.from)));
}

export async function answerOf(
  d: SearchDeps,
  _query: Query,
  _filters: Filters,
  { found, page, next }: Searched,
  asked: string,
) {
  const facets = found.countedBuckets > 0 ? await facetsOf(d, found) : undefined;
  return {
    items: page.map(({ hit }) => hit),
    next: next && markOf(next, asked),
    total: totalOf(found),
    ...(facets && { facets }),
  };
}

export const badCursor = refuse("search.bad_cursor", "Begin again at the first page, without `cursor`.");
