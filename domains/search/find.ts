import { refuse } from "#kernel/refusal";
import type { SearchDoor } from "./api.ts";
import { markOf, type Position, positionOf } from "./cursor.ts";
import type { SearchDeps } from "./module.ts";
import { askedOf, queryOf, type Sort, shelfFor } from "./query.ts";
import type { Placed } from "./store.ts";

type ListInput = Parameters<SearchDoor["list"]>[1];
type FindInput = Parameters<SearchDoor["find"]>[1];

/** Hits are counted up to here. */
const countedUpTo = 10_000;
const pageLength = 24;

/** Published products that match a text. */
export async function find(d: SearchDeps, input: FindInput) {
  const sort = input.sort ?? "relevance";
  const asked = askedOf(input.q, input, sort);
  const after = input.cursor === undefined ? undefined : positionOf(input.cursor, asked);
  if (input.cursor !== undefined && !after) return badCursor;
  const query = queryOf(input.q, input, sort);
  if (query.length === 0) return { items: [], next: null, total: 0 };
  const limit = input.limit ?? pageLength;
  const { total, page } = await d.store.findPage(query, after, limit, countedUpTo);
  return { ...pageOf(page, limit, asked), total };
}

/** Published products, filtered and sorted. */
export async function list(d: SearchDeps, input: ListInput) {
  const sort = input.sort ?? "newest";
  const asked = askedOf("", input, sort);
  const after = input.cursor === undefined ? undefined : positionOf(input.cursor, asked);
  if (input.cursor !== undefined && !after) return badCursor;
  const limit = input.limit ?? pageLength;
  const { total, page } = await listPage(d, input, sort, after, limit);
  return { ...pageOf(page, limit, asked), total };
}

async function listPage(
  d: SearchDeps,
  input: ListInput,
  sort: Exclude<Sort, "relevance">,
  after: Position | undefined,
  limit: number,
): Promise<{ total: number; page: Placed[] }> {
  const shelf = shelfFor(input);
  if (shelf === undefined) return d.store.findPage(queryOf("", input, sort), after, limit, countedUpTo);
  const [page, total] = await Promise.all([
    d.store.shelfPage(shelf, sort, after, limit),
    d.store.shelfSize(shelf, countedUpTo),
  ]);
  return { total, page };
}

function pageOf(page: readonly Placed[], limit: number, asked: string) {
  const last = page.at(-1);
  return {
    items: page.map(({ hit }) => hit),
    next: last && page.length === limit ? markOf(last.position, asked) : null,
  };
}

const badCursor = refuse("search.bad_cursor", "Begin again at the first page, without `cursor`.");
