import type { Static } from "typebox";
import { bucketCount } from "#kernel/id";
import type { facetsSchema } from "./api.ts";
import type { SearchDeps } from "./module.ts";
import { bandsOf } from "./prices.ts";
import type { Found } from "./store.ts";
import { meaningOf } from "./words.ts";

export type Facets = Static<typeof facetsSchema>;
type Value = Facets["categories"][number];

/** So many categories, names of attributes, and values of one name are told at most. */
const most = { categories: 60, names: 12, values: 12 };

/** The facets of what was found. Counts of a sample are scaled to what all matches are likely to have. */
export async function facetsOf(d: SearchDeps, found: Found): Promise<Facets> {
  const lexemes = await d.store.lexemes([...found.counts.keys()]);
  const categories: Value[] = [];
  const steps = new Map<number, number>();
  const attributes = new Map<string, Value[]>();
  for (const [id, counted] of found.counts) {
    const { kind, value } = meaningOf(lexemes.get(id) ?? "");
    const count = Math.round((counted * bucketCount) / found.countedBuckets);
    if (kind === "c") categories.push({ value, count });
    if (kind === "p") steps.set(Number(value), count);
    if (kind === "a") {
      const colon = value.indexOf(":");
      const name = value.slice(0, colon);
      attributes.set(name, [...(attributes.get(name) ?? []), { value: value.slice(colon + 1), count }]);
    }
  }
  return {
    categories: categories.sort(commonFirst).slice(0, most.categories),
    prices: bandsOf(steps),
    attributes: [...attributes]
      .map(([name, values]) => ({ name, values: values.sort(commonFirst), all: sumOf(values) }))
      .sort((a, b) => b.all - a.all || (a.name < b.name ? -1 : 1))
      .slice(0, most.names)
      .map(({ name, values }) => ({ name, values: values.slice(0, most.values) })),
  };
}

const sumOf = (values: readonly Value[]): number => values.reduce((sum, { count }) => sum + count, 0);

const commonFirst = (a: Value, b: Value): number => b.count - a.count || (a.value < b.value ? -1 : 1);
