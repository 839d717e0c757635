import type { CatalogDoor } from "#domains/catalog/api";
import type { Clock } from "#kernel/clock";
import { guarded } from "#kernel/door";
import type { Module } from "#platform/bus/api";
import type { Store } from "#platform/database/api";
import { type SearchDoor, searchDoor } from "./api.ts";
import { type NamedCategory, namedCategory } from "./category.ts";
import { keptMs } from "./count.ts";
import type { SearchDeps } from "./deps.ts";
import { find } from "./find.ts";
import { rememberedLexemes } from "./lexemes.ts";
import { list } from "./list.ts";
import { currentCategories, followCatalog } from "./reactions.ts";
import { rebuild } from "./rebuild.ts";
import { recentAnswers } from "./recent.ts";
import { searchStore } from "./store.ts";
import { suggest } from "./suggest.ts";

/** Categories change by an operator's hand, a few times a year. */
const categoriesKeptMs = 30_000;

/** Wires the search domain by hand. It tells nobody anything. */
export function searchModule(with_: {
  store: Store;
  clock: Clock;
  catalog: Pick<CatalogDoor, "getMany" | "export" | "categories">;
  log(message: string, error?: unknown): void;
  counted(what: string, howMany: number): void;
}): Module<SearchDoor> {
  const store = searchStore(with_.store);
  const categories = recentAnswers<readonly NamedCategory[]>(with_.clock, () => categoriesKeptMs);
  const deps: SearchDeps = {
    ...with_,
    store,
    categories: () => categories.get("", async () => (await currentCategories(deps)).map(namedCategory)),
    lexemes: rememberedLexemes(store),
    counts: recentAnswers(with_.clock, keptMs),
  };
  const door = guarded(searchDoor, {
    list: (_c, input) => list(deps, input),
    find: (_c, input) => find(deps, input),
    suggest: (_c, input) => suggest(deps, input),
    rebuild: () => rebuild(deps),
  });
  return { door, reactions: [followCatalog(deps)], jobs: [] };
}
