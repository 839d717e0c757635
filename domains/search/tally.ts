import type { Static } from "typebox";
import { bucketCount } from "#kernel/id";
import type { facetsSchema } from "./api.ts";
import type { Lexemes } from "./lexemes.ts";
import { meaningOf } from "./words.ts";

export type Facets = Static<typeof facetsSchema>;
type Value = Facets["categories"][number];

/** What was counted, by what it is; the commonest first. */
export interface Tally {
  readonly categories: readonly Value[];
  /** By the step of the price, see prices.ts. */
  readonly steps: ReadonlyMap<number, number>;
  readonly attributes: readonly { name: string; all: number; values: readonly Value[] }[];
}

/** How many products match, and what facets they have. */
export interface Counted {
  readonly total: number;
  readonly tally: Tally;
}

export const emptyTally: Tally = { categories: [], steps: new Map(), attributes: [] };

/**
 * Reads numbers of facets that were counted in so many buckets; a sample is scaled to what all are likely
 * to have.
 */
export async function tallyOf(
  lexemes: Lexemes,
  counts: ReadonlyMap<number, number>,
  buckets: number,
): Promise<Tally> {
  const known = await lexemes.of([...counts.keys()]);
  const categories: Value[] = [];
  const steps = new Map<number, number>();
  const attributes = new Map<string, Value[]>();
  for (const [id, counted] of counts) {
    const { kind, value } = meaningOf(known.get(id) ?? "");
    const count = Math.round((counted * bucketCount) / buckets);
    if (kind === "c") categories.push({ value, count });
    if (kind === "p") steps.set(Number(value), count);
    if (kind === "a") {
      const name = nameOf(value);
      const values = attributes.get(name) ?? [];
      attributes.set(name, values);
      values.push({ value: value.slice(name.length + 1), count });
    }
  }
  return {
    categories: categories.sort(commonFirst),
    steps,
    attributes: [...attributes]
      .map(([name, values]) => ({ name, all: sumOf(values), values: values.sort(commonFirst) }))
      .sort((a, b) => b.all - a.all || (a.name < b.name ? -1 : 1)),
  };
}

/** The name in "name:value". */
export const nameOf = (attribute: string): string => attribute.slice(0, attribute.indexOf(":"));

const sumOf = (values: readonly Value[]): number => values.reduce((sum, { count }) => sum + count, 0);

export const commonFirst = (a: Value, b: Value): number => b.count - a.count || (a.value < b.value ? -1 : 1);
