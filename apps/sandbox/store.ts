import { randomToken } from "#kernel/id";
import { allBuckets, KeyTaken, type Store, sql } from "#platform/database/api";
import { type Bill, type Charge, told } from "./charge.ts";

// Charged or declined at once with the callbacks that tell of it, so that a kill between the two loses
// neither.
const decide = sql(
  "decide",
  `with made as (
     insert into charge (reference, id, amount, currency, state, refunded, changed_at)
     values ($1, $2, $3, $4, $5, 0, $6) on conflict do nothing returning reference
   ), paid_after_all as (
     update charge set id = $2, state = 'captured', changed_at = $6
     where reference = $1 and state = 'declined' and $5 = 'captured' and amount = $3 and currency = $4 returning reference
   ), decided as (
     select reference from made union all select reference from paid_after_all
   )
   insert into callback (id, body, made_at, due_at, tries)
   select c.id, $7, $6, c.due_at, 0
   from decided cross join unnest($8::text[], $9::timestamptz[]) as c (id, due_at)`,
);
const find = sql("find", "select id, reference, amount, currency, state from charge where reference = $1");
// The lease is the back-off: four seconds (a try takes three at most), doubled every time, ten minutes at
// most.
const claim = sql(
  "claim",
  `update callback set tries = tries + 1,
     due_at = $1::timestamptz + least(interval '4 seconds' * power(2, least(tries, 10)), interval '10 minutes')
   where id in (select id from callback where due_at <= $1 order by due_at limit $2 for update skip locked)
   returning id, body, tries, made_at`,
);
const nextDue = sql("next_due", "select min(due_at) as due_at from callback");
const drop = sql("drop", "delete from callback where id = $1");
// A key that is taken breaks the whole statement, so that what it would have given is not given.
const refund = sql(
  "refund",
  `with given as (
     update charge set refunded = refunded + $3
     where reference = $2 and state = 'captured' and currency = $4 and refunded + $3 <= amount
     returning reference
   )
   insert into refund (key, reference, amount, made_at) select $1, reference, $3, $5 from given returning key`,
);
const refunded = sql("refunded", "select 1 from refund where key = $1 and reference = $2 and amount = $3");

/** A callback in hand until its lease ends. */
export interface Callback {
  readonly id: string;
  readonly body: string;
  readonly tries: number;
  readonly madeAt: number;
}

/** The sandbox's rows. It is one company with one database, so nothing is split by bucket. */
export function sandboxStore(store: Store) {
  const on = store.sweep(allBuckets);
  return {
    /**
     * Records a buyer's choice and the callbacks due; what was captured before stays, and is told of no more.
     */
    decide: async (
      bill: Bill,
      state: Charge["state"],
      dueAtMs: readonly number[],
      nowMs: number,
    ): Promise<void> => {
      const id = `sbx_${randomToken()}`;
      await on.all(decide, [
        bill.reference,
        id,
        bill.amount,
        bill.currency,
        state,
        new Date(nowMs),
        told({ ...bill, id, state }),
        dueAtMs.map(() => randomToken()),
        dueAtMs.map((ms) => new Date(ms)),
      ]);
    },
    find: async (reference: string): Promise<Charge | undefined> => {
      const row = await on.one<Omit<Charge, "amount"> & { amount: string }>(find, [reference]);
      return row && { ...row, amount: Number(row.amount) };
    },
    /** Gives back once per key; false if it was never captured or less is left of it. */
    refund: async (
      key: string,
      asked: { reference: string; amount: number; currency: string },
      nowMs: number,
    ): Promise<boolean> => {
      const { reference, amount, currency } = asked;
      const given = await on
        .one(refund, [key, reference, amount, currency, new Date(nowMs)])
        .catch((error) => (error instanceof KeyTaken ? undefined : Promise.reject(error)));
      return given !== undefined || (await on.one(refunded, [key, reference, amount])) !== undefined;
    },
    claim: async (nowMs: number, limit: number): Promise<Callback[]> => {
      const rows = await on.all<Omit<Callback, "madeAt"> & { made_at: Date }>(claim, [
        new Date(nowMs),
        limit,
      ]);
      return rows.map(({ id, body, tries, made_at }) => ({ id, body, tries, madeAt: made_at.getTime() }));
    },
    /** When the next callback is due, in milliseconds since 1970. */
    nextDue: async (): Promise<number | undefined> =>
      (await on.one<{ due_at: Date | null }>(nextDue, []))?.due_at?.getTime(),
    drop: (id: string) => on.all(drop, [id]),
  };
}
export type SandboxStore = ReturnType<typeof sandboxStore>;
