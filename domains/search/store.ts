import { bucketCount, bucketOfText } from "#kernel/id";
import { allBuckets, type Statement, type Store, sql, type Transaction } from "#platform/database/api";
import type { Hit } from "./api.ts";
import { type Entry, vocabularyOf } from "./entry.ts";
import type { Found, FoundRow, Looking, Place, Placed, Shown } from "./found.ts";
import { foundOf } from "./found.ts";
import type { Query, Sort } from "./query.ts";

/**
 * Shared by whoever applies events, so that a rebuild's page and a newer version of a product wait for each
 * other.
 */
const shareGeneration = sql(
  "share_generation",
  "select reading, building from generation where bucket = 0 for share",
);
const arriving = `arriving as (select * from jsonb_to_recordset($1::jsonb) as a (bucket int, product bigint,
  version int, price bigint, title text, title_length int, title_words text, title_lexemes text[], words text,
  lexemes text[], facets text[], shelves text[], card json))`;
const retire = sql(
  "retire",
  `with ${arriving}, gone as (
     delete from product p using arriving a where p.bucket = a.bucket and p.generation = any($2::int[])
       and p.product = a.product and p.version < a.version returning p.bucket, p.generation, p.product
   ), gone_cards as (
     delete from card c using gone g
     where c.bucket = g.bucket and c.generation = g.generation and c.product = g.product
   )
   delete from shelf s using gone g
   where s.bucket = g.bucket and s.generation = g.generation and s.product = g.product`,
);
// A mark of what is not published is kept only where a rebuild could otherwise bring an old version back.
// Words and facets are added in one order everywhere, so that two who add the same ones never wait for each
// other in a circle.
const place = sql(
  "place",
  `with ${arriving}, made as (
     insert into product (bucket, generation, product, version, price, terms, facets, title_terms,
       title_length, title)
     select bucket, g, product, version, price, title_terms || numbers_of(stems_of(words) || lexemes),
       numbers_of(facets), title_terms, title_length, title
     from arriving cross join unnest($2::int[]) as g
     cross join lateral (select title_numbers_of(title_words, title_lexemes) as title_terms offset 0) as t
     where card is not null or g = $3 on conflict do nothing returning bucket, generation, product
   ), fresh as (
     select m.generation, a.* from made m join arriving a on a.bucket = m.bucket and a.product = m.product
     where a.card is not null
   ), cards as (
     insert into card (bucket, generation, product, card) select bucket, generation, product, card from fresh
     on conflict do nothing
   ), shelves as (
     insert into shelf (bucket, generation, shelf, product, price)
     select bucket, generation, s, product, price from fresh cross join unnest(shelves) as s
     on conflict do nothing
   ), facets as (
     insert into facet (bucket, id, lexeme)
     select distinct hashtext(f) & 1023, hashtext(f), f from arriving cross join unnest(facets) as f
     order by 1, 2 on conflict do nothing
   )
   insert into word (bucket, word)
   select * from unnest($4::int[], $5::text[]) as w (bucket, word) order by 1, 2 on conflict do nothing`,
);

/** So that no statement deletes more than a 32nd of all rows. */
const bucketsPerDrop = 32;
/** The last character there is: "a" to "a" and this are all words that begin with "a". */
const afterAll = "\u{10ffff}";
const noGeneration = () => new Error("search has no generation, which its migration makes");
/** Above every id and every price. */
const highest = "9223372036854775807";
const reading = "(select reading from generation where bucket = 0)";

/** Steps of one walk along a shelf: 7 us each where its product is in memory. */
const stepsPerWalk = 1_000;
/** Of each group given from parameter $first on, one lexeme must be there. */
const groupsFrom = (first: number, groups: number): string =>
  Array.from({ length: groups }, (_, i) => `and terms && (select numbers_of($${first + i}::text[]))`).join(
    " ",
  );
/** Statements that differ in the number of groups are made as they are needed, each once. */
const made = new Map<string, Statement>();
function once(name: string, make: () => Statement): Statement {
  const statement = made.get(name) ?? make();
  made.set(name, statement);
  return statement;
}

