import type { Static } from "typebox";
import { bucketCount } from "#kernel/id";
import type { facetsSchema } from "./api.ts";
import { type Counted, countAll } from "./count.ts";
import type { SearchDeps } from "./deps.ts";
import { bandsOf } from "./prices.ts";
import type { Filters } from "./query.ts";
import { meaningOf } from "./words.ts";

export type Facets = Static<typeof facetsSchema>;
type Value = Facets["categories"][number];

/** So many categories, names of attributes, and values of one name are told at most. */
const most = { categories: 60, names: 12, values: 12 };

/** Everything that was counted, by what it is. Counts of a sample are scaled to what all matches are likely to have. */
interface Tally {
  readonly categories: ReadonlyMap<string, number>;
  readonly steps: ReadonlyMap<number, number>;
  readonly attributes: ReadonlyMap<string, readonly Value[]>;
}

/**
 * The facets of what was found. What is already filtered by is counted as if it were not, so that one sees what else
 * there is to choose: one more count for each filter in use.
 */
export async function facetsOf(d: SearchDeps, text: string, filters: Filters, own: Counted): Promise<Facets> {
  const without = async (filter: Partial<Filters>) =>
    tallyOf(d, await countAll(d, text, { ...filters, ...filter }));
  const names = [...new Set((filters.attributes ?? []).map(nameOf))];
  const isPriced = filters.priceFrom !== undefined || filters.priceTo !== undefined;
  const [here, anywhere, anyPrice, ...anyValue] = await Promise.all([
    tallyOf(d, own),
    filters.category === undefined ? undefined : without({ category: undefined }),
    isPriced ? without({ priceFrom: undefined, priceTo: undefined }) : undefined,
    ...names.map((name) =>
      without({ attributes: (filters.attributes ?? []).filter((attribute) => nameOf(attribute) !== name) }),
    ),
  ]);
  const attributes = new Map(here.attributes);
  for (const [i, name] of names.entries()) attributes.set(name, anyValue[i]?.attributes.get(name) ?? []);
  return {
    categories: [...new Map([...(anywhere?.categories ?? []), ...here.categories])]
      .map(([value, count]) => ({ value, count }))
      .sort(commonFirst)
      .slice(0, most.categories),
    prices: bandsOf((anyPrice ?? here).steps),
    attributes: commonNames(attributes),
  };
}

async function tallyOf(d: SearchDeps, { counts, buckets }: Counted): Promise<Tally> {
  const lexemes = await d.lexemes.of([...counts.keys()]);
  const categories = new Map<string, number>();
  const steps = new Map<number, number>();
  const attributes = new Map<string, Value[]>();
  for (const [id, counted] of counts) {
    const { kind, value } = meaningOf(lexemes.get(id) ?? "");
    const count = Math.round((counted * bucketCount) / buckets);
    if (kind === "c") categories.set(value, count);
    if (kind === "p") steps.set(Number(value), count);
    if (kind === "a") {
      const name = nameOf(value);
      const values = attributes.get(name) ?? [];
      attributes.set(name, values);
      values.push({ value: value.slice(name.length + 1), count });
    }
  }
  return { categories, steps, attributes };
}

function commonNames(attributes: ReadonlyMap<string, readonly Value[]>): Facets["attributes"] {
  return [...attributes]
    .map(([name, values]) => ({ name, values, all: values.reduce((sum, { count }) => sum + count, 0) }))
    .filter(({ all }) => all > 0)
    .sort((a, b) => b.all - a.all || (a.name < b.name ? -1 : 1))
    .slice(0, most.names)
    .map(({ name, values }) => ({ name, values: [...values].sort(commonFirst).slice(0, most.values) }));
}

const nameOf = (attribute: string): string => attribute.slice(0, attribute.indexOf(":"));

const commonFirst = (a: Value, b: Value): number => b.count - a.count || (a.value < b.value ? -1 : 1);
