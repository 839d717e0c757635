import type { CatalogDoor, Category } from "#domains/catalog/api";
import type { Clock } from "#kernel/clock";
import type { Context } from "#kernel/context";
import { expectDone } from "#kernel/refusal";

/** How long a process may show categories as they were; the API lets caches keep them for five minutes. */
const KEPT_MS = 60_000;

/** The tree of categories, which every page needs for its head and which hardly ever changes. */
export interface Navigation {
  tree(context: Context): Promise<CategoryTree>;
}

export interface CategoryTree {
  readonly bySlug: ReadonlyMap<string, Category>;
  /** Children in order; of null: the departments. */
  readonly below: ReadonlyMap<string | null, readonly Category[]>;
}

/** Asks catalog once a minute and once for all who wait; a failure is not kept. */
export function navigation(catalog: CatalogDoor, clock: Clock): Navigation {
  let kept: Promise<CategoryTree> | undefined;
  let until = 0;
  return {
    tree: (context) => {
      if (kept && clock.now() < until) return kept;
      until = clock.now() + KEPT_MS;
      const asked = catalog.categories(context, {}).then((answer) => treeOf(expectDone(answer).items));
      kept = asked;
      asked.catch(() => {
        if (kept === asked) kept = undefined;
      });
      return asked;
    },
  };
}

function treeOf(categories: readonly Category[]): CategoryTree {
  const below = new Map<string | null, Category[]>();
  for (const category of categories) {
    const siblings = below.get(category.parent);
    if (siblings) siblings.push(category);
    else below.set(category.parent, [category]);
  }
  for (const siblings of below.values()) siblings.sort((a, b) => a.position - b.position);
  return { bySlug: new Map(categories.map((category) => [category.slug, category])), below };
}
