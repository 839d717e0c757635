import { unread } from "#kernel/door";
import type { Refusal } from "#kernel/refusal";
import type { SearchDoor } from "./api.ts";
import { countAll, countShelf } from "./count.ts";
import { markOf, positionOf } from "./cursor.ts";
import type { SearchDeps } from "./deps.ts";
import { facetsOf } from "./facets.ts";
import { badCursor, pageLength, positionAfter, searchPage } from "./find.ts";
import { askedOf, shelfFor } from "./query.ts";

type Input = Parameters<SearchDoor["list"]>[1];
type Result = Exclude<Awaited<ReturnType<SearchDoor["list"]>>, Refusal>;

/**
 * Published products, filtered and sorted. Most listings are a shelf: 24 entries of an index, whatever its
 * length.
 */
export async function list(d: SearchDeps, input: Input) {
  const { sort = "newest", limit = pageLength, facets = false } = input;
  const shelf = shelfFor(input);
  if (shelf === undefined) return searchPage(d, "", input, sort, facets);
  const asked = askedOf("", input, sort);
  const after = input.cursor === undefined ? undefined : positionOf(input.cursor, asked);
  if (input.cursor !== undefined && !after) return badCursor;
  const [page, { total }, counted] = await Promise.all([
    d.store.shelfPage(shelf, sort, input, after, limit),
    countShelf(d, shelf, input),
    facets ? countAll(d, "", input) : undefined,
  ]);
  const next = positionAfter(page, limit, { from: 0, upTo: 0 });
  const rest = {
    next: next && markOf(next, asked),
    total,
    ...(counted && { facets: await facetsOf(d, "", input, counted) }),
  };
  const items = page.map(({ card }) => card).join(",");
  return unread<Result>(`{"items":[${items}],${JSON.stringify(rest).slice(1)}`);
}
