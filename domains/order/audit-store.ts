import type { Context } from "#kernel/context";
import { bucketOf, fromBigint, type Id, toBigint } from "#kernel/id";
import { allBuckets, type Store, sql } from "#platform/database/api";
import type { OrderEvent, OrderState } from "./schema.ts";

const page = sql(
  "audit_page",
  `select id, checkout, shop, state, version, total, fee, currency, payment, changed_at, told from orders
   where bucket between $1 and $2 and (bucket, id) > ($3, $4) order by bucket, id limit $5`,
);
const checkouts = sql(
  "audit_checkouts",
  `select place::int as at, id, state, changed_at from checkout
   join unnest($1::int[], $2::bigint[]) with ordinality as asked (b, i, place) on bucket = b and id = i`,
);
const count = sql("audit_count", "select count(*)::int as n from orders where bucket between $1 and $2");
const amounts = sql(
  "audit_amounts",
  `select id, total from orders where bucket between $1 and $2 and (
     total <> (doc -> 'total' ->> 'amount')::bigint
     or total <> (doc -> 'items' ->> 'amount')::bigint + (doc -> 'shipping' ->> 'amount')::bigint
       - (doc -> 'discount' ->> 'amount')::bigint + (doc -> 'tax' ->> 'amount')::bigint
     or (doc -> 'items' ->> 'amount')::bigint <> (
       select sum((line -> 'price' ->> 'amount')::bigint * (line ->> 'quantity')::int)
       from jsonb_array_elements(doc -> 'lines') as line)
   ) limit 1000`,
);
const states = sql(
  "audit_states",
  `select id, state, version from orders where bucket between $1 and $2 and (
     history -> -1 ->> 'state' <> state or jsonb_array_length(history) <> version
     or (payment is null) <> (state in ('pending', 'closed'))
   ) limit 1000`,
);
const empty = sql(
  "audit_empty",
  `select c.id, jsonb_array_length(c.plan) as planned, count(o.id)::int as made from checkout c
   left join orders o on o.bucket = c.bucket and o.checkout = c.id
   where c.bucket between $1 and $2 group by c.bucket, c.id
   having count(o.id) <> case when c.state = 'placed' then jsonb_array_length(c.plan) else 0 end limit 1000`,
);
const late = sql(
  "audit_late",
  `select id, 'checkout' as kind, state, changed_at as since from checkout
   where bucket between $1 and $2 and state in ('placing', 'undoing') and changed_at < $3
   union all
   select id, 'order', state, pay_by from orders
   where bucket between $1 and $2 and state = 'pending' and pay_by < $3 limit 1000`,
);

interface FactRow {
  readonly id: string;
  readonly checkout: string;
  readonly shop: string;
  readonly state: OrderState;
  readonly version: number;
  readonly total: string;
  readonly fee: string;
  readonly currency: string;
  readonly payment: string | null;
  readonly changed_at: Date;
  readonly told: OrderEvent;
}

/** What the audit reads of order's rows: over all buckets, and nothing that a shop needs to work. */
export function auditStore(store: Store) {
  const all = () => store.sweep(allBuckets);
  return {
    page: async (after: Id<"order"> | undefined, limit: number) => {
      const mark = after ? [bucketOf(after), toBigint(after)] : [0, "0"];
      const rows = await all().all<FactRow>(page, [0, 1023, ...mark, limit]);
      return rows.map((row) => ({
        id: fromBigint<"order">(row.id),
        checkout: fromBigint<"checkout">(row.checkout),
        shop: fromBigint<"shop">(row.shop),
        state: row.state,
        version: row.version,
        total: Number(row.total),
        fee: Number(row.fee),
        currency: row.currency,
        payment: row.payment === null ? null : fromBigint<"payment">(row.payment),
        changedAt: row.changed_at.getTime(),
        lines: row.told.lines,
      }));
    },
    checkouts: async (c: Context, ids: readonly Id<"checkout">[]) => {
      const rows = await store.readEach<
        Id<"checkout">,
        { at: number; id: string; state: "placing" | "placed" | "undoing" | "undone"; changed_at: Date }
      >(c, ids, bucketOf, checkouts, (buckets, keys) => [buckets, keys.map(toBigint)]);
      return rows.map((row) => ({
        id: fromBigint<"checkout">(row.id),
        state: row.state === "undoing" ? ("placing" as const) : row.state,
        changedAt: row.changed_at.getTime(),
      }));
    },
    /**
     * Every order and checkout that contradicts itself, or waits for longer than `lateBeforeMs` allows. One
     * snapshot.
     */
    findings: (lateBeforeMs: number) =>
      all().snapshot(async (t) => ({
        checked: (await t.one<{ n: number }>(count, [0, 1023]))?.n ?? 0,
        amounts: (await t.all<{ id: string; total: string }>(amounts, [0, 1023])).map((row) => ({
          id: fromBigint<"order">(row.id),
          total: row.total,
        })),
        states: (await t.all<{ id: string; state: string; version: number }>(states, [0, 1023])).map(
          (row) => ({
            ...row,
            id: fromBigint<"order">(row.id),
          }),
        ),
        empty: (await t.all<{ id: string; planned: number; made: number }>(empty, [0, 1023])).map((row) => ({
          ...row,
          id: fromBigint<"checkout">(row.id),
        })),
        late: (
          await t.all<{ id: string; kind: string; state: string; since: Date }>(late, [
            0,
            1023,
            new Date(lateBeforeMs),
          ])
        ).map((row) => ({ ...row, id: fromBigint<string>(row.id), sinceMs: row.since.getTime() })),
      })),
  };
}
export type OrderAuditStore = ReturnType<typeof auditStore>;
