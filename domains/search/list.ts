import type { SearchDoor } from "./api.ts";
import { markOf, positionOf } from "./cursor.ts";
import { answerOf, badCursor, countedUpTo, pageLength, positionAfter, search } from "./find.ts";
import type { SearchDeps } from "./module.ts";
import { askedOf, queryOf, shelfFor } from "./query.ts";

/** Published products, filtered and sorted. */
export async function list(d: SearchDeps, input: Parameters<SearchDoor["list"]>[1]) {
  const sort = input.sort ?? "newest";
  const asked = askedOf("", input, sort);
  const after = input.cursor === undefined ? undefined : positionOf(input.cursor, asked);
  if (input.cursor !== undefined && !after) return badCursor;
  const limit = input.limit ?? pageLength;
  const query = queryOf("", input, sort);
  const shelf = shelfFor(input);
  if (shelf === undefined || input.facets) {
    const found = await search(d, query, after, limit, input.facets ?? false);
    return answerOf(d, query, input, found, asked);
  }
  const [page, total] = await Promise.all([
    d.store.shelfPage(shelf, sort, query, after, limit),
    d.store.shelfSize(shelf, query, countedUpTo),
  ]);
  const next = positionAfter(page, limit, { from: 0, upTo: 0 });
  return { items: page.map(({ hit }) => hit), next: next && markOf(next, asked), total };
}
