import type { Context } from "#kernel/context";
import { bucketOf, fromBigint, type Id, newId, toBigint } from "#kernel/id";
import { allBuckets, KeyTaken, type Store, sql, type Transaction } from "#platform/database/api";
import type { Category, Product } from "./api.ts";
import { type Offer, offersOf } from "./product.ts";

/** A product as a change finds it. */
export interface Standing {
  readonly id: Id<"product">;
  readonly shop: Id<"shop">;
  readonly handle: string;
  readonly version: number;
  readonly digest: string | null;
  /** Every SKU it ever had, by code, sold or not. */
  readonly skus: ReadonlyMap<string, Id<"sku">>;
}

/** A product to be written as the next version of what stands. */
export interface Change {
  readonly product: Product;
  readonly handle: string;
  readonly digest: string | null;
  /** The SKUs it ever had, by code; what the product no longer names is no longer sold. */
  readonly known: ReadonlyMap<string, Id<"sku">>;
  /** What is on hand of new SKUs at first, by code. */
  readonly stock: ReadonlyMap<string, number>;
}

/** A product as it is kept, its JSON unread. */
export interface Kept extends Pick<Product, "shop" | "status"> {
  readonly json: string;
}

interface KeptRow {
  readonly at: number;
  readonly shop: string;
  readonly status: Product["status"];
  readonly doc: string;
}

interface StandingRow {
  readonly id: string;
  readonly shop: string;
  readonly handle: string;
  readonly version: number;
  readonly digest: string | null;
  readonly codes: string[];
  readonly ids: string[];
}

const one = sql(
  "one",
  `select at::int, shop, status, doc::text as doc from product
   join unnest($1::int[], $2::bigint[]) with ordinality as asked (b, i, at) on bucket = b and id = i`,
);
const many = sql(
  "many",
  `select at::int, doc from product
   join unnest($1::int[], $2::bigint[]) with ordinality as asked (b, i, at) on bucket = b and id = i`,
);
const offers = sql(
  "offers",
  `select at::int, offer from sku
   join unnest($1::int[], $2::bigint[]) with ordinality as asked (b, i, at) on bucket = b and id = i where sold`,
);
const ever = `
  array(select code from sku s where s.bucket = p.bucket and s.product = p.id order by s.id) as codes,
  array(select s.id::text from sku s where s.bucket = p.bucket and s.product = p.id order by s.id) as ids`;
