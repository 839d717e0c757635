import type { Context } from "#kernel/context";
import { type Bucket, bucketOf, fromBigint, type Id, newId, toBigint } from "#kernel/id";
import { type Money, money } from "#kernel/money";
import { allBuckets, KeyTaken, type Store, sql } from "#platform/database/api";
import type { Allocation, Attempted, PaymentState } from "./payment.ts";

interface PaymentRow {
  readonly id: string;
  readonly checkout: string;
  readonly account: string;
  readonly provider: string;
  readonly currency: string;
  readonly amount: string;
  readonly state: PaymentState;
  readonly return_url: string;
  readonly created_at: Date;
  readonly refunded: string;
}

const columns = "id, checkout, account, provider, currency, amount, state, return_url, created_at";

const begin = sql(
  "begin",
  `with new as (
     select * from unnest($1::int[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[],
       $8::bigint[], $9::text[], $10::text[], $11::jsonb[], $12::text[], $13::timestamptz[], $14::timestamptz[],
       $15::bigint[]) with ordinality
       as n (bucket, id, checkout, account, provider, asked, currency, amount, orders, parts, body, return_url, at,
       ask_at, event, place)
   ), made as (
     insert into payment (bucket, id, checkout, account, provider, asked, currency, amount, orders, parts, state,
       version, body, return_url, created_at, changed_at, ask_at)
     select bucket, id, checkout, account, provider, asked, currency, amount, orders::bigint[], parts::bigint[],
       'pending', 1, body, return_url, at, at, ask_at
     from new order by bucket, checkout, asked
     on conflict do nothing returning bucket, id
   ), begun as (
     select new.* from new join made using (bucket, id)
   ), told as (
     insert into outbox (bucket, id, type, aggregate, version, at, body)
     select bucket, event, 'payment.started', id, 1, at, body from begun
   )
   select place::int as at from begun`,
);
const pending = sql(
  "pending",
  `select ${columns}, 0 as refunded from payment
   where bucket = $1 and checkout = $2 and asked = $3 and state = 'pending'`,
);
const one = sql(
  "one",
  `select ${columns}, (select coalesce(sum(r.amount), 0) from refund r
     where r.bucket = p.bucket and r.payment = p.id and r.state = 'done') as refunded
   from payment p where p.bucket = $1 and p.id = $2`,
);
// One statement decides, tells, and says what there was: of two that come at once, the second finds the state
// changed. Where both are in one statement, the second is left for the next.
const settle = sql(
  "settle",
  `with asked as materialized (
     select *, place = min(place) over (partition by bucket, id) as first
     from unnest($2::int[], $3::bigint[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[],
       $10::bigint[]) with ordinality
       as a (bucket, id, provider, amount, currency, becomes, reference, allowed, event, place)
   ), changed as (
     update payment p set state = a.becomes, version = version + 1, changed_at = $1,
       provider_reference = coalesce(a.reference, provider_reference)
     from (select * from asked where first order by bucket, id) as a
     where p.bucket = a.bucket and p.id = a.id and p.provider = a.provider and p.amount = a.amount
       and p.currency = a.currency and p.state = any(a.allowed::text[])
     returning p.bucket, p.id, p.version, p.body, a.becomes, a.event, a.place
   ), told as (
     insert into outbox (bucket, id, type, aggregate, version, at, body)
     select bucket, event, 'payment.' || becomes, id, version, $1, body from changed
   )
   select a.place::int as at, p.amount, p.currency, changed.place is not null as changed, a.first
   from asked a join payment p on p.bucket = a.bucket and p.id = a.id and p.provider = a.provider
   left join changed on changed.place = a.place`,
);
const askRefund = sql(
  "ask_refund",
  `with part as (
     select bucket, id, parts[array_position(orders, $3::bigint)] as amount from payment
     where bucket = $1 and id = $2 and state = 'captured' and $3 = any(orders)
   ), asked as (
     insert into refund (bucket, payment, order_id, amount, reason, state, tries, try_at, asked_at)
     select bucket, id, $3, amount, $4, 'due', 0, $5, $5 from part on conflict do nothing
   )
   select 1 from part`,
);
// A claim is a lease: whoever dies with it in hand leaves a refund that is due again later.
const claimRefunds = sql(
  "claim_refunds",
  `with due as (
     select bucket, payment, order_id from refund
     where bucket between $1 and $2 and state = 'due' and try_at <= $3
     order by try_at limit $4 for update skip locked
   ), claimed as (
     update refund r set tries = r.tries + 1,
       try_at = $3::timestamptz + least(interval '5 seconds' * power(2, least(r.tries, 10)), interval '10 minutes')
     from due where r.bucket = due.bucket and r.payment = due.payment and r.order_id = due.order_id
     returning r.bucket, r.payment, r.order_id, r.amount, r.tries
   )
   select c.payment, c.order_id, c.amount, c.tries, p.provider, p.currency
   from claimed c join payment p on p.bucket = c.bucket and p.id = c.payment`,
);
const finishRefund = sql(
  "finish_refund",
  `with done as (
     update refund set state = 'done', done_at = $4
     where bucket = $1 and payment = $2 and order_id = $3 and state = 'due' returning bucket, payment
   ), changed as (
     update payment p set version = p.version + 1, changed_at = $4
     from done where p.bucket = $1 and p.bucket = done.bucket and p.id = done.payment
     returning p.bucket, p.id, p.version, p.body
   )
   insert into outbox (bucket, id, type, aggregate, version, at, body)
   select bucket, $5, 'payment.refunded', id, version, $4, body || $6::jsonb from changed`,
);
// Asked again when the attempt is twice as old, so that one left alone costs ten questions in its day.
const claimPending = sql(
  "claim_pending",
  `with due as (
     select bucket, id from payment
     where bucket between $1 and $2 and state = 'pending' and ask_at <= $3
     order by ask_at limit $4 for update skip locked
   )
   update payment p set ask_at = $3::timestamptz + greatest($3::timestamptz - p.created_at, interval '30 seconds')
   from due where p.bucket = due.bucket and p.id = due.id
   returning p.id, p.provider, p.currency, p.amount, p.created_at`,
);
const attemptedOf = (row: PaymentRow): Attempted => ({
  id: fromBigint(row.id),
  checkout: fromBigint(row.checkout),
  account: fromBigint(row.account),
  provider: row.provider,
  amount: money(Number(row.amount), row.currency),
  state: row.state,
  refunded: Number(row.refunded),
  returnUrl: row.return_url,
  createdAt: row.created_at.getTime(),
});

