import { type Id, isId } from "#kernel/id";
import { isRefusal } from "#kernel/refusal";
import { notFound, type Work } from "../server/answer.ts";
import { shopCard, shopPath } from "../server/cards.ts";
import { queryOf } from "../server/query.ts";
import type { Site } from "../server/site.ts";
import { askedOf, filtersOf, listingHref } from "./filters.ts";
import { categoriesFound, listingPage } from "./listing.ts";

/** A shop and what it sells: shop and search at once, then inventory. */
export const shop =
  (site: Site): Work =>
  async (request) => {
    const { id, slug } = request.params as { id: string; slug?: string };
    if (!isId(id)) return notFound();
    const { context } = request;
    const asked = { ...askedOf(queryOf(request)), q: "" };
    const sort = asked.sort === "relevance" ? undefined : asked.sort;
    const [tree, own, found] = await Promise.all([
      site.navigation.tree(context),
      site.doors.shop.get(context, { id: id as Id<"shop"> }),
      site.doors.search.list(context, {
        ...filtersOf(asked),
        shop: id as Id<"shop">,
        facets: true,
        ...(asked.category ? { category: asked.category } : {}),
        ...(sort ? { sort } : {}),
      }),
    ]);
    if (isRefusal(own)) return notFound();
    const path = shopPath(own);
    if (slug !== own.slug || isRefusal(found)) return { to: listingHref(path, asked) };
    const page = await listingPage(site, context, {
      path,
      asked,
      found,
      tree,
      title: own.name,
      description: own.description,
      heading: {
        heading: own.name,
        trail: [],
        narrower: categoriesFound(path, asked, found, tree),
        shop: shopCard(own),
      },
    });
    return { page };
  };
