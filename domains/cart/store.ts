import { isoTime } from "#kernel/clock";
import type { Context } from "#kernel/context";
import { type Bucket, bucketOf, fromBigint, type Id, toBigint } from "#kernel/id";
import {
  allBuckets,
  type Parameter,
  type Statement,
  type Store,
  sql,
  type Transaction,
} from "#platform/database/api";
import type { Line } from "./cart.ts";
import type { Key } from "./token.ts";

/** Carts' rows: everything of a cart lies in its bucket. */
export const cartStore = (store: Store) => ({ ...carts(store), ...merges(store), ...sweeps(store) });
export type CartStore = ReturnType<typeof cartStore>;

interface LineRow {
  readonly sku: string;
  readonly quantity: number;
  readonly price: string;
  readonly currency: string;
  readonly added_at: Date;
}
const lineOf = (row: LineRow): Line => ({
  sku: fromBigint(row.sku),
  quantity: row.quantity,
  price: { amount: Number(row.price), currency: row.currency },
  addedAt: row.added_at.getTime(),
});

const dayOf = (ms: number): string => isoTime(ms).slice(0, 10);
const columns = "l.sku, l.quantity, l.price, l.currency, l.added_at";

const lines = sql(
  "lines",
  `select place::int as at, ${columns}
   from unnest($1::int[], $2::bigint[], $3::text[]) with ordinality as asked (bucket, id, digest, place)
   join cart c on c.bucket = asked.bucket and c.id = asked.id
     and c.secret_digest is not distinct from asked.digest and c.merged_into is null
   join line l on l.bucket = c.bucket and l.cart = c.id
   order by place, l.added_at, l.sku`,
);
// In the order of the carts, as whoever else takes several of them goes: none waits for one who waits for it.
const put = sql(
  "put",
  `select place::int as at, p.*
   from (
     select * from unnest($1::int[], $2::bigint[], $3::text[], $4::boolean[], $5::bigint[], $6::int[], $7::bigint[],
       $8::text[], $9::timestamptz[], $10::date[]) with ordinality
       as asked (bucket, id, digest, make, sku, quantity, price, currency, at, today, place)
     order by bucket, id, place
   ) as asked,
   put_into_cart(bucket, id, digest, make, sku, quantity, price, currency, at, today, $11) as p`,
);
const remove = sql(
  "remove",
  `with own as (
     select bucket, id from cart
     where bucket = $1 and id = $2 and secret_digest is not distinct from $3::text and merged_into is null
   ), removed as (
     delete from line l using own where l.bucket = own.bucket and l.cart = own.id and l.sku = $4::bigint
   )
   select ${columns} from own join line l on l.bucket = own.bucket and l.cart = own.id
   where l.sku <> $4::bigint order by l.added_at, l.sku`,
);
const drop = sql(
  "drop",
  "delete from line where bucket = $1 and cart = $2 and sku = any($3::bigint[]) returning sku",
);
const take = sql("take", "select take_placed($1, $2, $3, $4, $5, $6, $7)");

/** A line of an order that was placed. */
interface Bought {
  readonly buyer: Id<"account">;
  readonly order: Id<"order">;
  readonly placedMs: number;
  readonly sku: Id<"sku">;
  readonly quantity: number;
}

/** A line that is put into a cart. */
interface Put extends Key, Omit<Line, "addedAt"> {
  readonly make: boolean;
  readonly nowMs: number;
}

const putParameters = (buckets: readonly Bucket[], all: readonly Put[]): Parameter[] => [
  buckets,
  all.map(({ id }) => toBigint(id)),
  all.map(({ digest }) => digest),
  all.map(({ make }) => make),
  all.map(({ sku }) => toBigint(sku)),
  all.map(({ quantity }) => quantity),
  all.map(({ price }) => price.amount),
  all.map(({ price }) => price.currency),
  all.map(({ nowMs }) => new Date(nowMs)),
  all.map(({ nowMs }) => dayOf(nowMs)),
];

function carts(store: Store) {
  return {
    /** The lines of a cart in the order in which they were first put in; none if the key fits no cart. */
    lines: async (c: Context, key: Key): Promise<Line[]> => {
      const rows = await store.readEach<Key, LineRow & { at: number }>(
        c,
        [key],
        ({ id }) => bucketOf(id),
        lines,
        (buckets, keys) => [buckets, keys.map(({ id }) => toBigint(id)), keys.map(({ digest }) => digest)],
      );
      return rows.map(lineOf);
    },
    /** All lines after one was put in; `make`: the cart comes to be if it is not there. */
    put: async (
      c: Context,
      key: Key,
      line: Omit<Line, "addedAt">,
      { most, ...how }: { make: boolean; nowMs: number; most: number },
    ): Promise<Line[] | "full" | "mixed" | "unknown"> => {
      type Row = LineRow & { at: number; outcome: "put" | "full" | "mixed" | "unknown" };
      const rows = await store.writeEach<Put, Row>(
        c,
        [{ ...key, ...line, ...how }],
        ({ id }) => bucketOf(id),
        put,
        (buckets, all) => [...putParameters(buckets, all), most],
      );
      const outcome = rows[0]?.outcome ?? "put";
      return outcome === "put" ? rows.map(lineOf) : outcome;
    },
    /** Takes a line out; the lines that are left. */
    remove: async (c: Context, { id, digest }: Key, sku: Id<"sku">): Promise<Line[]> => {
      const bucket = bucketOf(id);
      const parameters = [bucket, toBigint(id), digest, toBigint(sku)];
      return (await store.write(c, bucket).all<LineRow>(remove, parameters)).map(lineOf);
    },
    /** Takes lines out of a cart that was just read; those that nobody else took out before. */
    drop: async (c: Context, { id }: Key, skus: readonly Id<"sku">[]): Promise<Id<"sku">[]> => {
      const bucket = bucketOf(id);
      const rows = await store
        .write(c, bucket)
        .all<{ sku: string }>(drop, [bucket, toBigint(id), skus.map(toBigint)]);
      return rows.map((row) => fromBigint<"sku">(row.sku));
    },
    /** Takes what orders bought, and what was put in before they were placed, out of the carts; once an order. */
    takeIn: (transaction: Transaction, bought: readonly Bought[], nowMs: number) =>
      transaction.all(take, [
        new Date(nowMs),
        bought.map(({ buyer }) => bucketOf(buyer)),
        bought.map(({ buyer }) => toBigint(buyer)),
        bought.map(({ order }) => toBigint(order)),
        bought.map(({ placedMs }) => new Date(placedMs)),
        bought.map(({ sku }) => toBigint(sku)),
        bought.map(({ quantity }) => quantity),
      ]),
  };
}