type Order = Exclude<Sort, "relevance">;
/** What comes after a position (key $3, product $4), and the order; of `newest` the key is not compared. */
const orders: Record<Order, { after: string; by: string }> = {
  newest: { after: "$3::bigint is not null and s.product < $4", by: "" },
  price: { after: "s.price >= $3 and (s.price > $3 or s.product < $4)", by: "s.price, " },
  "-price": { after: "s.price <= $3 and (s.price < $3 or s.product < $4)", by: "s.price desc, " },
};
// `+ 0` keeps the planner from answering "newest" by the index of prices, which it would have to sort whole.
const onShelf = ({ after, by }: (typeof orders)[Order], limit: string) => `
  select s.bucket, s.product, s.price from shelf s where s.bucket between 0 and 1023
    and s.generation = ${reading} and shelf = $1 and ${after}
    and s.price ${by === "" ? "+ 0" : ""} between $5 and $6 order by ${by} s.product desc limit ${limit}`;
const shelfPage = (order: Order) =>
  sql(
    `shelf_${order}`,
    `select s.price as key, s.product, card::text as card from (${onShelf(orders[order], "$2")}) as s
     join card c on c.bucket = s.bucket and c.generation = ${reading} and c.product = s.product
     order by ${orders[order].by} s.product desc`,
  );
const shelfPages = { newest: shelfPage("newest"), price: shelfPage("price"), "-price": shelfPage("-price") };
/**
 * Goes along a shelf and takes what matches: where much does, a page is full long before all matches were
 * seen.
 */
const walk = (order: Order, groups: number): Statement =>
  sql(
    `walk_${order}_${groups}`,
    `with asked as materialized (
       select asked_numbers_of($7, $8::text[]) || numbers_of($9::text[]) as terms
     ), step as (${onShelf(orders[order], String(stepsPerWalk))}
     ), page as (
       select s.* from step s join product p on p.bucket = s.bucket and p.generation = ${reading}
         and p.product = s.product
       where (terms @> (select terms from asked) ${groupsFrom(10, groups)}) is true
       order by ${orders[order].by} s.product desc limit $2
     )
     select s.price as key, s.product, card as hit from page s
     join card c on c.bucket = s.bucket and c.generation = ${reading} and c.product = s.product
     order by ${orders[order].by} s.product desc`,
  );
const shelfSize = sql(
  "shelf_size",
  `select count(*)::int as size from (select from shelf where bucket between 0 and 1023
     and generation = ${reading} and shelf = $1 and price between $3 and $4 limit $2) as counted`,
);
/**
 * How well a product fits: all words in its title or some; the category that the text names ("kettle": a
 * kettle before the tea of Kettle Hill); the very phrase, better at the beginning; how much of the title
 * the words cover.
 */
const score = `(case when title_terms @> (select text from asked) then 1000
    when title_terms && (select text from asked) then 500 else 0 end
  + case when facets && (select named from asked) then 300 else 0 end
  + case strpos(title, $4) when 0 then 0 when 1 then 240 else 200 end
  + least(100, 100 * $5::int / greatest(title_length, 1)))`;
/**
 * Matches are looked for in the first 16 buckets; if there are few, in the first 128 as well; if very few,
 * in all: so a common word costs among a million products what it costs among ten thousand. $9: how few is
 * very few; $10: where an earlier page stopped widening; $11: the first bucket that it did not reach; $15:
 * how many hits the facets look at.
 */
const findIn = (name: string, hasTerms: boolean, groups: number): Statement => {
  // Terms narrow more than prices do, which the planner cannot know: `+ 0` hides the index of prices from it.
  const condition = hasTerms
    ? "and terms @> (select terms from asked) and price + 0 between $7 and $8"
    : "and price between $7 and $8";
  const matching = (from: number, upTo: number) => `
    select bucket, product, facets, case $6 when 'relevance' then ${score} when 'price' then -price
      when '-price' then price else 0 end as key
    from product where bucket between ${from} and ${upTo} and generation = (select reading from asked)
      ${condition} ${groupsFrom(17, groups)}`;
  return sql(
    name,
    `with asked as materialized (
       select reading, text, text || numbers_of($3::text[]) as terms, numbers_of($16::text[]) as named
       from generation cross join lateral (select asked_numbers_of($1, $2::text[]) as text) as t
       where bucket = 0
     ), few as materialized (${matching(0, 15)} and $11::int = 0
     ), scope as materialized (
       select coalesce($10::int, case when count(*) > 250 then 15 when count(*) > $9 then 127 else 1023 end)
         as upto from few
     ), hit as materialized (
       select * from few
       union all ${matching(16, 127)} and (select upto from scope) >= 127 and $11 <= 16
       union all ${matching(128, 1023)} and (select upto from scope) >= 1023
     ), page as (
       select bucket, product, key from hit where (key, product) < ($12::bigint, $13::bigint)
       order by key desc, product desc limit $14
     ), size as materialized (
       select upto, found, case when $15::int = 0 then 0 when found <= $15 then upto + 1
         else greatest(1, (upto + 1) * $15 / found) end as buckets
       from scope cross join (select count(*)::int as found from hit) as h
     ), counted as (
       select id, count(*) as n from (select unnest(facets) as id from hit
         where bucket < (select buckets from size)) as f group by id
     )
     select upto, found, buckets, (select json_object_agg(id, n) from counted) as counts, (
       select json_agg(json_build_array(key, product::text, card) order by key desc, product desc)
       from page join card using (bucket, product) where generation = ${reading}) as page
     from size`,
  );
};
const lexemes = sql(
  "lexemes",
  `select id, lexeme from facet join unnest($1::int[], $2::int[]) as asked (b, i) on bucket = b and id = i`,
);

