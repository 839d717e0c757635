import { isRefusal } from "#kernel/refusal";
import { notFound, type Work } from "../server/answer.ts";
import { queryOf } from "../server/query.ts";
import type { Site } from "../server/site.ts";
import { askedOf, filtersOf, listingHref } from "./filters.ts";
import { listingPage, trailOf } from "./listing.ts";

/** A department or a category: search once, then inventory and shop once. */
export const category =
  (site: Site): Work =>
  async (request) => {
    const { slug } = request.params as { slug: string };
    const { context } = request;
    const asked = { ...askedOf(queryOf(request)), q: "", category: undefined };
    const path = `/c/${slug}`;
    const tree = await site.navigation.tree(context);
    const own = tree.bySlug.get(slug);
    if (!own) return notFound();
    const sort = asked.sort === "relevance" ? undefined : asked.sort;
    const found = await site.doors.search.list(context, {
      ...filtersOf(asked),
      category: slug,
      facets: true,
      ...(sort ? { sort } : {}),
    });
    if (isRefusal(found)) return { to: listingHref(path, asked) };
    const counts = new Map(found.facets?.categories.map(({ value, count }) => [value, count]));
    const siblings = tree.below.get(slug) ?? tree.below.get(own.parent) ?? [];
    const trail = trailOf(own, tree).slice(0, -1);
    const page = await listingPage(site, context, {
      path,
      asked,
      found,
      tree,
      title: own.name,
      description: `${own.name} from independent shops on Storey.`,
      heading: {
        heading: own.name,
        headingZh: own.nameZh === own.name ? undefined : own.nameZh,
        trail: [
          { href: "/", label: "Storey" },
          ...trail.map((one) => ({ href: `/c/${one.slug}`, label: one.name })),
        ],
        narrower: siblings.map((one) => ({
          href: `/c/${one.slug}`,
          label: one.name,
          count: counts.get(one.slug) ?? null,
          current: one.slug === slug,
        })),
      },
    });
    return { page };
  };