/** Which of those who asked at once an answer is for. */
interface Answer {
  readonly at: number;
}

/** A drawn id may be taken: twice in a row by chance once in 16 million. */
async function redrawn<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof KeyTaken) return write();
    throw error;
  }
}

/** A refund that is this process's to carry out until its lease ends. */
export interface DueRefund {
  readonly payment: Id<"payment">;
  readonly order: Id<"order">;
  readonly provider: string;
  readonly amount: Money;
  readonly tries: number;
}

/** A pending attempt that it is time to ask its provider about. */
export interface Unanswered {
  readonly payment: Id<"payment">;
  readonly provider: string;
  readonly amount: Money;
  readonly createdAt: number;
}

/** An attempt to begin. */
export interface NewAttempt extends Attempted {
  /** What stands for what is asked of whom. */
  readonly asked: string;
  readonly allocations: readonly Allocation[];
  /** When to ask its provider, if nothing was heard until then; milliseconds since 1970. */
  readonly askAtMs: number;
}

/** What a provider says a payment has become. */
export interface Settled {
  readonly id: Id<"payment">;
  readonly provider: string;
  readonly amount: Money;
  readonly to: PaymentState;
  readonly from: readonly PaymentState[];
  readonly providerReference: string | null;
}

/** A list within a list, which a server takes as text. */
const arrayText = (items: readonly (string | number)[]): string => `{${items.join(",")}}`;

const beginParameters = (buckets: readonly Bucket[], all: readonly NewAttempt[]) => [
  buckets,
  all.map(({ id }) => toBigint(id)),
  all.map(({ checkout }) => toBigint(checkout)),
  all.map(({ account }) => toBigint(account)),
  all.map(({ provider }) => provider),
  all.map(({ asked }) => asked),
  all.map(({ amount }) => amount.currency),
  all.map(({ amount }) => amount.amount),
  all.map(({ allocations }) => arrayText(allocations.map(({ order }) => toBigint(order)))),
  all.map(({ allocations }) => arrayText(allocations.map(({ amount }) => amount.amount))),
  all.map(({ id, checkout, provider, amount, allocations }) =>
    JSON.stringify({ payment: id, checkout, provider, amount, allocations }),
  ),
  all.map(({ returnUrl }) => returnUrl),
  all.map(({ createdAt }) => new Date(createdAt)),
  all.map(({ askAtMs }) => new Date(askAtMs)),
  all.map(({ id, createdAt }) => toBigint(newId(bucketOf(id), createdAt))),
];

const settleParameters = (buckets: readonly Bucket[], all: readonly Settled[], nowMs: number) => [
  new Date(nowMs),
  buckets,
  all.map(({ id }) => toBigint(id)),
  all.map(({ provider }) => provider),
  all.map(({ amount }) => amount.amount),
  all.map(({ amount }) => amount.currency),
  all.map(({ to }) => to),
  all.map(({ providerReference }) => providerReference),
  all.map(({ from }) => arrayText(from)),
  all.map(({ id }) => toBigint(newId(bucketOf(id), nowMs))),
];

