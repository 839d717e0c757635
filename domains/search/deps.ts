import type { CatalogDoor } from "#domains/catalog/api";
import type { Clock } from "#kernel/clock";
import type { Counted } from "./count.ts";
import type { Lexemes } from "./lexemes.ts";
import type { Recent } from "./recent.ts";
import type { SearchStore } from "./store.ts";

/** What search stands on. */
export interface SearchDeps {
  readonly store: SearchStore;
  readonly clock: Clock;
  readonly catalog: Pick<CatalogDoor, "getMany" | "export" | "categories">;
  log(message: string, error?: unknown): void;
  readonly lexemes: Lexemes;
  /** What long listings were found to hold. */
  readonly counts: Recent<Counted>;
}
