import { bucketCount } from "#kernel/id";
import { isRefusal, refuse } from "#kernel/refusal";
import type { SearchDoor } from "./api.ts";
import { namedBy } from "./category.ts";
import { type Meant, meantBy } from "./correct.ts";
import { care, countAll, countedOf } from "./count.ts";
import { markOf, type Position, positionOf } from "./cursor.ts";
import type { SearchDeps } from "./deps.ts";
import { facetsOf } from "./facets.ts";
import type { Found, Placed, Scope } from "./found.ts";
import { askedOf, type Filters, type Query, queryOf, type Sort } from "./query.ts";

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
  const instead = await searchPage(d, corrected, input, sort, facets, askedOf(q, input, sort));
  return isRefusal(instead) ? instead : { ...instead, corrected };
}

/**
 * Of the texts that may have been meant the nearest that finds something; of several as near, what finds
 * most.
 */
async function correctionOf(d: SearchDeps, text: string, filters: Filters): Promise<string | undefined> {
  let best: (Meant & { found: number }) | undefined;
  for (const meant of await meantBy(d, text)) {
    if (best && meant.cost > best.cost) break;
    const query = queryOf(meant.text, filters, "newest");
    const { found } = await d.store.find(query, { scope: everywhere, limit: 0, few: 0, facetsFrom: 0 });
    if (found > (best?.found ?? 0)) best = { ...meant, found };
  }
  return best?.text;
}

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
  const { found, page, next } = await search(d, query, after, input.limit ?? pageLength, facets);
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

/**
 * The sample is ranked; what lies beyond it follows, the newest first. Every other order is that of all
 * matches.
 */
async function search(
  d: SearchDeps,
  query: Query,
  after: Position | undefined,
  limit: number,
  facets: boolean,
): Promise<Searched> {
  const scope = after ?? (query.sort === "relevance" ? undefined : everywhere);
  const { few, facetsFrom } = care.search;
  const isBeyond = after !== undefined && after.from > 0;
  const found = await d.store.find(isBeyond ? { ...query, sort: "newest" } : query, {
    scope,
    after,
    limit,
    few,
    facetsFrom: facets ? facetsFrom : 0,
  });
  if (found.page.length === limit || found.scope.upTo === everywhere.upTo) {
    return { found, page: found.page, next: positionAfter(found.page, limit, found.scope) };
  }
  const rest: Scope = { from: found.scope.upTo + 1, upTo: everywhere.upTo };
  const more = await d.store.find(
    { ...query, sort: "newest" },
    { scope: rest, limit: limit - found.page.length, few, facetsFrom: 0 },
  );
  const page = [...found.page, ...more.page];
  return { found, page, next: positionAfter(page, limit, rest) };
}

export function positionAfter(page: readonly Placed[], limit: number, scope: Scope): Position | null {
  const last = page.at(-1);
  if (!last || page.length < limit) return null;
  return { key: last.key, product: last.product, ...scope };
}

export const badCursor = refuse("search.bad_cursor", "Begin again at the first page, without `cursor`.");
