import type { Context } from "#kernel/context";
import { bucketOf, bucketOfText, type Id, toBigint } from "#kernel/id";
import { type Store, sql } from "#platform/database/api";

const secretOf = sql("secret", "select email, password_hash from account where bucket = $1 and id = $2");
// Only over the hash that was checked: of two who change it at once one is refused.
const replace = sql(
  "replace_password",
  `with changed as (
     update account set password_hash = $3 where bucket = $1 and id = $2 and password_hash = $4 returning id
   ), ended as (
     delete from session where bucket = $1 and account = $2 and id <> $5 and exists (select 1 from changed)
   )
   select id from changed`,
);
const reset = sql(
  "reset_password",
  `with changed as (
     update account set password_hash = $3 where bucket = $1 and id = $2 returning id
   ), ended as (
     delete from session where bucket = $1 and account = $2 and exists (select 1 from changed)
   )
   select id from changed`,
);
const pardon = sql("pardon", "delete from attempt where bucket = $1 and email = $2");

/** How passwords are changed, with the sessions that end with them: a bucket holds about as many as it has accounts. */
export const passwordStore = (store: Store) => ({
  /** The address and the hash of an account. */
  secretOf: async (c: Context, id: Id<"account">) => {
    type Row = { email: string; password_hash: string };
    const row = await store.write(c, bucketOf(id)).one<Row>(secretOf, [bucketOf(id), toBigint(id)]);
    return row && { email: row.email, passwordHash: row.password_hash };
  },
  /** Whether the hash was still `from` and is `to` now, and all sessions but `kept` have ended. */
  replacePassword: async (
    c: Context,
    id: Id<"account">,
    { from, to, kept }: { from: string; to: string; kept: Id<"session"> },
  ): Promise<boolean> => {
    const parameters = [bucketOf(id), toBigint(id), to, from, toBigint(kept)];
    return (await store.write(c, bucketOf(id)).one(replace, parameters)) !== undefined;
  },
  /** Whether there is such an account; then its hash is another and no session of it is left. */
  resetPassword: async (c: Context, id: Id<"account">, passwordHash: string): Promise<boolean> => {
    const parameters = [bucketOf(id), toBigint(id), passwordHash];
    return (await store.write(c, bucketOf(id)).one(reset, parameters)) !== undefined;
  },
  /** Forgets wrong guesses at an address, and opens its lock. */
  pardon: async (c: Context, email: string): Promise<void> => {
    const bucket = bucketOfText(email);
    await store.write(c, bucket).all(pardon, [bucket, email]);
  },
});
export type PasswordStore = ReturnType<typeof passwordStore>;
