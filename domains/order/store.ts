import type { Context } from "#kernel/context";
import { type Bucket, bucketOf, fromBigint, type Id, newId, toBigint } from "#kernel/id";
import { Fault, type Refusal } from "#kernel/refusal";
import {
  allBuckets,
  type Reader,
  type Statement,
  type Store,
  sql,
  type Transaction,
} from "#platform/database/api";
import { type NewCheckout, planJson, type StoredCheckout } from "./checkout.ts";
import { became, type Capture, type Transition, transitions } from "./order.ts";
import { type CheckoutRow, checkoutOf, type OrderRow, orderOf } from "./row.ts";
import type { Order, OrderState } from "./schema.ts";

const checkoutColumns = "id, state, body_hash, plan, refusal, from_cart";
const orderColumns = "state, version, payment, doc, history, shipment";

const begin = sql(
  "begin",
  `with asked as (
     select * from unnest($2::int[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::jsonb[], $8::boolean[])
       with ordinality as c (bucket, id, buyer, key, body_hash, plan, from_cart, place)
   ), made as (
     insert into checkout (bucket, id, buyer, key, body_hash, state, plan, from_cart, placed_at, changed_at)
     select bucket, id, buyer, key, body_hash, 'placing', plan, from_cart, $1, $1 from asked order by bucket, buyer, key
     on conflict do nothing returning bucket, id
   )
   select a.place::int as at from asked a join made m on m.bucket = a.bucket and m.id = a.id`,
);
const byKey = sql(
  "by_key",
  `select ${checkoutColumns} from checkout where bucket = $1 and buyer = $2 and key = $3`,
);
const byId = sql("by_id", `select ${checkoutColumns} from checkout where bucket = $1 and id = $2`);
// Makes checkouts' orders and tells of them, where nobody has given the checkout up meanwhile.
const place = sql(
  "place",
  `with placed as (
     update checkout c set state = 'placed', changed_at = $1
     from unnest($2::int[], $3::bigint[]) with ordinality as asked (bucket, id, place)
     where c.bucket = asked.bucket and c.id = asked.id and c.state = 'placing'
     returning c.bucket, c.id as checkout, c.plan, asked.place
   ), planned as materialized (
     select placed.bucket, placed.checkout, p.* from placed, jsonb_to_recordset(placed.plan) as p (id bigint,
       buyer bigint, shop bigint, total bigint, fee bigint, currency text, pay_by timestamptz, event bigint, doc jsonb,
       told jsonb, history jsonb)
   ), made as (
     insert into orders (bucket, id, checkout, buyer, shop, state, version, total, fee, currency, pay_by, changed_at,
       doc, told, history)
     select bucket, id, checkout, buyer, shop, 'pending', 1, total, fee, currency, pay_by, $1, doc, told, history
     from planned
   ), out as (
     insert into outbox (bucket, id, type, aggregate, version, at, body)
     select bucket, event, 'order.placed', id, 1, $1, told from planned
   )
   select place::int as at from placed`,
);
const beginUndo = sql(
  "begin_undo",
  `update checkout set state = 'undoing', refusal = coalesce(refusal, $3), changed_at = $4
   where bucket = $1 and id = $2 and state in ('placing', 'undoing') returning id`,
);
// Given up without an answer, the key may be used again; refused, it keeps its answer.
const endUndo = sql(
  "end_undo",
  `update checkout set state = 'undone', key = case when refusal is null then null else key end, changed_at = $3
   where bucket = $1 and id = $2 and state = 'undoing'`,
);
const refuse = sql(
  "refuse",
  `update checkout c set state = 'undone', refusal = asked.refusal, changed_at = $1
   from unnest($2::int[], $3::bigint[], $4::jsonb[]) with ordinality as asked (bucket, id, refusal, place)
   where c.bucket = asked.bucket and c.id = asked.id and c.state = 'placing' returning asked.place::int as at`,
);
const one = sql("one", `select ${orderColumns} from orders where bucket = $1 and id = $2`);
const many = sql(
  "many",
  `select place::int as at, ${orderColumns} from orders
   join unnest($1::int[], $2::bigint[]) with ordinality as asked (b, i, place) on bucket = b and id = i`,
);
const ofCheckout = sql(
  "of_checkout",
  `select place::int as at, ${orderColumns} from orders
   join unnest($1::int[], $2::bigint[]) with ordinality as asked (b, i, place) on bucket = b and checkout = i
   order by place, shop`,
);
const ofBuyer = sql(
  "of_buyer",
  `select ${orderColumns} from orders where bucket = $1 and buyer = $2 and id < $3 order by id desc limit $4`,
);
const ofShop = sql(
  "of_shop",
  `select id from shop_order where bucket = $1 and shop = $2 and id < $3 and state = coalesce($4, state)
   order by id desc limit $5`,
);
const move = sql(
  "move",
  `with was as (
     select bucket, id, state from orders where bucket = $1 and id = $2 for update
   ), moved as (
     update orders o set state = $4, version = version + 1, changed_at = $5, history = history || $6::jsonb,
       shipment = coalesce($7::jsonb, shipment)
     from was where o.bucket = was.bucket and o.id = was.id and was.state = any($3::text[])
     returning o.*, was.state as was
   ), out as (
     insert into outbox (bucket, id, type, aggregate, version, at, body)
     select bucket, $8, 'order.' || $4, id, version, $5, told || jsonb_build_object('state', state, 'from', was)
     from moved
   )
   select ${orderColumns} from moved`,
);
const close = sql(
  "close",
  `with moved as (
     update orders o set state = 'closed', version = version + 1, changed_at = $1, history = history || $5::jsonb
     from unnest($2::int[], $3::bigint[], $4::bigint[]) with ordinality as asked (bucket, id, event, place)
     where o.bucket = asked.bucket and o.id = asked.id and o.state = 'pending'
     returning o.bucket, o.id, o.version, o.told, asked.event, asked.place
   ), out as (
     insert into outbox (bucket, id, type, aggregate, version, at, body)
     select bucket, event, 'order.closed', id, version, $1,
       told || jsonb_build_object('state', 'closed', 'from', 'pending') from moved
   )
   select place::int as at from moved`,
);
// What was captured for an order that is closed, or paid already by another payment, or of another amount, is told
// back as surplus: the update of the order's row is the one arbiter.
const paid = sql(
  "paid",
  `with capture as (
     select * from unnest($1::int[], $2::bigint[], $3::bigint[], $4::text[], $5::bigint[], $6::bigint[])
       as c (bucket, id, payment, wire, amount, event)
   ), moved as (
     update orders o set state = 'paid', payment = c.payment, version = version + 1, changed_at = $7,
       history = history || $8::jsonb, told = told || jsonb_build_object('payment', c.wire)
     from capture c
     where o.bucket = c.bucket and o.id = c.id and o.state = 'pending' and o.total = c.amount
     returning o.bucket, o.id, o.version, o.told, c.event
   ), out as (
     insert into outbox (bucket, id, type, aggregate, version, at, body)
     select bucket, event, 'order.paid', id, version, $7,
       told || jsonb_build_object('state', 'paid', 'from', 'pending')
     from moved
   )
   select c.id, c.payment, m.id is not null as moved, m.id is null and o.payment is distinct from c.payment as surplus
   from capture c left join orders o on o.bucket = c.bucket and o.id = c.id
   left join moved m on m.bucket = c.bucket and m.id = c.id`,
);
const follow = sql("follow", "select follow_each($1, $2, $3, $4, $5)");
const unpaid = sql(
  "unpaid",
  `select id from orders where bucket between $1 and $2 and state = 'pending' and pay_by <= $3
   order by pay_by limit $4`,
);
const unfinished = sql(
  "unfinished",
  `select ${checkoutColumns} from checkout
   where bucket between $1 and $2 and state in ('placing', 'undoing') and changed_at < $3 order by changed_at limit $4`,
);

