import type { Context } from "#kernel/context";
import { bucketOf, fromBigint, type Id, toBigint } from "#kernel/id";
import { allBuckets, type Store, sql, type Transaction } from "#platform/database/api";
import type { Level } from "./api.ts";
import { type Line, namedOnce, type Settled } from "./reservation.ts";

const reserveEach = sql(
  "reserve",
  "select line as at, got, remaining from reserve_each($1, $2, $3, $4, $5, $6)",
);
const settleEach = sql("settle", "select 1 as at, settle_each($1, $2, $3, $4, $5, $6, $7) as done");
const addStock = sql(
  "add_stock",
  `insert into stock (bucket, sku, warehouse, slot, shop, on_hand, reserved, received, sold, version)
   select b, s, 0, 0, shop, n, 0, n, 0, 1 from unnest($1::int[], $2::bigint[], $3::bigint[], $4::int[]) as new (b, s, shop, n)
   on conflict do nothing`,
);
const levelOf = sql(
  "level",
  `select sku, shop, on_hand, reserved, version from stock
   where bucket = $1 and sku = $2 and warehouse = 0 and slot = 0`,
);
const availableOf = sql(
  "available",
  `select at::int, on_hand - reserved as available from stock
   join unnest($1::int[], $2::bigint[]) with ordinality as asked (b, s, at) on bucket = b and sku = s`,
);
const setOnHand = sql(
  "set_on_hand",
  `update stock set on_hand = $3, received = sold + $3, version = version + 1
   where bucket = $1 and sku = $2 and warehouse = 0 and slot = 0 and reserved <= $3
     and version = coalesce($4::int, version)
   returning sku, shop, on_hand, reserved, version`,
);
const page = sql(
  "page",
  `select id, sku, checkout, quantity, state, changed_at from reservation
   where bucket between $1 and $2 and (bucket, id) > ($3, $4) order by bucket, id limit $5`,
);
const unbalanced = sql(
  "unbalanced",
  `with held as (
     select bucket, sku, sum(quantity) filter (where state = 'held') as held,
       sum(quantity) filter (where state = 'sold') as sold
     from reservation where bucket between $1 and $2 group by 1, 2
   )
   select s.sku, s.on_hand, s.reserved, s.received, s.sold, coalesce(h.held, 0)::int as held_by_orders,
     coalesce(h.sold, 0)::int as sold_by_orders
   from stock s left join held h on h.bucket = s.bucket and h.sku = s.sku
   where s.bucket between $1 and $2 and (s.on_hand <> s.received - s.sold or s.reserved < 0 or s.on_hand < s.reserved
     or s.sold < 0 or s.reserved <> coalesce(h.held, 0) or s.sold <> coalesce(h.sold, 0))
   limit 1000`,
);
const ownerless = sql(
  "ownerless",
  `select r.id, r.sku from reservation r where r.bucket between $1 and $2 and r.state in ('held', 'sold')
     and not exists (select 1 from stock s where s.bucket = r.bucket and s.sku = r.sku) limit 1000`,
);
const countStock = sql("count_stock", "select count(*)::int as n from stock where bucket between $1 and $2");

interface LevelRow {
  readonly sku: string;
  readonly shop: string;
  readonly on_hand: number;
  readonly reserved: number;
  readonly version: number;
}

interface Wanted {
  readonly checkout: Id<"checkout">;
  readonly line: Line;
}

interface ReserveRow {
  readonly at: number;
  readonly got: boolean;
  readonly remaining: number;
}

interface UnbalancedRow extends Omit<LevelRow, "shop" | "version"> {
  readonly received: number;
  readonly sold: number;
  readonly held_by_orders: number;
  readonly sold_by_orders: number;
}

interface ReservationRow {
  readonly id: string;
  readonly sku: string;
  readonly checkout: string;
  readonly quantity: number;
  readonly state: "held" | "sold" | "released" | "returned" | "refused";
  readonly changed_at: Date;
}

const ownedLevel = (row: LevelRow): { shop: Id<"shop">; level: Level } => ({
  shop: fromBigint(row.shop),
  level: {
    sku: fromBigint(row.sku),
    onHand: row.on_hand,
    reserved: row.reserved,
    available: row.on_hand - row.reserved,
    version: row.version,
  },
});

const settleParameters = (settled: readonly Settled[], nowMs: number) => [
  new Date(nowMs),
  settled.map((s) => bucketOf(s.line.sku)),
  settled.map((s) => toBigint(s.checkout)),
  settled.map((s) => toBigint(s.line.id)),
  settled.map((s) => toBigint(s.line.sku)),
  settled.map((s) => s.line.quantity),
  settled.map((s) => s.verb),
];

