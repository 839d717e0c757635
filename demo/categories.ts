import type { DemoCategory } from "./types.ts";
import { BEAUTY_GROCERY } from "./words/beauty-grocery.ts";
import { BOOKS } from "./words/books.ts";
import { CLOTHING } from "./words/clothing.ts";
import { ELECTRONICS } from "./words/electronics.ts";
import { GARDEN_TOOLS_PETS } from "./words/garden-tools-pets.ts";
import { HOME } from "./words/home.ts";
import { KITCHEN } from "./words/kitchen.ts";
import { TOYS_SPORTS } from "./words/toys-sports.ts";
import type { CategoryWords, DepartmentWords, Trade } from "./words/words.ts";

export const DEPARTMENTS: readonly DepartmentWords[] = [
  ELECTRONICS,
  HOME,
  KITCHEN,
  CLOTHING,
  BOOKS,
  TOYS_SPORTS,
  BEAUTY_GROCERY,
  GARDEN_TOOLS_PETS,
];

export const TRADES: readonly Trade[] = DEPARTMENTS.flatMap((department) => department.trades);

export interface Leaf {
  /** Slug of its department. */
  readonly department: string;
  readonly words: CategoryWords;
  readonly trade: Trade;
}

/** The 40 leaf categories, in the order of the departments. */
export const LEAVES: readonly Leaf[] = DEPARTMENTS.flatMap((department) =>
  department.trades.flatMap((trade) =>
    trade.categories.map((words) => ({ words, trade, department: department.slug })),
  ),
);

/** The tree as the shop sees it: departments first. */
export function demoCategories(): readonly DemoCategory[] {
  const departments = DEPARTMENTS.map(({ slug, name }, position) => ({ slug, parent: null, name, position }));
  const leaves = DEPARTMENTS.flatMap((department) =>
    department.trades
      .flatMap((trade) => trade.categories)
      .map(({ slug, name }, position) => ({ slug, parent: department.slug, name, position })),
  );
  return [...departments, ...leaves];
}
