import { allBuckets, type Store, sql, type Transaction } from "#platform/database/api";
import type { Hit } from "./api.ts";
import type { Position } from "./cursor.ts";
import type { Entry } from "./entry.ts";
import type { Query } from "./query.ts";

/** Shared by whoever applies events, so that a rebuild's page and a newer version of a product wait for each other. */
const shareGeneration = sql(
  "share_generation",
  "select reading, building from generation where bucket = 0 for share",
);
const arriving = `arriving as (select * from jsonb_to_recordset($1::jsonb) as a (bucket int, product bigint,
  version int, price bigint, title text, title_length int, title_text text, title_lexemes text[], text text,
  lexemes text[], categories text[], attributes text[], shelves text[], card json))`;
const retire = sql(
  "retire",
  `with ${arriving}, gone as (
     delete from product p using arriving a where p.bucket = a.bucket and p.generation = any($2::int[])
       and p.product = a.product and p.version < a.version returning p.bucket, p.generation, p.product
   )
   delete from shelf s using gone g
   where s.bucket = g.bucket and s.generation = g.generation and s.product = g.product`,
);
// A mark of what is not published is kept only where a rebuild could otherwise bring an old version back.
const shelve = sql(
  "shelve",
  `with ${arriving}, made as (
     insert into product (bucket, generation, product, version, price, title, title_length, title_words, words,
       categories, attributes, card)
     select bucket, g, product, version, price, title, title_length, t, strip(t || to_tsvector('english', text)
       || array_to_tsvector(lexemes)), categories, attributes, card
     from arriving cross join unnest($2::int[]) as g cross join lateral (select
       strip(to_tsvector('english', title_text) || to_tsvector('simple', title_text)
         || array_to_tsvector(title_lexemes)) as t) as title
     where card is not null or g = $3 on conflict do nothing returning bucket, generation, product
   )
   insert into shelf (bucket, generation, shelf, product, price)
   select a.bucket, m.generation, s, a.product, a.price
   from arriving a join made m on m.bucket = a.bucket and m.product = a.product cross join unnest(a.shelves) as s
   on conflict do nothing`,
);

/** Above every id and every price. */
const highest = "9223372036854775807";
const reading = "(select reading from generation where bucket = 0)";

/** The rows of a shelf from a position (key $3, product $4) on, newest first or by price. */
const shelfPage = (name: string, after: string, order: string) =>
  sql(
    name,
    `with page as (
       select bucket, product, price from shelf where bucket between 0 and 1023 and generation = ${reading}
         and shelf = $1 and ${after} order by ${order} product desc limit $2
     )
     select page.product, page.price as key, p.card from page
     join product p on p.bucket = page.bucket and p.generation = ${reading} and p.product = page.product
     order by ${order.replace("price", "key")} page.product desc`,
  );
const shelfPages = {
  newest: shelfPage("shelf_newest", "$3::bigint is not null and product < $4", ""),
  price: shelfPage("shelf_cheapest", "price >= $3 and (price > $3 or product < $4)", "price,"),
  "-price": shelfPage("shelf_dearest", "price <= $3 and (price < $3 or product < $4)", "price desc,"),
};
const shelfSize = sql(
  "shelf_size",
  `select count(*)::int as size from (select from shelf where bucket between 0 and 1023 and generation = ${reading}
   and shelf = $1 limit $2) as counted`,
);

/** A word that is too common to be kept by its stem ("the") is looked for as it is, in titles. */
const asked = `asked as (select $2::tsquery && case when numnode(plainto_tsquery('english', $1)) > 0
  then plainto_tsquery('english', $1) else plainto_tsquery('simple', $1) end as q)`;
const score = `(case when title_words @@ (select q from asked) then 1000 else 0 end
  + case strpos(title, $3) when 0 then 0 when 1 then 400 else 200 end
  + least(100, 100 * $4::int / greatest(title_length, 1)))`;
const findPage = sql(
  "find_page",
  `with ${asked}, hit as materialized (
     select bucket, product, case $5 when 'price' then -price when '-price' then price when 'relevance' then ${score}
       else 0 end as key
     from product where bucket between 0 and 1023 and generation = ${reading} and words @@ (select q from asked)
       and price between coalesce($6::bigint, 0) and coalesce($7::bigint, ${highest}) limit $8
   ), page as (
     select * from hit where (key, product) < ($9::bigint, $10::bigint) order by key desc, product desc limit $11
   )
   select total::int, page.product, page.key, p.card from (select count(*) as total from hit) as counted
   left join (page join product p on p.bucket = page.bucket and p.generation = ${reading}
     and p.product = page.product) on true
   order by page.key desc, page.product desc`,
);

interface PageRow {
  readonly product: string;
  readonly key: string;
  readonly card: Hit;
}

/** A hit with where it stands in its listing. */
export interface Placed {
  readonly hit: Hit;
  readonly position: Position;
}
const placedOf = ({ product, key, card }: PageRow): Placed => ({ hit: card, position: { key, product } });

/** Search's rows: split by product. Listings run over all buckets. */
export function searchStore(store: Store) {
  const all = store.sweep(allBuckets);
  return {
    /** Brings products into every generation that somebody reads or fills; what is there in a newer version stays. */
    apply: async (transaction: Transaction, entries: readonly Entry[]): Promise<void> => {
      const generation = await transaction.one<{ reading: number; building: number | null }>(
        shareGeneration,
        [],
      );
      if (!generation) throw new Error("search has no generation, which its migration makes");
      const { reading, building } = generation;
      const rows = JSON.stringify(entries);
      const generations = building === null ? [reading] : [reading, building];
      await transaction.all(retire, [rows, generations]);
      await transaction.all(shelve, [rows, generations, building]);
    },
    shelfPage: async (
      shelf: string,
      sort: keyof typeof shelfPages,
      after: Position | undefined,
      limit: number,
    ): Promise<Placed[]> => {
      const { key, product } = after ?? { key: sort === "-price" ? highest : "0", product: highest };
      const rows = await all.all<PageRow>(shelfPages[sort], [shelf, limit, key, product]);
      return rows.map(placedOf);
    },
    /** How many products a shelf holds, counted up to a limit. */
    shelfSize: async (shelf: string, limit: number): Promise<number> =>
      (await all.one<{ size: number }>(shelfSize, [shelf, limit]))?.size ?? 0,
    findPage: async (
      query: Query,
      after: Position | undefined,
      limit: number,
      most: number,
    ): Promise<{ total: number; page: Placed[] }> => {
      const rows = await all.all<PageRow & { total: number }>(findPage, [
        query.words,
        query.lexemes,
        query.phrase,
        query.length,
        query.sort,
        query.priceFrom,
        query.priceTo,
        most,
        after?.key ?? highest,
        after?.product ?? highest,
        limit,
      ]);
      return {
        total: rows[0]?.total ?? 0,
        page: rows.filter(({ product }) => product !== null).map(placedOf),
      };
    },
  };
}
export type SearchStore = ReturnType<typeof searchStore>;
