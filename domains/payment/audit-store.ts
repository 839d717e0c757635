import type { Findings } from "#kernel/audit";
import { fromBigint, type Id, toBigint } from "#kernel/id";
import { allBuckets, type Parameter, type Statement, type Store, sql } from "#platform/database/api";
import type { PaymentState } from "./payment.ts";

interface FactRow {
  readonly id: string;
  readonly checkout: string;
  readonly state: PaymentState;
  readonly currency: string;
  readonly version: number;
  readonly changed_at: Date;
  readonly orders: readonly string[];
  readonly parts: readonly string[];
  readonly refunds: Readonly<Record<string, "due" | "done">>;
}
const page = sql(
  "page",
  `select p.id, p.checkout, p.state, p.currency, p.version, p.changed_at, p.orders, p.parts,
     (select coalesce(jsonb_object_agg(r.order_id::text, r.state), '{}') from refund r
       where r.bucket = p.bucket and r.payment = p.id) as refunds
   from payment p where p.bucket between $1 and $2 and p.id > $3 order by p.id limit $4`,
);

const counted = sql("counted", "select count(*)::int as checked from payment where bucket between $1 and $2");
/** Each looks for what may not be: the offender's id and a sentence about it. */
const checks = {
  "payment.parts_sum": sql(
    "audit_parts",
    `select id as offender, format('of %s %s, with parts of %s', amount, currency, total(parts)) as detail
     from payment where bucket between $1 and $2 and total(parts) <> amount limit 1000`,
  ),
  "payment.refund_is_its_part": sql(
    "audit_refunds",
    `select r.payment as offender, format('%s goes back to an order that it paid %s, the payment being %s',
       r.amount, coalesce(p.parts[array_position(p.orders, r.order_id)]::text, 'nothing'), coalesce(p.state, 'unknown')) as detail
     from refund r left join payment p on p.bucket = r.bucket and p.id = r.payment
     where r.bucket between $1 and $2 and (p.state is distinct from 'captured'
       or r.amount is distinct from p.parts[array_position(p.orders, r.order_id)]) limit 1000`,
  ),
  "payment.refunds_within_capture": sql(
    "audit_refunded",
    `select p.id as offender, format('%s of %s refunded', sum(r.amount), p.amount) as detail
     from payment p join refund r on r.bucket = p.bucket and r.payment = p.id
     where p.bucket between $1 and $2 group by p.bucket, p.id having sum(r.amount) > p.amount limit 1000`,
  ),
  "payment.told_every_change": sql(
    "audit_version",
    `select p.id as offender, format('%s and %s refunds at version %s', p.state, count(r.payment), p.version) as detail
     from payment p left join refund r on r.bucket = p.bucket and r.payment = p.id and r.state = 'done'
     where p.bucket between $1 and $2 group by p.bucket, p.id
     having p.version - 1 - count(r.payment) not between (p.state <> 'pending')::int
       and case p.state when 'captured' then 2 when 'failed' then 1 else 0 end limit 1000`,
  ),
};
/** Steps that should have been done by $3. */
const overdue = {
  "payment.refund_overdue": sql(
    "audit_overdue_refunds",
    `select payment as offender, format('due since %s, tried %s times', asked_at, tries) as detail
     from refund where bucket between $1 and $2 and state = 'due' and asked_at < $3 limit 1000`,
  ),
  "payment.pending_overdue": sql(
    "audit_overdue_pending",
    `select id as offender, format('pending since %s', created_at) as detail
     from payment where bucket between $1 and $2 and state = 'pending' and created_at < $3 limit 1000`,
  ),
};

/** What only the audit asks: payments by page, and what breaks the rules. */
export function paymentAuditStore(store: Store) {
  const everywhere = store.sweep(allBuckets);
  return {
    page: async (after: Id<"payment"> | undefined, limit: number) => {
      const rows = await everywhere.all<FactRow>(page, [0, 1023, after ? toBigint(after) : "0", limit]);
      return rows.map((row) => ({
        id: fromBigint<"payment">(row.id),
        checkout: fromBigint<"checkout">(row.checkout),
        state: row.state,
        currency: row.currency,
        version: row.version,
        changedAt: row.changed_at.getTime(),
        allocations: row.orders.map((order, i) => ({
          order: fromBigint<"order">(order),
          amount: Number(row.parts[i]),
          refund: row.refunds[order] ?? ("none" as const),
        })),
      }));
    },
    /**
     * What breaks payment's rules, all of it in one snapshot; `by` says when steps begun should have ended.
     */
    audit: (by: Readonly<Record<keyof typeof overdue, number>>): Promise<Findings> =>
      everywhere.snapshot(async (snapshot) => {
        const broken: Findings["broken"] = [];
        const look = async (rule: string, statement: Statement, parameters: readonly Parameter[]) => {
          const rows = await snapshot.all<{ offender: string; detail: string }>(statement, parameters);
          broken.push(
            ...rows.map((row) => ({ rule, offender: fromBigint(row.offender), detail: row.detail })),
          );
        };
        for (const [rule, statement] of Object.entries(checks)) await look(rule, statement, [0, 1023]);
        for (const [rule, statement] of Object.entries(overdue)) {
          await look(rule, statement, [0, 1023, new Date(by[rule as keyof typeof overdue])]);
        }
        const row = await snapshot.one<{ checked: number }>(counted, [0, 1023]);
        return { checked: row?.checked ?? 0, broken: broken.slice(0, 1_000) };
      }),
  };
}
export type PaymentAuditStore = ReturnType<typeof paymentAuditStore>;
