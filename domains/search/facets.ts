import { countAll } from "./count.ts";
import type { SearchDeps } from "./deps.ts";
import { bandsOf } from "./prices.ts";
import type { Filters } from "./query.ts";
import { type Counted, commonFirst, type Facets, nameOf, type Tally } from "./tally.ts";

/** So many categories, names of attributes, and values of one name are told at most. */
const most = { categories: 60, names: 12, values: 12 };

/**
 * The facets of what was found. What is already filtered by is counted as if it were not, so that one sees
 * what else there is to choose: one more count for each filter in use.
 */
export async function facetsOf(d: SearchDeps, text: string, filters: Filters, own: Counted): Promise<Facets> {
  const without = async (filter: Partial<Filters>) =>
    (await countAll(d, text, { ...filters, ...filter })).tally;
  const names = [...new Set((filters.attributes ?? []).map(nameOf))];
  const isPriced = filters.priceFrom !== undefined || filters.priceTo !== undefined;
  const [anyCategory, anyPrice, ...anyValue] = await Promise.all([
    filters.category === undefined ? own.tally : without({ category: undefined }),
    isPriced ? without({ priceFrom: undefined, priceTo: undefined }) : own.tally,
    ...names.map((name) =>
      without({ attributes: (filters.attributes ?? []).filter((attribute) => nameOf(attribute) !== name) }),
    ),
  ]);
  const choices = names.map((name, i) => ({ name, values: valuesOf(anyValue[i], name) }));
  const others = own.tally.attributes.filter(({ name }) => !names.includes(name));
  return {
    categories: categoriesOf(anyCategory, own.tally),
    prices: bandsOf(anyPrice.steps),
    attributes: [...choices, ...others]
      .filter(({ values }) => values.length > 0)
      .slice(0, most.names)
      .map(({ name, values }) => ({ name, values: values.slice(0, most.values) })),
  };
}

const valuesOf = (tally: Tally | undefined, name: string) =>
  tally?.attributes.find((attribute) => attribute.name === name)?.values ?? [];

/** What lies below the category that is filtered by must not be crowded out by what lies beside it. */
function categoriesOf(anyCategory: Tally, own: Tally): Facets["categories"] {
  const within = new Set(own.categories.map(({ value }) => value));
  const isWithin = ({ value }: Facets["categories"][number]) => within.has(value);
  const beside = anyCategory.categories.filter((category) => !isWithin(category));
  return [...anyCategory.categories.filter(isWithin), ...beside].slice(0, most.categories).sort(commonFirst);
}