const last = "9223372036854775807";

/** What a shop's view learns of one of its orders. */
interface Seen {
  readonly bucket: Bucket;
  readonly shop: Id<"shop">;
  readonly order: Id<"order">;
  readonly state: OrderState;
  readonly version: number;
}

/** Order's rows, split by buyer: a checkout, its orders and their events commit together. */
export function orderStore(store: Store) {
  const checkoutWhere = async (on: Reader, statement: Statement, p: (string | number)[]) => {
    const row = await on.one<CheckoutRow>(statement, p);
    return row && checkoutOf(row);
  };
  const orders = async (on: Reader, statement: Statement, p: (string | number)[]) =>
    (await on.all<OrderRow>(statement, p)).map(orderOf);

  return {
    /**
     * Step (a): the checkout as it is now stored under this key, whoever began it. One statement for all who begin one
     * at the same moment.
     */
    begin: async (c: Context, checkout: NewCheckout, nowMs: number): Promise<StoredCheckout> => {
      const { id, buyer, key, bodyHash, orders, fromCart } = checkout;
      const [made] = await store.writeEach<NewCheckout, { at: number }>(
        c,
        [checkout],
        (each) => bucketOf(each.buyer),
        begin,
        (buckets, all) => [
          new Date(nowMs),
          buckets,
          all.map((each) => toBigint(each.id)),
          all.map((each) => toBigint(each.buyer)),
          all.map((each) => each.key),
          all.map((each) => each.bodyHash),
          all.map((each) => planJson(each.orders)),
          all.map((each) => each.fromCart),
        ],
      );
      if (made) return { id, state: "placing", bodyHash, orders, refusal: null, fromCart };
      const bucket = bucketOf(buyer);
      const found = await checkoutWhere(store.write(c, bucket), byKey, [bucket, toBigint(buyer), key]);
      if (found) return found;
      throw new Fault("order.id_taken", "A new id was taken already; try again.", { safeToRetry: true });
    },
    checkoutByKey: (c: Context, buyer: Id<"account">, key: string) =>
      checkoutWhere(store.read(c, bucketOf(buyer)), byKey, [bucketOf(buyer), toBigint(buyer), key]),
    checkout: (c: Context, id: Id<"checkout">) =>
      checkoutWhere(store.write(c, bucketOf(id)), byId, [bucketOf(id), toBigint(id)]),
    /** Step (c), as one statement for all who come to it. False: it had been given up, or placed, before. */
    place: async (c: Context, id: Id<"checkout">, nowMs: number): Promise<boolean> => {
      const key = { id, nowMs };
      const placed = await store.writeEach<typeof key, { at: number }>(
        c,
        [key],
        (each) => bucketOf(each.id),
        place,
        (buckets, all) => [
          // The latest: cart goes by it, and a buyer's own lines must not seem to be put in later.
          new Date(Math.max(...all.map((each) => each.nowMs))),
          buckets,
          all.map((each) => toBigint(each.id)),
        ],
      );
      return placed.length > 0;
    },
    /** Gives up, at once, a checkout for which nothing is reserved. False: it had been given up, or placed, before. */
    refuse: async (c: Context, id: Id<"checkout">, refusal: Refusal, nowMs: number): Promise<boolean> => {
      const key = { id, refusal: JSON.stringify(refusal) };
      const refused = await store.writeEach<typeof key, { at: number }>(
        c,
        [key],
        (each) => bucketOf(each.id),
        refuse,
        (buckets, all) => [
          new Date(nowMs),
          buckets,
          all.map((each) => toBigint(each.id)),
          all.map((each) => each.refusal),
        ],
      );
      return refused.length > 0;
    },
    beginUndo: async (c: Context, id: Id<"checkout">, refusal: Refusal | undefined, nowMs: number) => {
      const parameters = [
        bucketOf(id),
        toBigint(id),
        refusal ? JSON.stringify(refusal) : null,
        new Date(nowMs),
      ];
      return (await store.write(c, bucketOf(id)).one(beginUndo, parameters)) !== undefined;
    },
    endUndo: (c: Context, id: Id<"checkout">, nowMs: number) =>
      store.write(c, bucketOf(id)).all(endUndo, [bucketOf(id), toBigint(id), new Date(nowMs)]),

    order: async (c: Context, id: Id<"order">) =>
      (await orders(store.read(c, bucketOf(id)), one, [bucketOf(id), toBigint(id)]))[0],
    ordersOf: async (c: Context, checkout: Id<"checkout">): Promise<Order[]> => {
      const rows = await store.readEach<Id<"checkout">, OrderRow & { at: number }>(
        c,
        [checkout],
        bucketOf,
        ofCheckout,
        (buckets, keys) => [buckets, keys.map(toBigint)],
      );
      return rows.map(orderOf);
    },
    ofBuyer: (c: Context, buyer: Id<"account">, before: Id<"order"> | undefined, limit: number) => {
      const p = [bucketOf(buyer), toBigint(buyer), before ? toBigint(before) : last, limit];
      return orders(store.read(c, bucketOf(buyer)), ofBuyer, p);
    },
    /** Two statements however many orders: their ids in the shop's bucket, then the orders, wherever they live. */
    ofShop: async (
      c: Context,
      shop: Id<"shop">,
      state: OrderState | undefined,
      before: Id<"order"> | undefined,
      limit: number,
    ): Promise<Order[]> => {
      const bucket = bucketOf(shop);
      const p = [bucket, toBigint(shop), before ? toBigint(before) : last, state ?? null, limit];
      const ids = (await store.read(c, bucket).all<{ id: string }>(ofShop, p)).map((row) =>
        fromBigint<"order">(row.id),
      );
      const rows = await store.readEach<Id<"order">, OrderRow & { at: number }>(
        c,
        ids,
        bucketOf,
        many,
        (buckets, keys) => [buckets, keys.map(toBigint)],
      );
      return rows.map(orderOf).sort((a, b) => (a.id < b.id ? 1 : -1));
    },
    /** Moves an order on and tells of it; undefined when its state does not allow it (any more). */
    move: async (
      c: Context,
      id: Id<"order">,
      transition: Transition,
      nowMs: number,
      shipment?: Order["shipment"],
    ) => {
      const bucket = bucketOf(id);
      const { from, to } = transitions[transition];
      const row = await store
        .write(c, bucket)
        .one<OrderRow>(move, [
          bucket,
          toBigint(id),
          from,
          to,
          new Date(nowMs),
          JSON.stringify(became(to, nowMs)),
          shipment ? JSON.stringify(shipment) : null,
          toBigint(newId(bucket, nowMs)),
        ]);
      return row && orderOf(row);
    },
    /** Closes orders that are still pending, and tells of it; how many. */
    closeEach: async (c: Context, ids: readonly Id<"order">[], nowMs: number): Promise<number> => {
      const closed = await store.writeEach<Id<"order">, { at: number }>(
        c,
        ids,
        bucketOf,
        close,
        (buckets, all) => [
          new Date(nowMs),
          buckets,
          all.map(toBigint),
          all.map((id) => toBigint(newId(bucketOf(id), nowMs))),
          JSON.stringify(became("closed", nowMs)),
        ],
      );
      return closed.length;
    },
    /** Pays what is pending; the captures that found it closed, paid by another payment, or of another price. */
    payIn: async (transaction: Transaction, captures: readonly Capture[], nowMs: number) => {
      const rows = await transaction.all<{ id: string; payment: string; moved: boolean; surplus: boolean }>(
        paid,
        [
          captures.map((capture) => bucketOf(capture.order)),
          captures.map((capture) => toBigint(capture.order)),
          captures.map((capture) => toBigint(capture.payment)),
          captures.map((capture) => capture.payment),
          captures.map((capture) => capture.amount),
          captures.map((capture) => toBigint(newId(bucketOf(capture.order), nowMs))),
          new Date(nowMs),
          JSON.stringify(became("paid", nowMs)),
        ],
      );
      return {
        paid: rows.filter((row) => row.moved).length,
        surplus: rows
          .filter((row) => row.surplus)
          .map((row) => ({
            order: fromBigint<"order">(row.id),
            payment: fromBigint<"payment">(row.payment),
          })),
      };
    },
    /** Brings shops' views of their orders up to these events, in whatever order and however often they come. */
    followIn: async (transaction: Transaction, seen: readonly Seen[]) => {
      await transaction.all(follow, [
        seen.map((e) => e.bucket),
        seen.map((e) => toBigint(e.shop)),
        seen.map((e) => toBigint(e.order)),
        seen.map((e) => e.state),
        seen.map((e) => e.version),
      ]);
    },
    /** Pending orders whose time to pay is over, the longest overdue first. */
    unpaid: async (nowMs: number, limit: number): Promise<Id<"order">[]> => {
      const on = store.sweep(allBuckets);
      const rows = await on.all<{ id: string }>(unpaid, [0, 1023, new Date(nowMs), limit]);
      return rows.map((row) => fromBigint(row.id));
    },
    /** Checkouts that were begun before `beforeMs` and neither placed nor undone since. */
    unfinished: async (beforeMs: number, limit: number): Promise<StoredCheckout[]> => {
      const on = store.sweep(allBuckets);
      return (await on.all<CheckoutRow>(unfinished, [0, 1023, new Date(beforeMs), limit])).map(checkoutOf);
    },
  };
}
export type OrderStore = ReturnType<typeof orderStore>;