const standing = sql(
  "standing",
  `select p.id, p.shop, p.handle, p.version, p.digest, ${ever}
   from product p join unnest($1::int[], $2::bigint[]) as asked (b, i) on p.bucket = b and p.id = i`,
);
const whole = sql(
  "whole",
  `select p.id, p.shop, p.handle, p.version, p.digest, ${ever}, p.doc from product p
   where p.bucket = $1 and p.id = $2`,
);
// $1 and $2 are the range of the server that runs it: of products in many buckets each server takes its own.
const save = sql(
  "save",
  `with asked as (
     select * from unnest($3::int[], $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::int[],
       $9::text[], $10::json[], $11::bigint[], $12::jsonb[])
       as a (bucket, id, shop, handle, status, version, digest, doc, event, body)
     where a.bucket between $1 and $2
   ), added as (
     insert into product (bucket, id, shop, handle, status, version, digest, doc)
     select bucket, id, shop, handle, status, version, digest, doc from asked where version = 1
     on conflict do nothing returning bucket, id
   ), changed as (
     update product p set status = a.status, version = a.version, digest = a.digest, doc = a.doc
     from asked a where p.bucket = a.bucket and p.id = a.id and p.version = a.version - 1 and a.version > 1
     returning p.bucket, p.id
   ), done as (
     select bucket, id from added union all select bucket, id from changed
   ), offered as (
     select o.* from unnest($13::int[], $14::bigint[], $15::bigint[], $16::text[], $17::boolean[],
       $18::boolean[], $19::json[]) as o (bucket, product, id, code, fresh, sold, offer)
     join done on done.bucket = o.bucket and done.id = o.product
   ), made as (
     insert into sku (bucket, id, product, code, sold, offer)
     select bucket, id, product, code, sold, offer from offered where fresh
   ), kept as (
     update sku s set sold = o.sold, offer = coalesce(o.offer, s.offer)
     from offered o where s.bucket = o.bucket and s.id = o.id and not o.fresh
   ), told as (
     insert into outbox (bucket, id, type, aggregate, version, at, body)
     select a.bucket, a.event, 'catalog.changed', a.id, a.version, $20, a.body
     from asked a join done on done.bucket = a.bucket and done.id = a.id
   )
   select id from done`,
);
const claimHandles = sql("claim_handles", "select handle, product from claim_handles($1, $2, $3, $4)");
const claimByKey = sql("claim_by_key", "select handle, product from claim_by_key($1, $2, $3, $4, $5, $6)");
const unclaim = sql(
  "unclaim",
  "delete from handle where bucket = $1 and shop = $2 and handle = $3 and product = $4",
);
const ofShop = sql(
  "of_shop",
  `select product from handle where bucket = $1 and shop = $2 and product < $3
   order by product desc limit $4`,
);
const listedOfShop = sql(
  "listed_of_shop",
  `select product from handle where bucket = $1 and shop = $2 and product < $3 and listed
   order by product desc limit $4`,
);
const list = sql(
  "list",
  `update handle h set listed = a.listed
   from unnest($1::int[], $2::bigint[], $3::bigint[], $4::boolean[]) as a (bucket, shop, product, listed)
   where h.bucket = a.bucket and h.shop = a.shop and h.product = a.product`,
);
const page = sql(
  "page",
  `select doc from product where bucket between $1 and $2 and id > $3 order by id limit $4`,
);
const categories = sql(
  "categories",
  `select slug, parent, name, name_zh as "nameZh", position, image from category`,
);
const categoriesAmong = sql("categories_among", "select slug from category where slug = any ($1::text[])");
const putCategories = sql(
  "put_categories",
  `insert into category (slug, parent, name, name_zh, position, image)
   select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[], $6::text[])
   on conflict (slug) do update set parent = excluded.parent, name = excluded.name,
     name_zh = excluded.name_zh, position = excluded.position, image = excluded.image`,
);

const last = "9223372036854775807";
/** Categories are not split; whichever server is near has them. */
const anywhere = 0;

const standingOf = (row: StandingRow): Standing => ({
  id: fromBigint(row.id),
  shop: fromBigint(row.shop),
  handle: row.handle,
  version: row.version,
  digest: row.digest,
  skus: new Map(row.codes.map((code, i) => [code, fromBigint<"sku">(row.ids[i] ?? "0")])),
});

