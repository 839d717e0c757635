import type { CatalogDoor } from "#domains/catalog/api";
import type { Clock } from "#kernel/clock";
import type { NamedCategory } from "./category.ts";
import type { Lexemes } from "./lexemes.ts";
import type { Recent } from "./recent.ts";
import type { SearchStore } from "./store.ts";
import type { Counted } from "./tally.ts";

/** What search stands on. */
export interface SearchDeps {
  readonly store: SearchStore;
  readonly clock: Clock;
  readonly catalog: Pick<CatalogDoor, "getMany" | "export" | "categories">;
  log(message: string, error?: unknown): void;
  /** Told of every page of a rebuild, as `search_rebuilt`, how many products it had. */
  counted(what: string, howMany: number): void;
  /** Catalog's categories, as they were a short while ago. */
  categories(): Promise<readonly NamedCategory[]>;
  readonly lexemes: Lexemes;
  /** What long listings were found to hold. */
  readonly counts: Recent<Counted>;
}
