import { isRefusal } from "#kernel/refusal";
import type { Work } from "../server/answer.ts";
import { productPath } from "../server/cards.ts";
import { queryOf } from "../server/query.ts";
import type { Site } from "../server/site.ts";
import { askedOf, filtersOf, listingHref } from "./filters.ts";
import { categoriesFound, listingPage } from "./listing.ts";

const path = "/search";

/** What matches a text: search once, then inventory and shop once. Without a text: everything, the newest first. */
export const search =
  (site: Site): Work =>
  async (request) => {
    const { context } = request;
    const asked = askedOf(queryOf(request));
    const filters = {
      ...filtersOf(asked),
      facets: true,
      ...(asked.category ? { category: asked.category } : {}),
    };
    const sort = asked.sort ? { sort: asked.sort } : {};
    const [tree, found] = await Promise.all([
      site.navigation.tree(context),
      asked.q
        ? site.doors.search.find(context, { ...filters, ...sort, q: asked.q })
        : site.doors.search.list(context, {
            ...filters,
            ...(asked.sort === "relevance" ? {} : { ...sort, sort: asked.sort ?? "newest" }),
          }),
    ]);
    if (isRefusal(found)) return { to: listingHref(path, asked) };
    const page = await listingPage(site, context, {
      path,
      asked,
      found,
      tree,
      isSearch: asked.q !== "",
      title: asked.q ? `Results for ${asked.q}` : "Everything",
      heading: {
        heading: asked.q || "Everything",
        headingBefore: asked.q ? "Results for" : undefined,
        trail: [],
        narrower: categoriesFound(path, asked, found, tree),
      },
    });
    return { page };
  };

/** What the search field offers while somebody types. */
export const suggestions =
  (site: Site): Work =>
  async (request) => {
    const q = (queryOf(request).get("q") ?? "").trim().slice(0, 100);
    if (q === "") return { json: { items: [] } };
    const found = await site.doors.search.suggest(request.context, { q });
    const items = isRefusal(found) ? [] : found.items;
    return {
      json: {
        items: items.map(({ text, product, slug = "" }) =>
          product
            ? { text, href: productPath(product, slug) }
            : { text, kind: "Category", href: `/c/${encodeURIComponent(slug)}` },
        ),
      },
    };
  };