/** Catalog's rows: products and SKUs split by product, handles by shop. */
export function catalogStore(store: Store) {
  return {
    /** The product as its JSON, with what decides who may see it. Many who ask at once share a statement. */
    get: async (c: Context, id: Id<"product">): Promise<Kept | undefined> => {
      const [row] = await store.readEach<Id<"product">, KeptRow>(c, [id], bucketOf, one, (buckets, keys) => [
        buckets,
        keys.map(toBigint),
      ]);
      return row && { shop: fromBigint(row.shop), status: row.status, json: row.doc };
    },
    getMany: async (c: Context, ids: readonly Id<"product">[]): Promise<Product[]> => {
      const rows = await store.readEach<Id<"product">, { at: number; doc: Product }>(
        c,
        ids,
        bucketOf,
        many,
        (buckets, keys) => [buckets, keys.map(toBigint)],
      );
      return rows.map(({ doc }) => doc);
    },
    offers: async (c: Context, ids: readonly Id<"sku">[]): Promise<Offer[]> => {
      const rows = await store.readEach<Id<"sku">, { at: number; offer: Offer }>(
        c,
        ids,
        bucketOf,
        offers,
        (buckets, keys) => [buckets, keys.map(toBigint)],
      );
      return rows.map(({ offer }) => offer);
    },
    /** The product with what a change of it must know, read where it is written. */
    whole: async (
      c: Context,
      id: Id<"product">,
    ): Promise<(Standing & { readonly product: Product }) | undefined> => {
      const bucket = bucketOf(id);
      const row = await store
        .write(c, bucket)
        .one<StandingRow & { doc: Product }>(whole, [bucket, toBigint(id)]);
      return row && { ...standingOf(row), product: row.doc };
    },
    standing: async (ids: readonly Id<"product">[]): Promise<Map<Id<"product">, Standing>> => {
      const on = store.sweep(allBuckets);
      const rows = await on.all<StandingRow>(standing, [ids.map(bucketOf), ids.map(toBigint)]);
      return new Map(rows.map(standingOf).map((each) => [each.id, each]));
    },
    /** Writes one product as its next version; whether it was, which it is not if another came first. */
    save: async (c: Context, change: Change, nowMs: number): Promise<boolean> => {
      const bucket = bucketOf(change.product.id);
      const done = await saved(store.write(c, bucket), { from: bucket, to: bucket }, [change], nowMs);
      return done.has(change.product.id);
    },
    /** Writes each product as its next version; the ids of those written, without those another changed. */
    saveEach: (changes: readonly Change[], nowMs: number): Promise<Set<Id<"product">>> =>
      saved(store.sweep(allBuckets), allBuckets, changes, nowMs),
    /** Which product each handle means; `ids` are for handles that were free. */
    claim: async (
      c: Context,
      shop: Id<"shop">,
      ids: ReadonlyMap<string, Id<"product">>,
    ): Promise<Map<string, Id<"product">>> => {
      const bucket = bucketOf(shop);
      const rows = await store
        .write(c, bucket)
        .all<{ handle: string; product: string }>(claimHandles, [
          bucket,
          toBigint(shop),
          [...ids.keys()],
          [...ids.values()].map(toBigint),
        ]);
      return new Map(rows.map((row) => [row.handle, fromBigint<"product">(row.product)]));
    },
    /** The product made with this key, or `id` under the handle `wanted`, or `otherwise` if that is taken. */
    claimByKey: async (
      c: Context,
      shop: Id<"shop">,
      claim: { key: string; wanted: string; otherwise: string; id: Id<"product"> },
    ): Promise<{ handle: string; product: Id<"product"> }> => {
      const bucket = bucketOf(shop);
      const parameters = [
        bucket,
        toBigint(shop),
        claim.key,
        claim.wanted,
        claim.otherwise,
        toBigint(claim.id),
      ];
      const row = await store
        .write(c, bucket)
        .one<{ handle: string; product: string }>(claimByKey, parameters);
      if (!row) throw new Error(`the handle ${claim.otherwise} is taken, though it carries a new id`);
      return { handle: row.handle, product: fromBigint(row.product) };
    },
    /** Frees a handle whose product id turned out to be another product's. */
    unclaim: async (c: Context, shop: Id<"shop">, handle: string, product: Id<"product">): Promise<void> => {
      const bucket = bucketOf(shop);
      await store.write(c, bucket).all(unclaim, [bucket, toBigint(shop), handle, toBigint(product)]);
    },
    /** Ids of a shop's products, the newest first, those made before `before`. */
    idsOfShop: async (
      c: Context,
      shop: Id<"shop">,
      only: { listed: boolean; before: Id<"product"> | undefined; limit: number },
    ): Promise<Id<"product">[]> => {
      const bucket = bucketOf(shop);
      const before = only.before ? toBigint(only.before) : last;
      const rows = await store
        .read(c, bucket)
        .all<{ product: string }>(only.listed ? listedOfShop : ofShop, [
          bucket,
          toBigint(shop),
          before,
          only.limit,
        ]);
      return rows.map((row) => fromBigint(row.product));
    },
    /** Products of all buckets by id, from after `after` on. */
    page: async (after: Id<"product"> | undefined, limit: number): Promise<Product[]> => {
      const on = store.sweep(allBuckets);
      const rows = await on.all<{ doc: Product }>(page, [0, 1023, after ? toBigint(after) : "-1", limit]);
      return rows.map(({ doc }) => doc);
    },
    categories: (c: Context): Promise<Category[]> => store.read(c, anywhere).all<Category>(categories, []),
    categoriesAmong: async (c: Context, slugs: readonly string[]): Promise<Set<string>> => {
      const rows = await store.read(c, anywhere).all<{ slug: string }>(categoriesAmong, [slugs]);
      return new Set(rows.map(({ slug }) => slug));
    },
    putCategories: async (c: Context, items: readonly Category[]): Promise<void> => {
      const columns = ["slug", "parent", "name", "nameZh", "position", "image"] as const;
      const on = store.write(c, anywhere);
      await on.all(
        putCategories,
        columns.map((column) => items.map((item) => item[column])),
      );
    },
  };
}
export type CatalogStore = ReturnType<typeof catalogStore>;