const known = sql(
  "known",
  "select word from word join unnest($1::int[], $2::text[]) as asked (b, w) on bucket = b and word = w",
);
const nearWords = sql("near_words", "select word from near_words($1, $2)");
const titled = sql("titled", "select card from titles_with($1, $2, $3, $4, $5, $6)");

const beginGeneration = sql(
  "begin_generation",
  `update generation set building = greatest(reading, coalesce(building, 0)) + 1 where bucket = 0
   returning building`,
);
const lockGeneration = sql("lock_generation", "select building from generation where bucket = 0 for update");
const dropMarks = sql(
  "drop_marks",
  "delete from product where bucket between 0 and 1023 and generation = $1 and terms = '{}'",
);
const readGeneration = sql(
  "read_generation",
  "update generation set reading = $1, building = null where bucket = 0",
);
const dropBefore = (table: string) =>
  sql(`drop_${table}`, `delete from ${table} where bucket between $1 and $2 and generation < $3`);
const drops = ["shelf", "product", "card"].map(dropBefore);

/** Search's rows: split by product. Listings run over all buckets. */
export function searchStore(store: Store) {
  const all = store.sweep(allBuckets);
  return { ...writing(all), ...listing(all), ...finding(all), ...wording(all) };
}
export type SearchStore = ReturnType<typeof searchStore>;

type Sweep = ReturnType<Store["sweep"]>;
interface Generation {
  readonly reading: number;
  readonly building: number | null;
}

function writing(all: Sweep) {
  /** Keeps those who apply events waiting meanwhile; false when another generation was begun. */
  const whileBuilding = (generation: number, work: (transaction: Transaction) => Promise<void>) =>
    all.transaction(async (transaction) => {
      const row = await transaction.one<Generation>(lockGeneration, []);
      if (row?.building !== generation) return false;
      await work(transaction);
      return true;
    });
  return {
    /**
     * Brings products into every generation that somebody reads or fills; what is there in a newer version
     * stays.
     */
    apply: async (transaction: Transaction, entries: readonly Entry[]): Promise<void> => {
      const generation = await transaction.one<Generation>(shareGeneration, []);
      if (!generation) throw noGeneration();
      const { reading, building } = generation;
      await put(transaction, entries, building === null ? [reading] : [reading, building], building);
    },
    /** Begins a new generation of rows, which nobody reads yet; whoever was filling another has to stop. */
    beginGeneration: async (): Promise<number> => {
      const row = await all.one<{ building: number }>(beginGeneration, []);
      if (!row) throw noGeneration();
      return row.building;
    },
    /** Adds products to a generation; false when another was begun meanwhile. */
    fillGeneration: (generation: number, entries: readonly Entry[]): Promise<boolean> =>
      whileBuilding(generation, (transaction) => put(transaction, entries, [generation], null)),
    /** Lets readers see a generation from now on; false when another was begun meanwhile. */
    readGeneration: (generation: number): Promise<boolean> =>
      whileBuilding(generation, async (transaction) => {
        await transaction.all(dropMarks, [generation]);
        await transaction.all(readGeneration, [generation]);
      }),
    /** Forgets the generations before one, some buckets at a time. */
    dropGenerationsBefore: async (generation: number): Promise<void> => {
      for (let from = 0; from < bucketCount; from += bucketsPerDrop) {
        for (const drop of drops) await all.all(drop, [from, from + bucketsPerDrop - 1, generation]);
      }
    },
  };
}

