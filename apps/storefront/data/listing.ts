import type { Category } from "#domains/catalog/api";
import type { Context } from "#kernel/context";
import type { ListingView, Page } from "../client/model.ts";
import { cardsOf } from "../server/cards.ts";
import type { CategoryTree } from "../server/navigation.ts";
import type { Site } from "../server/site.ts";
import { type Asked, chipsOf, type Found, facetsOf, listingHref, sortsOf } from "./filters.ts";

type Heading = Pick<ListingView, "heading" | "headingBefore" | "headingZh" | "trail" | "narrower" | "shop">;

/** What category, search and shop pages have in common: found products as a page of cards with ways to narrow them. */
export async function listingPage(
  site: Site,
  context: Context,
  parts: {
    path: string;
    asked: Asked;
    found: Found;
    heading: Heading;
    tree: CategoryTree;
    title: string;
    description?: string;
    isSearch?: boolean;
  },
): Promise<Page> {
  const { path, asked, found, heading, tree, isSearch = false } = parts;
  const items = await cardsOf(site.doors, context, found.items, tree);
  const bare = { ...asked, price: undefined, attributes: [], cursor: undefined };
  const upTo = asked.before + items.length;
  return {
    name: "listing",
    title: parts.title,
    description: parts.description,
    isPrivate: false,
    query: asked.q,
    view: {
      ...heading,
      action: path,
      carried: carriedBy(asked),
      ...facetsOf(found, asked),
      sorts: sortsOf(asked, isSearch),
      chips: chipsOf(path, asked, found.items[0]?.price.currency ?? "USD"),
      clearHref: listingHref(path, bare),
      items,
      before: asked.before,
      total: Math.max(found.total, upTo),
      // Search counts a shelf, and estimates what many match.
      isAbout: found.total > 1_000 && (asked.q !== "" || asked.attributes.length > 0),
      nextHref: found.next ? listingHref(path, asked, { cursor: found.next, before: upTo }) : null,
      firstHref: asked.cursor ? listingHref(path, asked) : null,
      corrected: found.corrected,
      dropped: found.dropped,
      instead: (tree.below.get(null) ?? []).map(({ slug, name }) => ({ href: `/c/${slug}`, label: name })),
    },
  };
}

/** What the filter form must send along although it has no field for it. */
const carriedBy = ({ q, category }: Asked) => [
  ...(q ? [{ name: "q", value: q }] : []),
  ...(category ? [{ name: "category", value: category }] : []),
];

/** The categories that hold what was found, each leading to the same listing within it. */
export function categoriesFound(path: string, asked: Asked, found: Found, tree: CategoryTree) {
  const leaves = (found.facets?.categories ?? []).flatMap(({ value, count }) => {
    const category = tree.bySlug.get(value);
    if (!category || (category.parent === null && tree.below.has(value))) return [];
    const current = asked.category === value;
    const href = listingHref(path, asked, { category: current ? undefined : value });
    return [{ href, label: current ? `${category.name} ×` : category.name, count, current }];
  });
  return leaves.slice(0, 12);
}

/** From the department down to the category. */
export function trailOf(category: Category | undefined, tree: CategoryTree): Category[] {
  if (!category) return [];
  const parent = category.parent === null ? undefined : tree.bySlug.get(category.parent);
  return [...trailOf(parent, tree), category];
}