/** Puts products on their shops' public lists or takes them off, in the reaction's transaction. */
export async function setListed(
  on: Transaction,
  listings: readonly { shop: Id<"shop">; product: Id<"product">; listed: boolean }[],
): Promise<void> {
  await on.all(list, [
    listings.map(({ shop }) => bucketOf(shop)),
    listings.map(({ shop }) => toBigint(shop)),
    listings.map(({ product }) => toBigint(product)),
    listings.map(({ listed }) => listed),
  ]);
}

type Saver = ReturnType<Store["write"]>;

async function saved(
  on: Saver,
  range: { from: number; to: number },
  changes: readonly Change[],
  nowMs: number,
): Promise<Set<Id<"product">>> {
  // In the order of ids, so that two that write the same products wait for each other and not in a circle.
  const ordered = [...changes].sort((a, b) => (a.product.id < b.product.id ? -1 : 1));
  const products = ordered.map(({ product }) => product);
  const buckets = products.map(({ id }) => bucketOf(id));
  const skus = ordered.flatMap(skuRows);
  try {
    const rows = await on.all<{ id: string }>(save, [
      range.from,
      range.to,
      buckets,
      products.map(({ id }) => toBigint(id)),
      products.map(({ shop }) => toBigint(shop)),
      ordered.map(({ handle }) => handle),
      products.map(({ status }) => status),
      products.map(({ version }) => version),
      ordered.map(({ digest }) => digest),
      products.map((product) => JSON.stringify(product)),
      buckets.map((bucket) => toBigint(newId(bucket, nowMs))),
      ordered.map((change) => JSON.stringify(eventBody(change))),
      skus.map(({ product }) => bucketOf(product)),
      skus.map(({ product }) => toBigint(product)),
      skus.map(({ id }) => toBigint(id)),
      skus.map(({ code }) => code),
      skus.map(({ fresh }) => fresh),
      skus.map(({ sold }) => sold),
      skus.map(({ offer }) => (offer ? JSON.stringify(offer) : null)),
      new Date(nowMs),
    ]);
    return new Set(rows.map(({ id }) => fromBigint<"product">(id)));
  } catch (error) {
    // The id of a new SKU or event is another's: nothing was written, and the caller draws again.
    if (error instanceof KeyTaken) return new Set();
    throw error;
  }
}

/** The product's SKUs as rows, and those it no longer names, which are sold no more. */
function skuRows({ product, known }: Change) {
  const named = offersOf(product).map((offer) => ({
    product: product.id,
    id: offer.sku,
    code: offer.code,
    fresh: !known.has(offer.code),
    sold: product.status === "published",
    offer: offer as Offer | null,
  }));
  const codes = new Set(named.map(({ code }) => code));
  const dropped = [...known]
    .filter(([code]) => !codes.has(code))
    .map(([code, id]) => ({ product: product.id, id, code, fresh: false, sold: false, offer: null }));
  return [...named, ...dropped];
}

const eventBody = ({ product, known, stock }: Change) => ({
  product: product.id,
  shop: product.shop,
  status: product.status,
  skus: product.skus.map(({ id, code }) => ({
    sku: id,
    stock: known.has(code) ? 0 : (stock.get(code) ?? 0),
  })),
});
