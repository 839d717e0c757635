import { bucketCount } from "#kernel/id";
import type { SearchDeps } from "./deps.ts";
import type { Found } from "./found.ts";
import { askedOf, type Filters, queryOf, shelfFor } from "./query.ts";
import { type Counted, emptyTally, tallyOf } from "./tally.ts";

/** Hits are counted up to here. */
const countedUpTo = 10_000;
/** One product more or less is seen in a listing of these. */
export const isShort = ({ total }: Counted): boolean => total <= 500;

/**
 * For how long a count is told again. Anonymous answers may be kept for 30 s anyway; a short listing is counted
 * soon, and at once where the change was heard of in this process.
 */
export const keptMs = (counted: Counted): number => (isShort(counted) ? 2_000 : 30_000);

/**
 * How carefully matches are counted. With up to `few` of them in the first 64th of the buckets (of 20 some 1,300
 * in all) every match is looked at; with more a sample of at least 8 * `few`, or of 250, and the numbers are
 * estimates. Facets are counted from `facetsFrom` of what is looked at.
 */
export const care = {
  search: { few: 20, facetsFrom: 600 },
  // In an order other than by relevance a sample saves less: see searchSorted.
  sorted: { few: 156, facetsFrom: 600 },
  // Shelves are few, looked at by many, and kept for a while: exact up to 4,000.
  shelf: { few: 64, facetsFrom: 5_000 },
};

/** As many as were found; of a sample, as many as there are likely to be. */
export const totalOf = ({ found, scope }: Found): number =>
  Math.min(countedUpTo, Math.round((found * bucketCount) / (scope.upTo + 1 - scope.from)));

export async function countedOf(d: SearchDeps, found: Found): Promise<Counted> {
  const { counts, countedBuckets } = found;
  return {
    total: totalOf(found),
    tally: countedBuckets > 0 ? await tallyOf(d.lexemes, counts, countedBuckets) : emptyTally,
  };
}

/** What matches a text, or one that is empty, and filters, counted with its facets. */
export function countAll(d: SearchDeps, text: string, filters: Filters): Promise<Counted> {
  return d.counts.get(askedOf(text, filters, "facets"), async () => {
    const isShelf = text === "" && shelfFor(filters) !== undefined && !isPriced(filters);
    const found = await d.store.find(queryOf(text, filters, "newest"), {
      limit: 0,
      ...(isShelf ? care.shelf : care.search),
    });
    return countedOf(d, found);
  });
}

/** How many products stand on a shelf, without their facets. */
export function countShelf(d: SearchDeps, shelf: string, filters: Filters): Promise<Counted> {
  return d.counts.get(askedOf("", filters, "total"), async () => ({
    total: await d.store.shelfSize(shelf, filters, countedUpTo),
    tally: emptyTally,
  }));
}

const isPriced = ({ priceFrom, priceTo }: Filters): boolean =>
  priceFrom !== undefined || priceTo !== undefined;