async function put(
  transaction: Transaction,
  entries: readonly Entry[],
  generations: readonly number[],
  building: number | null,
): Promise<void> {
  const rows = JSON.stringify(entries);
  const words = [...new Set(entries.flatMap(vocabularyOf))];
  await transaction.all(retire, [rows, generations]);
  await transaction.all(place, [rows, generations, building, words.map(bucketOfText), words]);
}

interface Prices {
  readonly priceFrom?: number | undefined;
  readonly priceTo?: number | undefined;
}
const within = ({ priceFrom, priceTo }: Prices) => [priceFrom ?? 0, priceTo ?? highest];

const startOf = (sort: Order): Place => ({ key: sort === "-price" ? highest : "0", product: highest });

const listing = (all: Sweep) => ({
  /** A page of a shelf within prices, both included. */
  shelfPage: (
    shelf: string,
    sort: Order,
    prices: Prices,
    after: Place | undefined,
    limit: number,
  ): Promise<Shown[]> => {
    const { key, product } = after ?? startOf(sort);
    return all.all(shelfPages[sort], [shelf, limit, key, product, ...within(prices)]);
  },
  /** A page of what matches on a shelf; undefined when the walk ended before it was full. */
  walk: async (
    shelf: string,
    sort: Order,
    query: Query,
    after: Place | undefined,
    limit: number,
  ): Promise<Placed[] | undefined> => {
    // `find` keeps its keys falling, so that in its marks a rising price is negative.
    const turned = (key: string) => (sort === "price" ? String(-Number(key)) : sort === "newest" ? "0" : key);
    const { key, product } = after ? { ...after, key: turned(after.key) } : startOf(sort);
    const groups = query.groups.length;
    const page = await all.all<Placed>(
      once(`walk_${sort}_${groups}`, () => walk(sort, groups)),
      [shelf, limit, key, product, ...within(query), query.words, query.pairs, query.all, ...query.groups],
    );
    if (page.length < limit) return undefined;
    return page.map((placed) => ({ ...placed, key: turned(placed.key) }));
  },
  /** How many products a shelf holds within prices, counted up to a limit. */
  shelfSize: async (shelf: string, prices: Prices, limit: number): Promise<number> => {
    const row = await all.one<{ size: number }>(shelfSize, [shelf, limit, ...within(prices)]);
    return row?.size ?? 0;
  },
});

const finding = (all: Sweep) => ({
  find: async (query: Query, how: Looking): Promise<Found> => {
    const groups = query.groups.length;
    const hasTerms = query.length + query.all.length + groups > 0;
    const name = `find_${hasTerms ? "terms" : "any"}_${groups}`;
    const row = await all.one<FoundRow>(
      once(name, () => findIn(name, hasTerms, groups)),
      [
        query.words,
        query.pairs,
        query.all,
        query.phrase,
        query.length,
        query.sort,
        ...within(query),
        how.few,
        how.scope?.upTo ?? null,
        how.scope?.from ?? 0,
        how.after?.key ?? highest,
        how.after?.product ?? highest,
        how.limit,
        how.facetsFrom,
        query.named,
        ...query.groups,
      ],
    );
    if (!row) throw noGeneration();
    return foundOf(row, how.scope?.from ?? 0);
  },
  /** What numbers of facets stand for. */
  lexemes: async (ids: readonly number[]): Promise<Map<number, string>> => {
    const rows = await all.all<{ id: number; lexeme: string }>(lexemes, [ids.map((id) => id & 1023), ids]);
    return new Map(rows.map(({ id, lexeme }) => [id, lexeme]));
  },
});

const wording = (all: Sweep) => ({
  /** Which of these words and pairs of characters some product has or had. */
  known: async (words: readonly string[]): Promise<ReadonlySet<string>> => {
    const rows = await all.all<{ word: string }>(known, [words.map(bucketOfText), words]);
    return new Set(rows.map(({ word }) => word));
  },
  /** Words that look like this one. */
  nearWords: async (word: string): Promise<string[]> => {
    const rows = await all.all<{ word: string }>(nearWords, [word, word.slice(0, 1) + afterAll]);
    return rows.map((row) => row.word);
  },
  /**
   * What has a title with these words and pairs and one that begins with or contains `begun`; the closest
   * first.
   */
  titled: async (
    { words, pairs }: { words: readonly string[]; pairs: readonly string[] },
    begun: string,
    phrase: string,
    limit: number,
  ): Promise<Hit[]> => {
    const asked = [words.join(" "), pairs, begun, begun + afterAll, phrase, limit];
    return (await all.all<{ card: Hit }>(titled, asked)).map(({ card }) => card);
  },
});