const seal = sql("seal", "select * from seal_cart($1, $2, $3, $4, $5, $6)");
const copy = sql("copy", "select merge_lines($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");
const empty = sql(
  "empty",
  `with emptied as (delete from line where bucket = $1 and cart = $2)
   update cart set merged_at = $4 where bucket = $1 and id = $2 and merged_into = $3 and merged_at is null`,
);
const halfMerged = sql(
  "half_merged",
  `select id, secret_digest, merged_into from cart
   where bucket between $1 and $2 and merged_into is not null and merged_at is null order by bucket, id limit $3`,
);

/** The steps that move a guest's cart into a buyer's. */
function merges(store: Store) {
  return {
    /**
     * Keeps a guest's cart for one account to merge; its lines, or none if it is not the key's, merged or
     * empty.
     */
    seal: async (c: Context, { id, digest }: Key, account: Id<"account">, nowMs: number): Promise<Line[]> => {
      const bucket = bucketOf(id);
      const parameters = [bucket, toBigint(id), digest, toBigint(account), new Date(nowMs), dayOf(nowMs)];
      return (await store.write(c, bucket).all<LineRow>(seal, parameters)).map(lineOf);
    },
    /** Copies a sealed cart's lines into the buyer's, once. */
    copy: async (
      c: Context,
      account: Id<"account">,
      guest: Id<"cart">,
      from: readonly Line[],
      { nowMs, most }: { nowMs: number; most: number },
    ): Promise<void> => {
      const bucket = bucketOf(account);
      await store
        .write(c, bucket)
        .all(copy, [
          bucket,
          toBigint(account),
          toBigint(guest),
          from.map((line) => toBigint(line.sku)),
          from.map((line) => line.quantity),
          from.map((line) => line.price.amount),
          from.map((line) => line.price.currency),
          from.map((line) => new Date(line.addedAt)),
          new Date(nowMs),
          dayOf(nowMs),
          most,
        ]);
    },
    /** Empties a guest's cart that was copied, and marks it merged. */
    empty: async (c: Context, guest: Id<"cart">, account: Id<"account">, nowMs: number): Promise<void> => {
      const bucket = bucketOf(guest);
      await store.write(c, bucket).all(empty, [bucket, toBigint(guest), toBigint(account), new Date(nowMs)]);
    },
    /** Carts whose merge was begun and not ended. */
    halfMerged: async (limit: number): Promise<{ guest: Key; account: Id<"account"> }[]> => {
      type Row = { id: string; secret_digest: string; merged_into: string };
      const { from, to } = allBuckets;
      const rows = await store.sweep(allBuckets).all<Row>(halfMerged, [from, to, limit]);
      return rows.map((row) => ({
        guest: { id: fromBigint<"cart">(row.id), digest: row.secret_digest },
        account: fromBigint<"account">(row.merged_into),
      }));
    },
  };
}

// A cart that is half merged is finished by its own job first.
const sweepGuests = sql(
  "sweep_guests",
  `with due as (
     select bucket, id from cart
     where bucket between $1 and $2 and secret_digest is not null and touched_on < $3
       and (merged_into is null or merged_at is not null)
     limit $4 for update skip locked
   ), emptied as (
     delete from line l using due where l.bucket = due.bucket and l.cart = due.id
   )
   delete from cart c using due where c.bucket = due.bucket and c.id = due.id returning c.bucket`,
);
const sweepMerged = sql(
  "sweep_merged",
  `with due as (
     select bucket, account, guest from merged where bucket between $1 and $2 and at <= $3
     limit $4 for update skip locked
   )
   delete from merged m using due
   where m.bucket = due.bucket and m.account = due.account and m.guest = due.guest returning m.bucket`,
);
const sweepTaken = sql(
  "sweep_taken",
  `with due as (
     select bucket, account, checkout from taken where bucket between $1 and $2 and at <= $3
     limit $4 for update skip locked
   )
   delete from taken t using due
   where t.bucket = due.bucket and t.account = due.account and t.checkout = due.checkout returning t.bucket`,
);
const batch = 1_000;

/** Removes what time has ended, a batch at a time so that nobody waits for a long delete. */
function sweeps(store: Store) {
  const sweep = async (statement: Statement, until: Parameter): Promise<void> => {
    const parameters = [allBuckets.from, allBuckets.to, until, batch];
    let swept = batch;
    while (swept === batch) swept = (await store.sweep(allBuckets).all(statement, parameters)).length;
  };
  return {
    /** Guests' carts that were last touched before the day of `untilMs`. */
    sweepGuests: (untilMs: number) => sweep(sweepGuests, dayOf(untilMs)),
    sweepMerged: (untilMs: number) => sweep(sweepMerged, new Date(untilMs)),
    sweepTaken: (untilMs: number) => sweep(sweepTaken, new Date(untilMs)),
  };
}
