import { bucketCount } from "#kernel/id";
import { isRefusal, refuse } from "#kernel/refusal";
import type { SearchDoor } from "./api.ts";
import { namedBy } from "./category.ts";
import { type Meant, meantBy } from "./correct.ts";
import { care, countAll, countedOf, totalOf } from "./count.ts";
import { markOf, type Position, positionOf } from "./cursor.ts";
import type { SearchDeps } from "./deps.ts";
import { facetsOf } from "./facets.ts";
import type { Found, Looking, Place, Placed, Scope } from "./found.ts";
import { askedOf, type Filters, type Query, queryOf, type Sort, shelfAround } from "./query.ts";

export const pageLength = 24;
const everywhere: Scope = { from: 0, upTo: bucketCount - 1 };

/** Published products that match a text. */
export async function find(d: SearchDeps, input: Parameters<SearchDoor["find"]>[1]) {
  const { q, sort = "relevance", facets = true } = input;
  if (queryOf(q, {}, sort).length === 0) return { items: [], next: null, total: 0 };
  const found = await searchPage(d, q, input, sort, facets);
  if (isRefusal(found) || found.total > 0) return found;
  const corrected = await correctionOf(d, q, input);
  if (corrected === undefined) return found;
  // The marks of its pages are those of the text that was typed, as the next page is asked for by that.
  const instead = await searchPage(d, corrected.text, input, sort, facets, askedOf(q, input, sort));
  if (isRefusal(instead)) return instead;
  const { text, dropped } = corrected;
  return { ...instead, corrected: text, ...(dropped.length > 0 && { dropped: [...dropped] }) };
}

/** So many texts are tried before somebody is told that there is nothing. */
const triesAtMost = 14;

/**
 * Of the texts that may have been meant the nearest that finds something. Of several as near: among corrections what
 * finds most, for it is the likelier word; among texts that leave words out what finds least, for its words say most.
 */
async function correctionOf(d: SearchDeps, text: string, filters: Filters): Promise<Meant | undefined> {
  let best: Tried | undefined;
  for (const meant of (await meantBy(d, text)).slice(0, triesAtMost)) {
    if (best && meant.cost > best.cost) break;
    const query = queryOf(meant.text, filters, "newest");
    const found = await d.store.find(query, { limit: 0, few: care.search.few, facetsFrom: 0 });
    const total = totalOf(found);
    if (total > 0 && (!best || isBetter({ ...meant, total }, best))) best = { ...meant, total };
  }
  return best;
}

type Tried = Meant & { readonly total: number };
const isBetter = (one: Tried, other: Tried): boolean =>
  one.dropped.length > 0 && other.dropped.length > 0 ? one.total < other.total : one.total > other.total;

/** A page of what is found by terms: text, attributes, or several filters at once. */
export async function searchPage(
  d: SearchDeps,
  text: string,
  input: Filters & { cursor?: string; limit?: number },
  sort: Sort,
  facets: boolean,
  asked = askedOf(text, input, sort),
) {
  const after = input.cursor === undefined ? undefined : positionOf(input.cursor, asked);
  if (input.cursor !== undefined && !after) return badCursor;
  const named = sort === "relevance" ? namedBy(await d.categories(), text) : [];
  const query = queryOf(text, input, sort, named);
  const how = { after, limit: input.limit ?? pageLength, facetsFrom: facets ? care.search.facetsFrom : 0 };
  const { found, page, next } =
    sort === "relevance"
      ? await searchRanked(d, query, { ...how, few: care.search.few })
      : await searchSorted(d, { ...query, sort }, input, { ...how, few: care.sorted.few });
  // Beyond the sample the matches of the sample are missing.
  const counted = after && after.from > 0 ? await countAll(d, text, input) : await countedOf(d, found);
  return {
    items: page.map(({ hit }) => hit),
    next: next && markOf(next, asked),
    total: counted.total,
    ...(facets && { facets: await facetsOf(d, text, input, counted) }),
  };
}

interface Searched {
  readonly found: Found;
  readonly page: readonly Placed[];
  readonly next: Position | null;
}

type How = Omit<Looking, "after"> & { readonly after: Position | undefined };

/** Of many matches a sample is ranked; what lies beyond it follows, the newest first. */
async function searchRanked(d: SearchDeps, query: Query, how: How): Promise<Searched> {
  const { after, limit } = how;
  const newest: Query = { ...query, sort: "newest" };
  const found = await d.store.find(after && after.from > 0 ? newest : query, { ...how, scope: after });
  if (found.page.length === limit || found.scope.upTo === everywhere.upTo) {
    return { found, page: found.page, next: positionAfter(found.page, limit, found.scope) };
  }
  const rest: Scope = { from: found.scope.upTo + 1, upTo: everywhere.upTo };
  const more = await d.store.find(newest, {
    ...how,
    after: undefined,
    scope: rest,
    limit: limit - found.page.length,
    facetsFrom: 0,
  });
  const page = [...found.page, ...more.page];
  return { found, page, next: positionAfter(page, limit, rest) };
}

/**
 * Every other order is that of all matches. Of many the next few are met soon on the way along the shelf
 * they stand on; unless they are all at its other end (the dearest mugs among everything by price): then
 * all are looked at after all.
 */
async function searchSorted(
  d: SearchDeps,
  query: Query & { sort: Exclude<Sort, "relevance"> },
  filters: Filters,
  how: How,
): Promise<Searched> {
  const { after, limit } = how;
  const found = await d.store.find(query, how);
  const isSample = found.scope.upTo < everywhere.upTo;
  const walked = isSample && (await d.store.walk(shelfAround(filters), query.sort, query, after, limit));
  if (walked) return { found, page: walked, next: positionAfter(walked, limit, everywhere) };
  const whole = isSample ? await d.store.find(query, { ...how, scope: everywhere, facetsFrom: 0 }) : found;
  return { found, page: whole.page, next: positionAfter(whole.page, limit, everywhere) };
}
export function positionAfter(page: readonly Place[], limit: number, scope: Scope): Position | null {
  const last = page.at(-1);
  if (!last || page.length < limit) return null;
  return { key: last.key, product: last.product, ...scope };
}

export const badCursor = refuse("search.bad_cursor", "Begin again at the first page, without `cursor`.");
