import type { Context } from "#kernel/context";
import { type Bucket, bucketOf, type Id, newId, toBigint } from "#kernel/id";
import { type Money, money } from "#kernel/money";
import { type Store, sql, type Transaction } from "#platform/database/api";
import { accounts, type Posting } from "./ledger.ts";

const post = sql("post", "select post_all($1::jsonb, $2::timestamptz)");
const balances = sql(
  "balances",
  `select account, currency, amount, changed_at from balance where bucket = $1 and account = any($2::text[])`,
);

/**
 * Ids for rows written together. Chance may draw the same twice in a bucket and millisecond, so it draws
 * again.
 */
function drawing(nowMs: number): (bucket: Bucket) => string {
  const drawn = new Set<string>();
  return (bucket) => {
    let id = newId(bucket, nowMs);
    while (drawn.has(id)) id = newId(bucket, nowMs);
    drawn.add(id);
    return toBigint(id);
  };
}

/** The ledger's rows; an entry lies in the bucket of the order or the shop that caused it. */
export function settlementStore(store: Store) {
  return {
    /** Posts what was not posted yet. */
    post: async (on: Transaction, postings: readonly Posting[], nowMs: number): Promise<void> => {
      if (postings.length === 0) return;
      const draw = drawing(nowMs);
      const entries = postings.map((posting) => ({
        bucket: posting.bucket,
        id: draw(posting.bucket),
        kind: posting.kind,
        cause: toBigint(posting.cause),
        order_id: toBigint(posting.order),
        payment: posting.payment ? toBigint(posting.payment) : "0",
        currency: posting.currency,
        accounts: posting.legs.map(([account]) => account),
        amounts: posting.legs.map(([, amount]) => amount),
        at: new Date(posting.at),
      }));
      await on.all(post, [JSON.stringify(entries), new Date(nowMs)]);
    },
    /** What a shop has coming; undefined if it never had anything. */
    balance: async (
      c: Context,
      shop: Id<"shop">,
    ): Promise<{ escrow: Money; payable: Money; updatedAt: number } | undefined> => {
      const bucket = bucketOf(shop);
      const names = [accounts.shopEscrow(shop), accounts.payable(shop)];
      const rows = await store
        .read(c, bucket)
        .all<{ account: string; currency: string; amount: string; changed_at: Date }>(balances, [
          bucket,
          names,
        ]);
      const [first] = rows;
      if (!first) return undefined;
      const of = (name: string | undefined) =>
        money(Number(rows.find((row) => row.account === name)?.amount ?? 0), first.currency);
      return {
        escrow: of(names[0]),
        payable: of(names[1]),
        updatedAt: Math.max(...rows.map((row) => row.changed_at.getTime())),
      };
    },
  };
}
export type SettlementStore = ReturnType<typeof settlementStore>;