/** Inventory's rows: stock and the reservations of it, split by SKU, which carries its product's bucket. */
export function inventoryStore(store: Store) {
  return {
    /**
     * Reserves lines of any bucket, all that live on one server in one round trip, together with those of other callers
     * who come at the same moment. Answers in the order of the lines.
     */
    reserve: async (c: Context, checkout: Id<"checkout">, lines: readonly Line[], nowMs: number) => {
      const rows = await store.writeEach<Wanted, ReserveRow>(
        c,
        lines.map((line) => ({ checkout, line })),
        ({ line }) => bucketOf(line.sku),
        reserveEach,
        (buckets, wanted) => [
          new Date(nowMs),
          buckets,
          wanted.map((w) => toBigint(w.checkout)),
          wanted.map((w) => toBigint(w.line.id)),
          wanted.map((w) => toBigint(w.line.sku)),
          wanted.map((w) => w.line.quantity),
        ],
      );
      const byPlace = new Map(rows.map((row) => [row.at, row]));
      return lines.map(({ id }, i) => {
        const row = byPlace.get(i + 1);
        if (!row) throw new Error(`reservation ${id} was neither made nor found`);
        return { id, reserved: row.got, available: row.remaining };
      });
    },
    /** Gives lines of any bucket back, in one round trip a server. */
    release: (c: Context, checkout: Id<"checkout">, lines: readonly Line[], nowMs: number) =>
      store.writeEach<Settled, { at: number }>(
        c,
        lines.map((line) => ({ checkout, line, verb: "release" })),
        ({ line }) => bucketOf(line.sku),
        settleEach,
        (_, settled) => settleParameters(settled, nowMs),
      ),
    /** Carries reservations on for a reaction, all in one statement. */
    settleIn: (transaction: Transaction, settled: readonly Settled[], nowMs: number) =>
      transaction.all(settleEach, settleParameters(namedOnce(settled), nowMs)),
    /** Begins to keep stock of SKUs; of those it keeps already nothing changes. */
    addIn: (
      transaction: Transaction,
      fresh: readonly { sku: Id<"sku">; shop: Id<"shop">; stock: number }[],
    ) =>
      transaction.all(addStock, [
        fresh.map((f) => bucketOf(f.sku)),
        fresh.map((f) => toBigint(f.sku)),
        fresh.map((f) => toBigint(f.shop)),
        fresh.map((f) => f.stock),
      ]),
    level: async (c: Context, sku: Id<"sku">) => {
      const row = await store.read(c, bucketOf(sku)).one<LevelRow>(levelOf, [bucketOf(sku), toBigint(sku)]);
      return row && ownedLevel(row);
    },
    available: async (c: Context, skus: readonly Id<"sku">[]) => {
      const rows = await store.readEach<Id<"sku">, { at: number; available: number }>(
        c,
        skus,
        bucketOf,
        availableOf,
        (buckets, keys) => [buckets, keys.map(toBigint)],
      );
      // A SKU has a row for each slot of it.
      const sums = new Map<number, number>();
      for (const { at, available } of rows) sums.set(at, (sums.get(at) ?? 0) + available);
      return [...sums].map(([at, available]) => ({ sku: skus[at - 1] as Id<"sku">, available }));
    },
    /** Undefined when fewer than are reserved were said, or the version has moved on. */
    setOnHand: async (c: Context, sku: Id<"sku">, onHand: number, version: number | undefined) => {
      const parameters = [bucketOf(sku), toBigint(sku), onHand, version ?? null];
      const row = await store.write(c, bucketOf(sku)).one<LevelRow>(setOnHand, parameters);
      return row && ownedLevel(row).level;
    },
    /** Reservations after `cursor`, bucket by bucket, in the order of their ids. */
    page: async (cursor: Id<"reservation"> | undefined, limit: number) => {
      const on = store.sweep(allBuckets);
      const after = cursor ? [bucketOf(cursor), toBigint(cursor)] : [0, "0"];
      const rows = await on.all<ReservationRow>(page, [0, 1023, ...after, limit]);
      return rows.map((row) => ({
        id: fromBigint<"reservation">(row.id),
        sku: fromBigint<"sku">(row.sku),
        checkout: fromBigint<"checkout">(row.checkout),
        quantity: row.quantity,
        state: row.state,
        changedAt: row.changed_at.getTime(),
      }));
    },
    /** Every SKU whose numbers do not add up, in one snapshot. */
    audit: () =>
      store.sweep(allBuckets).snapshot(async (t) => ({
        checked: (await t.one<{ n: number }>(countStock, [0, 1023]))?.n ?? 0,
        unbalanced: (await t.all<UnbalancedRow>(unbalanced, [0, 1023])).map((row) => ({
          ...row,
          sku: fromBigint<"sku">(row.sku),
        })),
        ownerless: (await t.all<{ id: string; sku: string }>(ownerless, [0, 1023])).map((row) => ({
          id: fromBigint<"reservation">(row.id),
          sku: fromBigint<"sku">(row.sku),
        })),
      })),
  };
}
export type InventoryStore = ReturnType<typeof inventoryStore>;
