import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import fc from "fast-check";
import type { Product } from "#domains/catalog/api";
import { expectDone } from "#kernel/refusal";
import { whySkip } from "#launcher/postgres/scratch-server";
import { startTestServer } from "#tests/support/server";
import type { SearchDoor } from "./api.ts";
import { asAnyone, categories, type Opened, openSearch, productOf, shopA, shopB } from "./opened.test.ts";
import { tokensOf, wordsOf } from "./words.ts";

const nouns = ["Kettle", "Mug", "Candle", "Dish", "Berry", "Box", "Knife", "Lamp", "Glass", "Story"];
const others = [
  "Über",
  "Men's",
  "cotton/linen",
  "T-Shirt",
  "Brushed-Steel",
  "2.4GHz",
  "of",
  "the",
  "A&B",
  "Retro",
];
const chinese = [..."临界长续航监听耳机蓝牙降噪水壶不锈钢茶杯搪瓷旅行便携𠮷"];
const english = fc
  .array(fc.constantFrom(...nouns, ...others), { minLength: 1, maxLength: 6 })
  .map((words) => words.join(" "));
const run = fc.array(fc.constantFrom(...chinese), { minLength: 2, maxLength: 10 }).map((all) => all.join(""));
const title = fc.oneof(
  english,
  run,
  fc.tuple(run, english, run).map((parts) => parts.join(" ")),
);
const values = { Colour: ["Red", "Navy", "Sage"], Size: ["S", "M", "10:1"], "Made in": ["Leeds"] };
const attributes = fc.record(
  {
    Colour: fc.subarray(values.Colour, { minLength: 1 }),
    Size: fc.subarray(values.Size, { minLength: 1 }),
    "Made in": fc.subarray(values["Made in"]),
  },
  { requiredKeys: [] },
);
const product = fc
  .record({
    title,
    category: fc.constantFrom("kettles", "mugs", "audio", "kitchen"),
    shop: fc.constantFrom(shopA, shopB),
    amount: fc.integer({ min: 0, max: 20_000 }),
    attributes,
    status: fc.constantFrom("published" as const, "published" as const, "draft" as const),
  })
  .map(({ title, ...more }) => productOf(title, more));
const allAttributes = Object.entries(values).flatMap(([name, of]) => of.map((value) => `${name}:${value}`));
const filters = fc.record(
  {
    category: fc.constantFrom("kitchen", "kettles", "audio", "none"),
    shop: fc.constantFrom(shopA, shopB),
    priceFrom: fc.integer({ min: 0, max: 12_000 }),
    priceTo: fc.integer({ min: 8_000, max: 20_000 }),
    attributes: fc.subarray(allAttributes, { maxLength: 4 }),
  },
  { requiredKeys: [] },
);
type Filters = Omit<Parameters<SearchDoor["list"]>[1], "facets" | "sort" | "cursor" | "limit">;

const above = (slug: string): string[] => {
  const parent = categories.find((category) => category.slug === slug)?.parent;
  return parent ? [slug, parent] : [slug];
};
const pairsIn = (one: Product) =>
  Object.entries(one.attributes).flatMap(([name, of]) => of.map((value) => `${name}:${value}`));

/** What the door promises, said without a database. */
function matches(one: Product, f: Filters): boolean {
  const amount = one.skus[0]!.price.amount;
  const byName = Map.groupBy(f.attributes ?? [], (attribute) => attribute.split(":")[0]);
  return (
    one.status === "published" &&
    (f.category === undefined || above(one.category).includes(f.category)) &&
    (f.shop === undefined || one.shop === f.shop) &&
    amount >= (f.priceFrom ?? 0) &&
    amount <= (f.priceTo ?? Number.MAX_SAFE_INTEGER) &&
    [...byName.values()].every((some) => some.some((attribute) => pairsIn(one).includes(attribute)))
  );
}

function countsOf(texts: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const text of texts) counts[text] = (counts[text] ?? 0) + 1;
  return counts;
}