/** Payment's rows; split by buyer, like the checkout and the orders they pay for. */
export function paymentStore(store: Store) {
  const everywhere = store.sweep(allBuckets);
  return {
    /**
     * Adds a pending attempt and tells of it, together with those of others who come at the same moment; undefined if
     * the same one is pending already, or the id is taken.
     */
    begin: async (c: Context, attempt: NewAttempt): Promise<Attempted | undefined> => {
      const made = await store.writeEach<NewAttempt, Answer>(
        c,
        [attempt],
        (each) => bucketOf(each.id),
        begin,
        beginParameters,
      );
      return made.length > 0 ? attempt : undefined;
    },
    pending: async (c: Context, checkout: Id<"checkout">, asked: string): Promise<Attempted | undefined> => {
      const bucket = bucketOf(checkout);
      const row = await store.write(c, bucket).one<PaymentRow>(pending, [bucket, toBigint(checkout), asked]);
      return row && attemptedOf(row);
    },
    get: async (c: Context, id: Id<"payment">): Promise<Attempted | undefined> => {
      const row = await store.read(c, bucketOf(id)).one<PaymentRow>(one, [bucketOf(id), toBigint(id)]);
      return row && attemptedOf(row);
    },
    /** As `get`, where it is owned: whoever asks has seen from then on what anybody wrote before, a callback too. */
    newest: async (c: Context, id: Id<"payment">): Promise<Attempted | undefined> => {
      const row = await store.write(c, bucketOf(id)).one<PaymentRow>(one, [bucketOf(id), toBigint(id)]);
      return row && attemptedOf(row);
    },
    /**
     * Makes a payment what its provider says, and tells, if it may become that and the amount is right; else
     * it changes nothing. Answers with the amount it is of, or undefined if the provider has no such payment.
     */
    settle: async (
      c: Context,
      settled: Settled,
      nowMs: number,
    ): Promise<{ amount: Money; changed: boolean } | undefined> => {
      type Row = Answer & { amount: string; currency: string; changed: boolean; first: boolean };
      for (;;) {
        const [row] = await redrawn(() =>
          store.writeEach<Settled, Row>(
            c,
            [settled],
            ({ id }) => bucketOf(id),
            settle,
            (buckets, all) => settleParameters(buckets, all, nowMs),
          ),
        );
        if (!row) return undefined;
        if (row.first) return { amount: money(Number(row.amount), row.currency), changed: row.changed };
      }
    },
    /**
     * Makes the part of a captured payment that paid an order due to go back; false if there is no such part.
     */
    askRefund: async (
      c: Context,
      payment: Id<"payment">,
      order: Id<"order">,
      reason: string,
      nowMs: number,
    ): Promise<boolean> => {
      const bucket = bucketOf(payment);
      const row = await store
        .write(c, bucket)
        .one(askRefund, [bucket, toBigint(payment), toBigint(order), reason, new Date(nowMs)]);
      return row !== undefined;
    },
    /**
     * Refunds whose time has come, each put off by a lease that doubles with every try, 10 minutes at most.
     */
    claimRefunds: async (nowMs: number, limit: number): Promise<DueRefund[]> => {
      const rows = await everywhere.all<{
        payment: string;
        order_id: string;
        amount: string;
        tries: number;
        provider: string;
        currency: string;
      }>(claimRefunds, [0, 1023, new Date(nowMs), limit]);
      return rows.map((row) => ({
        payment: fromBigint(row.payment),
        order: fromBigint(row.order_id),
        provider: row.provider,
        amount: money(Number(row.amount), row.currency),
        tries: row.tries,
      }));
    },
    /** Records that a refund was carried out and tells of it, once. */
    finishRefund: async (c: Context, refund: DueRefund, nowMs: number): Promise<void> => {
      const bucket = bucketOf(refund.payment);
      await redrawn(() =>
        store
          .write(c, bucket)
          .all(finishRefund, [
            bucket,
            toBigint(refund.payment),
            toBigint(refund.order),
            new Date(nowMs),
            toBigint(newId(bucket, nowMs)),
            JSON.stringify({ order: refund.order, refunded: refund.amount }),
          ]),
      );
    },
    /** Pending attempts that it is time to ask about, each put off until it is twice as old. */
    claimPending: async (nowMs: number, limit: number): Promise<Unanswered[]> => {
      const rows = await everywhere.all<PaymentRow>(claimPending, [0, 1023, new Date(nowMs), limit]);
      return rows.map((row) => ({
        payment: fromBigint(row.id),
        provider: row.provider,
        amount: money(Number(row.amount), row.currency),
        createdAt: row.created_at.getTime(),
      }));
    },
  };
}
export type PaymentStore = ReturnType<typeof paymentStore>;
