import type { CatalogDoor } from "#domains/catalog/api";
import type { Clock } from "#kernel/clock";
import { guarded } from "#kernel/door";
import type { Module } from "#platform/bus/api";
import type { Store } from "#platform/database/api";
import { type SearchDoor, searchDoor } from "./api.ts";
import { find } from "./find.ts";
import { list } from "./list.ts";
import { followCatalog } from "./reactions.ts";
import { type SearchStore, searchStore } from "./store.ts";

/** What search stands on. */
export interface SearchDeps {
  readonly store: SearchStore;
  readonly clock: Clock;
  readonly catalog: Pick<CatalogDoor, "getMany" | "export" | "categories">;
  log(message: string, error?: unknown): void;
}

/** Wires the search domain by hand. It tells nobody anything. */
export function searchModule(with_: {
  store: Store;
  clock: Clock;
  catalog: Pick<CatalogDoor, "getMany" | "export" | "categories">;
  log(message: string, error?: unknown): void;
}): Module<SearchDoor> {
  const deps: SearchDeps = { ...with_, store: searchStore(with_.store) };
  const door = guarded(searchDoor, {
    list: (_c, input) => list(deps, input),
    find: (_c, input) => find(deps, input),
    suggest: () => Promise.resolve({ items: [] }),
    rebuild: () => Promise.resolve({ products: 0 }),
  });
  return { door, reactions: [followCatalog(deps)], jobs: [] };
}
