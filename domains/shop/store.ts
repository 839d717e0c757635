import { isoTime } from "#kernel/clock";
import type { Context } from "#kernel/context";
import { bucketOf, fromBigint, type Id, newId, toBigint } from "#kernel/id";
import { allBuckets, type Store, sql } from "#platform/database/api";
import type { Shop } from "./api.ts";

interface ShopRow {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly region: string;
  readonly currency: string;
  readonly fee_basis_points: number;
  readonly shipping_flat: string;
  readonly shipping_free_above: string | null;
  readonly created_at: Date;
}

const columns = `id, slug, name, description, region, currency, fee_basis_points, shipping_flat,
  shipping_free_above, created_at`;

const remember = sql(
  "remember",
  `insert into opened (bucket, account, key, shop) values ($1, $2, $3, $4) on conflict do nothing`,
);
const remembered = sql(
  "remembered",
  "select shop from opened where bucket = $1 and account = $2 and key = $3",
);
const forget = sql(
  "forget",
  "delete from opened where bucket = $1 and account = $2 and key = $3 and shop = $4",
);
const insert = sql(
  "insert",
  `with made as (
     insert into shop (bucket, id, owner, slug, name, description, region, currency, fee_basis_points,
       shipping_flat, shipping_free_above, version, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, $12)
     on conflict do nothing returning bucket, id, owner
   ), told as (
     insert into outbox (bucket, id, type, aggregate, version, at, body)
     select bucket, $13, 'shop.changed', id, 1, $12, $14 from made
   )
   select owner from made union all select owner from shop where bucket = $1 and id = $2`,
);
const update = sql(
  "update",
  `with changed as (
     update shop set name = coalesce($3, name), description = coalesce($4, description),
       region = coalesce($5, region), shipping_flat = coalesce($6, shipping_flat),
       shipping_free_above = case when $7::boolean then $8::bigint else shipping_free_above end, version = version + 1
     where bucket = $1 and id = $2 returning *
   ), told as (
     insert into outbox (bucket, id, type, aggregate, version, at, body)
     select bucket, $9, 'shop.changed', id, version, $10, $11 from changed
   )
   select ${columns} from changed`,
);
const one = sql("one", `select ${columns} from shop where bucket = $1 and id = $2`);
const many = sql(
  "many",
  `select at::int, ${columns} from shop
   join unnest($1::int[], $2::bigint[]) with ordinality as asked (b, i, at) on bucket = b and id = i`,
);
const newest = sql(
  "newest",
  `select ${columns} from shop where bucket between $1 and $2 and id < $3 order by id desc limit $4`,
);

const shopOf = (row: ShopRow): Shop => ({
  id: fromBigint(row.id),
  slug: row.slug,
  name: row.name,
  description: row.description,
  region: row.region,
  currency: row.currency,
  feeBasisPoints: row.fee_basis_points,
  shipping: {
    flat: Number(row.shipping_flat),
    freeAbove: row.shipping_free_above === null ? null : Number(row.shipping_free_above),
  },
  createdAt: isoTime(row.created_at.getTime()),
});

const last = "9223372036854775807";

/** Shop's rows; split by shop, so that everything a shop decides about itself lies in one bucket. */
export function shopStore(store: Store) {
  return {
    /** The shop that this key opened before, or `shop` if the key is new. */
    claim: async (c: Context, account: Id<"account">, key: string, shop: Id<"shop">): Promise<Id<"shop">> => {
      const on = store.write(c, bucketOf(account));
      for (;;) {
        await on.all(remember, [bucketOf(account), toBigint(account), key, toBigint(shop)]);
        const row = await on.one<{ shop: string }>(remembered, [bucketOf(account), toBigint(account), key]);
        // No row when another disclaimed it in between: then the key is new again.
        if (row) return fromBigint(row.shop);
      }
    },
    disclaim: async (c: Context, account: Id<"account">, key: string, shop: Id<"shop">): Promise<void> => {
      const bucket = bucketOf(account);
      await store.write(c, bucket).all(forget, [bucket, toBigint(account), key, toBigint(shop)]);
    },
    /** Adds a shop and tells of it; one that exists already stays as it is. Whose the shop of that id is. */
    add: async (c: Context, shop: Shop, owner: Id<"account">, nowMs: number): Promise<Id<"account">> => {
      const bucket = bucketOf(shop.id);
      const parameters = [
        bucket,
        toBigint(shop.id),
        toBigint(owner),
        shop.slug,
        shop.name,
        shop.description,
        shop.region,
        shop.currency,
        shop.feeBasisPoints,
        shop.shipping.flat,
        shop.shipping.freeAbove,
        new Date(nowMs),
        toBigint(newId(bucket, nowMs)),
        JSON.stringify({ shop: shop.id }),
      ];
      for (;;) {
        const row = await store.write(c, bucket).one<{ owner: string }>(insert, parameters);
        // No row when another added it at this very moment: then it is there the next time.
        if (row) return fromBigint<"account">(row.owner);
      }
    },
    change: async (
      c: Context,
      id: Id<"shop">,
      to: Partial<Pick<Shop, "name" | "description" | "region" | "shipping">>,
      nowMs: number,
    ): Promise<Shop | undefined> => {
      const bucket = bucketOf(id);
      const row = await store
        .write(c, bucket)
        .one<ShopRow>(update, [
          bucket,
          toBigint(id),
          to.name ?? null,
          to.description ?? null,
          to.region ?? null,
          to.shipping?.flat ?? null,
          to.shipping !== undefined,
          to.shipping?.freeAbove ?? null,
          toBigint(newId(bucket, nowMs)),
          new Date(nowMs),
          JSON.stringify({ shop: id }),
        ]);
      return row && shopOf(row);
    },
    get: async (c: Context, id: Id<"shop">): Promise<Shop | undefined> => {
      const row = await store.read(c, bucketOf(id)).one<ShopRow>(one, [bucketOf(id), toBigint(id)]);
      return row && shopOf(row);
    },
    getMany: async (c: Context, ids: readonly Id<"shop">[]): Promise<Shop[]> => {
      const rows = await store.readEach<Id<"shop">, ShopRow & { at: number }>(
        c,
        ids,
        bucketOf,
        many,
        (buckets, keys) => [buckets, keys.map(toBigint)],
      );
      return rows.map(shopOf);
    },
    /** Shops of all buckets, the newest first, those made before `before`. */
    newest: async (before: Id<"shop"> | undefined, limit: number): Promise<Shop[]> => {
      const on = store.sweep(allBuckets);
      const rows = await on.all<ShopRow>(newest, [0, 1023, before ? toBigint(before) : last, limit]);
      return rows.map(shopOf);
    },
  };
}
export type ShopStore = ReturnType<typeof shopStore>;
