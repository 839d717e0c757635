import type { Findings } from "#kernel/audit";
import { fromBigint, type Id, toBigint } from "#kernel/id";
import { allBuckets, type Store, sql } from "#platform/database/api";

const page = sql(
  "page",
  `select id, kind, cause, order_id, payment, currency, accounts, amounts, at from entry
   where bucket between $1 and $2 and id > $3 order by id limit $4`,
);
const counted = sql("counted", "select count(*)::int as checked from entry where bucket between $1 and $2");
/** Each looks for what may never be: the offender (an id, or an account) and a sentence about it. */
const checks = {
  "settlement.entry_sums_to_zero": sql(
    "audit_sums",
    `select id::text as offender, format('its legs sum to %s %s', total(amounts), currency) as detail
     from entry where bucket between $1 and $2 and total(amounts) <> 0 limit 1000`,
  ),
  "settlement.balance_is_its_entries": sql(
    "audit_balances",
    `with summed as (
       select e.bucket, l.account, e.currency, sum(l.amount) as amount
       from entry e cross join lateral unnest(e.accounts, e.amounts) as l (account, amount)
       where e.bucket between $1 and $2 group by e.bucket, l.account, e.currency
     ), kept as (
       select bucket, account, currency, amount from balance where bucket between $1 and $2
     )
     select format('%s in bucket %s', coalesce(k.account, s.account), coalesce(k.bucket, s.bucket)) as offender,
       format('holds %s %s, its entries sum to %s', coalesce(k.amount, 0), coalesce(k.currency, s.currency),
         coalesce(s.amount, 0)) as detail
     from summed s full join kept k on k.bucket = s.bucket and k.account = s.account and k.currency = s.currency
     where coalesce(k.amount, 0) <> coalesce(s.amount, 0) limit 1000`,
  ),
  "settlement.never_negative": sql(
    "audit_negative",
    `select account as offender, format('%s %s in bucket %s', amount, currency, bucket) as detail
     from balance where bucket between $1 and $2 and amount < 0
       and (account = 'fee' or account like 'payable:%' or account like 'shop-escrow:%') limit 1000`,
  ),
};
/** Steps of which the other half should be there by $3. */
const overdue = {
  "settlement.nothing_back_beyond_capture": sql(
    "audit_refunds",
    `select r.order_id::text as offender, format('%s %s went back of payment %s, %s was captured',
       r.amounts[2], r.currency, r.payment, coalesce(c.amounts[2], 0)) as detail
     from entry r left join entry c on c.bucket = r.bucket and c.kind = 'captured' and c.order_id = r.order_id
       and c.payment = r.payment and c.currency = r.currency
     where r.bucket between $1 and $2 and r.kind = 'refunded' and r.at < $3
       and coalesce(c.amounts[2], 0) < r.amounts[2] limit 1000`,
  ),
  "settlement.escrow_never_negative": sql(
    "audit_escrow",
    `select account as offender, format('%s %s since %s', amount, currency, changed_at) as detail
     from balance where bucket between $1 and $2 and amount < 0 and account like 'escrow:%' and changed_at < $3
     limit 1000`,
  ),
  "settlement.arrives": sql(
    "audit_transit",
    `select r.order_id::text as offender,
       format('%s %s left for its shop at %s', r.amounts[3], r.currency, r.at) as detail
     from entry r left join entry p on p.bucket between $1 and $2 and p.kind = 'payable' and p.order_id = r.order_id
     where r.bucket between $1 and $2 and r.kind = 'received' and r.at < $3
       and p.amounts[2] is distinct from r.amounts[3] limit 1000`,
  ),
};

interface EntryRow {
  readonly id: string;
  readonly kind: string;
  readonly cause: string;
  readonly order_id: string;
  readonly payment: string;
  readonly currency: string;
  readonly accounts: readonly string[];
  readonly amounts: readonly string[];
  readonly at: Date;
}

/** What only the audit asks: entries by page, and what breaks the ledger's rules. */
export function settlementAuditStore(store: Store) {
  const everywhere = store.sweep(allBuckets);
  return {
    page: async (after: Id<"entry"> | undefined, limit: number) => {
      const rows = await everywhere.all<EntryRow>(page, [0, 1023, after ? toBigint(after) : "0", limit]);
      return rows.map((row) => ({
        id: fromBigint<"entry">(row.id),
        kind: row.kind,
        cause: fromBigint<string>(row.cause),
        order: fromBigint<"order">(row.order_id),
        payment: row.payment === "0" ? null : fromBigint<"payment">(row.payment),
        at: row.at.getTime(),
        legs: row.accounts.map((account, i) => ({
          account,
          amount: Number(row.amounts[i]),
          currency: row.currency,
        })),
      }));
    },
    /**
     * What breaks the ledger's rules, all of it in one snapshot; what was begun after `before` may be under
     * way.
     */
    audit: (before: number): Promise<Findings> =>
      everywhere.snapshot(async (snapshot) => {
        const broken: Findings["broken"] = [];
        const all = [
          ...Object.entries(checks).map(([rule, statement]) => ({ rule, statement, given: [0, 1023] })),
          ...Object.entries(overdue).map(([rule, statement]) => ({
            rule,
            statement,
            given: [0, 1023, new Date(before)],
          })),
        ];
        for (const { rule, statement, given } of all) {
          const rows = await snapshot.all<{ offender: string; detail: string }>(statement, given);
          broken.push(...rows.map(({ offender, detail }) => ({ rule, offender: named(offender), detail })));
        }
        const row = await snapshot.one<{ checked: number }>(counted, [0, 1023]);
        return { checked: row?.checked ?? 0, broken: broken.slice(0, 1_000) };
      }),
  };
}
export type SettlementAuditStore = ReturnType<typeof settlementAuditStore>;

/** Offenders that are ids come from the database as numbers. */
const named = (offender: string) => (/^\d+$/.test(offender) ? fromBigint<string>(offender) : offender);
