import type { Category } from "./api.ts";

/** Parents before children, siblings by position; whose parent is not among them comes as a root. */
export function inOrder(categories: readonly Category[]): Category[] {
  const children = new Map<string | null, Category[]>();
  const slugs = new Set(categories.map(({ slug }) => slug));
  for (const category of [...categories].sort(byPosition)) {
    const parent = category.parent !== null && slugs.has(category.parent) ? category.parent : null;
    children.set(parent, [...(children.get(parent) ?? []), category]);
  }
  const ordered = new Set<Category>(children.get(null));
  // A set is walked to its end while it grows: level by level.
  for (const { slug } of ordered) for (const child of children.get(slug) ?? []) ordered.add(child);
  return [...ordered, ...categories.filter((category) => !ordered.has(category))];
}

const byPosition = (a: Category, b: Category): number =>
  a.position - b.position || (a.slug < b.slug ? -1 : 1);

/** The last word on each slug. */
export const lastOfEach = (items: readonly Category[]): Category[] => [
  ...new Map(items.map((item) => [item.slug, item])).values(),
];
