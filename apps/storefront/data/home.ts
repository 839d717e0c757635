import type { Category } from "#domains/catalog/api";
import type { Hit } from "#domains/search/api";
import { expectDone } from "#kernel/refusal";
import type { DepartmentTile, Tile } from "../client/model.ts";
import type { Work } from "../server/answer.ts";
import { cardsOf, shopCard } from "../server/cards.ts";
import type { CategoryTree } from "../server/navigation.ts";
import type { Site } from "../server/site.ts";

const SHOWN_PRODUCTS = 12;
/** Pictures beside the greeting: of other products than stand below. */
const SHOWN_LARGE = 4;
const SHOWN_SHOPS = 6;
/** More are asked for than shown, so that new things from many departments can stand side by side. */
const ASKED_PRODUCTS = 48;

/** The front page: search and shop once, then inventory and shop once for what was found. */
export const home =
  (site: Site): Work =>
  async (request) => {
    const { context } = request;
    const { doors } = site;
    const [tree, newest, shops] = await Promise.all([
      site.navigation.tree(context),
      doors.search.list(context, { limit: ASKED_PRODUCTS }),
      doors.shop.list(context, { limit: SHOWN_SHOPS }),
    ]);
    const hits = expectDone(newest).items;
    const fresh = await cardsOf(doors, context, mixed(hits).slice(0, SHOWN_PRODUCTS + SHOWN_LARGE), tree);
    const leaves = [...tree.bySlug.values()].filter((category) => category.parent !== null);
    return {
      page: {
        name: "home",
        title: "Storey: one roof, many good shops",
        description: "A marketplace of independent shops: one cart, one payment, a parcel from each shop.",
        view: {
          departments: (tree.below.get(null) ?? []).map((one) => departmentTile(one, tree, hits)),
          tiles: leaves.map((leaf) => tileOf(leaf, tree, hits)),
          large: fresh.slice(SHOWN_PRODUCTS),
          fresh: fresh.slice(0, SHOWN_PRODUCTS),
          shops: expectDone(shops).items.map(shopCard),
        },
      },
    };
  };

/** Newest first, but no category a second time before every category found had its turn. */
function mixed(hits: readonly Hit[]): Hit[] {
  const rounds = new Map<string, number>();
  return hits
    .map((hit, index) => {
      const round = rounds.get(hit.category) ?? 0;
      rounds.set(hit.category, round + 1);
      return { hit, order: round * hits.length + index };
    })
    .sort((a, b) => a.order - b.order)
    .map(({ hit }) => hit);
}

/** A category's own picture, or that of something new in it. */
function tileOf(category: Category, tree: CategoryTree, hits: readonly Hit[]): Tile {
  const within = (slug: string | null | undefined): boolean =>
    slug === category.slug || (slug != null && within(tree.bySlug.get(slug)?.parent));
  const image =
    category.image ?? hits.find((hit) => hit.image !== null && within(hit.category))?.image ?? null;
  return { href: `/c/${category.slug}`, name: category.name, nameZh: category.nameZh, image };
}

function departmentTile(department: Category, tree: CategoryTree, hits: readonly Hit[]): DepartmentTile {
  const below = (tree.below.get(department.slug) ?? []).map(({ slug, name }) => ({
    href: `/c/${slug}`,
    label: name,
  }));
  const leaf = tree.below.get(department.slug)?.find(({ image }) => image !== null);
  return { ...tileOf({ ...department, image: department.image ?? leaf?.image ?? null }, tree, hits), below };
}