for (const from of ["embedded", "distribution"] as const) {
  describe(`search on PostgreSQL, ${from}`, { skip: await whySkip(from) }, () => {
    let server: Awaited<ReturnType<typeof startTestServer>>;
    let opened: Opened;
    let products: Product[];
    let published: Product[];

    before(async () => {
      server = await startTestServer(from);
      opened = await openSearch({ server });
      products = fc.sample(product, 150).map(({ title, ...more }) => ({ ...more, title }));
      published = products.filter(({ status }) => status === "published");
      await opened.tell(...products);
    });
    after(async () => {
      await opened.close();
      await server.stop();
    });

    /** Every hit of every page. */
    async function walked(
      read: (cursor: { cursor?: string }) => ReturnType<SearchDoor["list"]>,
    ): Promise<Set<string>> {
      const seen = new Set<string>();
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const page = expectDone(await read(cursor ? { cursor } : {}));
        for (const { product } of page.items) {
          assert.ok(!seen.has(product), "a hit came twice");
          seen.add(product);
        }
        cursor = page.next;
      }
      return seen;
    }
    const findAll = (q: string) =>
      walked((cursor) => opened.door.find(asAnyone(), { q, limit: 100, facets: false, ...cursor }));

    test("numbers of words are those that other versions give them", async () => {
      const known = "select search.numbers_of(array['kettl', '水壶', ' a Colour:Red']) as numbers";
      const [row] = await opened.admin(known);
      assert.deepEqual(row?.["numbers"], [583336850, 612037578, 1515394666]);
    });

    test("any two or more neighbouring Chinese characters of a title find it", async () => {
      await fc.assert(
        fc.asyncProperty(fc.nat(), fc.nat(), fc.nat(), async (which, start, more) => {
          const withRuns = published.filter((one) => wordsOf(one.title).runs.length > 0);
          const one = withRuns[which % withRuns.length]!;
          const characters = [...wordsOf(one.title).runs[0]!];
          const at = start % (characters.length - 1);
          const part = characters.slice(at, at + 2 + (more % characters.length)).join("");
          assert.ok((await findAll(part)).has(one.id), `${part} does not find ${one.title}`);
        }),
        { numRuns: 40 },
      );
    });

    test("any word of an English title finds it, so does the plural of a noun", async () => {
      const plural = (word: string) =>
        word
          .replace(/(?:(s|x|sh)|y|fe)$/i, (end, hiss) => (hiss ? `${end}e` : end === "y" ? "ie" : "ve"))
          .concat("s");
      for (const one of fc.sample(fc.constantFrom(...published), 25)) {
        for (const { text, isRun } of tokensOf(one.title)) {
          const asked = nouns.some((noun) => noun.toLowerCase() === text) ? [text, plural(text)] : [text];
          if (!isRun) for (const q of asked) assert.ok((await findAll(q)).has(one.id), `${q}: ${one.title}`);
        }
      }
    });

    test("filters, in every order, give what they promise, each hit once, and count it", async () => {
      const order = fc.constantFrom("newest" as const, "price" as const, "-price" as const);
      await fc.assert(
        fc.asyncProperty(filters, order, fc.integer({ min: 1, max: 40 }), async (filters, sort, limit) => {
          const expected = published.filter((one) => matches(one, filters)).map(({ id }) => id);
          const seen = await walked((cursor) =>
            opened.door.list(asAnyone(), { ...filters, sort, limit, ...cursor }),
          );
          assert.deepEqual([...seen].sort(), [...expected].sort());
          const amounts = [...seen].map((id) => products.find((one) => one.id === id)!.skus[0]!.price.amount);
          if (sort === "price")
            assert.deepEqual(
              amounts,
              [...amounts].sort((a, b) => a - b),
            );
          if (sort === "-price")
            assert.deepEqual(
              amounts,
              [...amounts].sort((a, b) => b - a),
            );
          if (sort === "newest") assert.deepEqual([...seen], [...seen].sort().reverse());
          assert.equal(expectDone(await opened.door.list(asAnyone(), filters)).total, expected.length);
        }),
        { numRuns: 40 },
      );
    });

    test("facets count what each choice would leave", async () => {
      await fc.assert(
        fc.asyncProperty(filters, async (filters) => {
          const { facets } = expectDone(await opened.door.list(asAnyone(), { ...filters, facets: true }));
          const left = (without: Partial<Filters>) =>
            published.filter((one) => matches(one, { ...filters, ...without }));
          const ofCategories = left({ category: undefined }).flatMap(({ category }) => above(category));
          assert.deepEqual(
            Object.fromEntries(facets!.categories.map(({ value, count }) => [value, count])),
            countsOf(ofCategories),
          );
          const ofPrices = left({ priceFrom: undefined, priceTo: undefined }).length;
          assert.equal(
            facets!.prices.reduce((sum, { count }) => sum + count, 0),
            ofPrices,
          );
          for (const name of Object.keys(values)) {
            const others = (filters.attributes ?? []).filter(
              (attribute) => !attribute.startsWith(`${name}:`),
            );
            const counts = countsOf(
              left({ attributes: others }).flatMap((one) => one.attributes[name] ?? []),
            );
            const told = facets!.attributes.find((attribute) => attribute.name === name)?.values ?? [];
            assert.deepEqual(Object.fromEntries(told.map(({ value, count }) => [value, count])), counts);
          }
        }),
        { numRuns: 30 },
      );
    });
  });
}
