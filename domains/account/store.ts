import type { Context } from "#kernel/context";
import { bucketOf, bucketOfText, fromBigint, type Id, toBigint } from "#kernel/id";
import { allBuckets, type Parameter, type Statement, type Store, sql } from "#platform/database/api";
import { knownMs, lockOut, renewMs } from "./account.ts";
import type { Account, Address } from "./api.ts";
import { clientOf, type LookRow, lockOf } from "./lock.ts";
import { type AccountRow, type AddressRow, accountOf, addressOf, type Fields } from "./row.ts";
import type { Token } from "./token.ts";

/** Account's rows. Everything is asked of the server that owns it: who somebody is must never be stale. */
export const accountStore = (store: Store) => ({
  ...directory(store),
  ...accounts(store),
  ...attempts(store),
  ...sessions(store),
  ...addresses(store),
  ...sweeps(store),
});
export type AccountStore = ReturnType<typeof accountStore>;

interface Owner {
  readonly account: Id<"account">;
  readonly finished: boolean;
}

const claim = sql(
  "claim",
  `with claimed as (
     insert into directory (bucket, email, account, claimed_at, finished) values ($1, $2, $3, $4, false)
     on conflict do nothing returning account, claimed_at
   )
   select account, claimed_at, false as finished, true as claimed from claimed
   union all select account, claimed_at, finished, false from directory where bucket = $1 and email = $2`,
);
const takeOver = sql(
  "take_over",
  `update directory set account = $3, claimed_at = $4
   where bucket = $1 and email = $2 and account = $5 and not finished returning account`,
);
const finish = sql(
  "finish",
  `update directory set finished = true where bucket = $1 and email = $2 and account = $3 returning account`,
);
const disclaim = sql(
  "disclaim",
  "delete from directory where bucket = $1 and email = $2 and account = $3 and not finished",
);
const ownerOf = sql("owner", "select account, finished from directory where bucket = $1 and email = $2");

/** Asks for the one row of an e-mail address, in the bucket of the address. */
const byEmail =
  (store: Store) =>
  <Row>(c: Context, statement: Statement, email: string, ...rest: Parameter[]) => {
    const bucket = bucketOfText(email);
    return store.write(c, bucket).one<Row>(statement, [bucket, email, ...rest]);
  };

/** Whose an e-mail address is, in the bucket of the address. */
function directory(store: Store) {
  const one = byEmail(store);
  return {
    /** Claims an address; or the claim that is there, unless it was made this very moment. */
    claim: async (c: Context, email: string, account: Id<"account">, nowMs: number) => {
      type Row = { account: string; claimed_at: Date; finished: boolean; claimed: boolean };
      const row = await one<Row>(c, claim, email, toBigint(account), new Date(nowMs));
      if (!row) return undefined;
      if (row.claimed) return "claimed";
      return {
        account: fromBigint<"account">(row.account),
        claimedAt: row.claimed_at.getTime(),
        finished: row.finished,
      };
    },
    takeOver: async (
      c: Context,
      email: string,
      { from, to }: { from: Id<"account">; to: Id<"account"> },
      nowMs: number,
    ): Promise<boolean> =>
      (await one(c, takeOver, email, toBigint(to), new Date(nowMs), toBigint(from))) !== undefined,
    /** Whether the account has the address, from now on for good. */
    finish: async (c: Context, email: string, account: Id<"account">): Promise<boolean> =>
      (await one(c, finish, email, toBigint(account))) !== undefined,
    disclaim: (c: Context, email: string, account: Id<"account">) =>
      one(c, disclaim, email, toBigint(account)),
    ownerOf: async (c: Context, email: string): Promise<Owner | undefined> => {
      const row = await one<{ account: string; finished: boolean }>(c, ownerOf, email);
      return row && { account: fromBigint(row.account), finished: row.finished };
    },
  };
}

const columns = "id, email, name, operator, shops, created_at";

const add = sql(
  "add",
  `insert into account (bucket, id, email, name, password_hash, operator, shops, created_at)
   values ($1, $2, $3, $4, $5, $6, '{}', $7) on conflict do nothing returning id`,
);
const drop = sql("drop", "delete from account where bucket = $1 and id = $2");
const get = sql("get", `select ${columns} from account where bucket = $1 and id = $2`);
const credentials = sql(
  "credentials",
  `select ${columns}, password_hash from account where bucket = $1 and id = $2 and email = $3`,
);
const rename = sql(
  "rename",
  `update account set name = $3 where bucket = $1 and id = $2 returning ${columns}`,
);
const raise = sql(
  "raise",
  `update account set operator = true where bucket = $1 and id = $2 returning ${columns}`,
);
// Over the hash that was checked, if any: of two who change it at once one is refused. Sessions of an account are found
// among those of its bucket, of which there are about as many as it has accounts.
const setPassword = sql(
  "set_password",
  `with changed as (
     update account set password_hash = $3
     where bucket = $1 and id = $2 and ($4::text is null or password_hash = $4) returning id
   ), ended as (
     delete from session where bucket = $1 and account = $2 and id is distinct from $5::bigint
       and exists (select 1 from changed)
   )
   select id from changed`,
);
const grant = sql(
  "grant",
  `update account set shops = case when $3::bigint = any(shops) then shops else shops || $3::bigint end
   where bucket = $1 and id = $2 returning id`,
);

function accounts(store: Store) {
  const one = <Row>(c: Context, statement: Statement, id: Id<"account">, ...rest: (string | null)[]) => {
    const bucket = bucketOf(id);
    return store.write(c, bucket).one<Row>(statement, [bucket, toBigint(id), ...rest]);
  };
  const account = async (c: Context, statement: Statement, id: Id<"account">, ...rest: string[]) => {
    const row = await one<AccountRow>(c, statement, id, ...rest);
    return row && accountOf(row);
  };
  return {
    /** Whether the account was added: not if its id is another's. */
    add: async (c: Context, account: Account, passwordHash: string): Promise<boolean> => {
      const bucket = bucketOf(account.id);
      const { id, email, name, operator, createdAt } = account;
      const row = await store
        .write(c, bucket)
        .one(add, [bucket, toBigint(id), email, name, passwordHash, operator, createdAt]);
      return row !== undefined;
    },
    drop: (c: Context, id: Id<"account">) => one(c, drop, id),
    get: (c: Context, id: Id<"account">) => account(c, get, id),
    /** The account with its hash, if it is the one of that address: an id may have become another's. */
    credentials: async (c: Context, id: Id<"account">, email: string) => {
      const row = await one<AccountRow & { password_hash: string }>(c, credentials, id, email);
      return row && { account: accountOf(row), passwordHash: row.password_hash };
    },
    rename: (c: Context, id: Id<"account">, name: string) => account(c, rename, id, name),
    raise: (c: Context, id: Id<"account">) => account(c, raise, id),
    /** Whether the hash was still `from`, if that is said, and is `to` now, all sessions but `kept` having ended. */
    setPassword: async (
      c: Context,
      id: Id<"account">,
      { to, from, kept }: { to: string; from?: string; kept?: Id<"session"> },
    ): Promise<boolean> =>
      (await one(c, setPassword, id, to, from ?? null, kept ? toBigint(kept) : null)) !== undefined,
    grantShop: async (c: Context, id: Id<"account">, shop: Id<"shop">): Promise<boolean> =>
      (await one(c, grant, id, toBigint(shop))) !== undefined,
  };
}

// Times are compared in code or beside an `or`: a plan that went by their index would read them all.
const lookUp = sql(
  "look_up",
  `select d.account, d.finished, o.failures, o.until, a.failures as all_failures, a.until as all_until,
     k.until as known_until
   from (values ($1::int, $2::text, $3::text)) as asked (bucket, email, client)
   left join directory d on d.bucket = asked.bucket and d.email = asked.email
   left join guess o on o.bucket = asked.bucket and o.email = asked.email and o.client = asked.client
   left join guess a on a.bucket = asked.bucket and a.email = asked.email and a.client = ''
   left join known_client k
     on k.bucket = asked.bucket and k.email = asked.email and k.client = asked.client`,
);
const forgive = sql("forgive", "select forgive_guesses($1, $2, $3, $4, $5, $6, $7, $8) as until");
const pardon = sql("pardon", "delete from guess where bucket = $1 and email = $2");
const countWrong = sql("count_wrong", "select count_guess($1, $2, $3, $4, $5, $6, $7) as until");

/**
 * Wrong passwords, counted by address and client. Times are milliseconds since 1970; what is answered is when the lock
 * opens, undefined where there is none.
 */
function attempts(store: Store) {
  const one = byEmail(store);
  return {
    /** Who has the address and whether it is locked for the client that asks. */
    lookUp: async (c: Context, email: string, nowMs: number) => {
      const row = await one<LookRow>(c, lookUp, email, clientOf(c, email));
      const owner: Owner | undefined = row?.account
        ? { account: fromBigint(row.account), finished: row.finished }
        : undefined;
      return { owner, lockedUntil: row && lockOf(row, nowMs) };
    },
    /** Forgets the client's wrong passwords after a right one, and knows it from now on; unless it is locked. */
    forgive: async (c: Context, email: string, nowMs: number): Promise<number | undefined> => {
      const [now, client] = [new Date(nowMs), clientOf(c, email)];
      const known = c.client === undefined ? [null, null] : [nowMs + knownMs, nowMs + knownMs - renewMs];
      const limits = [lockOut.failures, lockOut.failuresOfAll] as const;
      const parameters = [client, now, ...limits, ...known.map((ms) => ms && new Date(ms))];
      const row = await one<{ until: Date | null }>(c, forgive, email, ...parameters);
      return row?.until?.getTime();
    },
    /** Forgets wrong passwords of all clients, locked or not. */
    pardon: (c: Context, email: string) => one(c, pardon, email),
    /** Counts a wrong password, unless the client is locked. */
    countWrong: async (c: Context, email: string, nowMs: number): Promise<number | undefined> => {
      const [now, end] = [new Date(nowMs), new Date(nowMs + lockOut.windowMs)];
      const limits = [lockOut.failures, lockOut.failuresOfAll] as const;
      const parameters = [clientOf(c, email), now, end, ...limits];
      const row = await one<{ until: Date | null }>(c, countWrong, email, ...parameters);
      return row?.until?.getTime();
    },
  };
}

const addSession = sql(
  "add_session",
  `insert into session (bucket, id, account, secret_digest, expires_at) values ($1, $2, $3, $4, $5)
   on conflict do nothing returning id`,
);
const dropSession = sql("drop_session", "delete from session where bucket = $1 and id = $2");
// When it expires is compared in code: a plan that went by the index of the times would read every session.
const resolve = sql(
  "resolve",
  `select a.id as account, a.name, a.operator, a.shops, s.expires_at from session s
   join account a on a.bucket = s.bucket and a.id = s.account
   where s.bucket = $1 and s.id = $2 and s.secret_digest = $3`,
);

/** Sessions, in the bucket of their account. */
function sessions(store: Store) {
  return {
    /** Whether the session was added: not if its id is another's. */
    addSession: async (
      c: Context,
      account: Id<"account">,
      token: Token,
      expiresMs: number,
    ): Promise<boolean> => {
      const bucket = bucketOf(account);
      const row = await store
        .write(c, bucket)
        .one(addSession, [
          bucket,
          toBigint(token.session),
          toBigint(account),
          token.digest,
          new Date(expiresMs),
        ]);
      return row !== undefined;
    },
    dropSession: (c: Context, session: Id<"session">) =>
      store.write(c, bucketOf(session)).all(dropSession, [bucketOf(session), toBigint(session)]),
    /** Whose token this is, with their roles; undefined when it is nobody's, or no longer. */
    resolve: async (c: Context, token: Token, nowMs: number) => {
      type Row = { account: string; name: string; operator: boolean; shops: string[]; expires_at: Date };
      const bucket = bucketOf(token.session);
      const parameters = [bucket, toBigint(token.session), token.digest];
      const row = await store.write(c, bucket).one<Row>(resolve, parameters);
      if (!row || row.expires_at.getTime() <= nowMs) return undefined;
      return {
        account: fromBigint<"account">(row.account),
        session: token.session,
        name: row.name,
        operator: row.operator,
        shops: row.shops.map((shop) => fromBigint<"shop">(shop)),
      };
    },
  };
}

const addAddress = sql(
  "add_address",
  "select outcome, address as id, fields from add_address($1, $2, $3, $4, $5, $6, $7)",
);
const changeAddress = sql(
  "change_address",
  "update address set fields = $4 where bucket = $1 and account = $2 and id = $3 returning id",
);
const removeAddress = sql(
  "remove_address",
  `with removed as (
     delete from address where bucket = $1 and account = $2 and id = $3 returning bucket, account, id
   ), remembered as (
     insert into removed_address (bucket, account, id, at) select bucket, account, id, $4 from removed
     on conflict do nothing
   )
   select id from removed
   union all select id from removed_address where bucket = $1 and account = $2 and id = $3`,
);
const address = sql(
  "address",
  `select place::int as at, id, fields
   from unnest($1::int[], $2::bigint[], $3::bigint[]) with ordinality as asked (b, a, i, place)
   join address on bucket = b and account = a and id = i`,
);
const listAddresses = sql(
  "addresses",
  "select id, fields from address where bucket = $1 and account = $2 order by id desc",
);

/** Addresses, in the bucket of their account. */
function addresses(store: Store) {
  const all = <Row>(
    c: Context,
    statement: Statement,
    account: Id<"account">,
    ...rest: (string | number | Date)[]
  ) => {
    const bucket = bucketOf(account);
    return store.write(c, bucket).all<Row>(statement, [bucket, toBigint(account), ...rest]);
  };
  return {
    /**
     * Adds `asked`, or answers with the address that the key added before, as it is now or as it is asked for
     * again.
     */
    addAddress: async (
      c: Context,
      account: Id<"account">,
      key: string,
      asked: Address,
      nowMs: number,
      most: number,
    ): Promise<{ outcome: "added" | "known" | "full" | "taken"; address: Address }> => {
      type Row = { outcome: "added" | "known" | "full" | "taken"; id: string; fields: Fields | null };
      const { id, ...fields } = asked;
      const parameters = [key, toBigint(id), JSON.stringify(fields), new Date(nowMs), most];
      const [row] = await all<Row>(c, addAddress, account, ...parameters);
      if (!row) throw new Error("add_address answers with one row");
      return { outcome: row.outcome, address: addressOf({ id: row.id, fields: row.fields ?? fields }) };
    },
    changeAddress: async (
      c: Context,
      account: Id<"account">,
      id: Id<"address">,
      fields: Fields,
    ): Promise<boolean> =>
      (await all(c, changeAddress, account, toBigint(id), JSON.stringify(fields))).length > 0,
    /** Whether it was the account's, and is no longer. */
    removeAddress: async (
      c: Context,
      account: Id<"account">,
      id: Id<"address">,
      nowMs: number,
    ): Promise<boolean> => (await all(c, removeAddress, account, toBigint(id), new Date(nowMs))).length > 0,
    address: async (c: Context, account: Id<"account">, id: Id<"address">): Promise<Address | undefined> => {
      const [row] = await store.writeEach<
        readonly [Id<"account">, Id<"address">],
        AddressRow & { at: number }
      >(
        c,
        [[account, id]],
        ([owner]) => bucketOf(owner),
        address,
        (buckets, all) => [
          buckets,
          all.map(([owner]) => toBigint(owner)),
          all.map(([, one]) => toBigint(one)),
        ],
      );
      return row && addressOf(row);
    },
    /** The newest first. */
    addresses: async (c: Context, account: Id<"account">): Promise<Address[]> =>
      (await all<AddressRow>(c, listAddresses, account)).map(addressOf),
  };
}

const sweep = sql("sweep", "select sweep_expired($1, $2, $3, $4, $5) as swept");
const batch = 1_000;

/** Removes rows whose time has come, a batch at a time, so that nobody waits for a long delete. */
function sweeps(store: Store) {
  return {
    /** `keysBeforeMs`: of what idempotency asks to be remembered, what is older. Milliseconds since 1970. */
    sweep: async (nowMs: number, keysBeforeMs: number) => {
      const { from, to } = allBuckets;
      const parameters = [from, to, new Date(nowMs), new Date(keysBeforeMs), batch];
      let swept = batch;
      while (swept === batch) {
        const [row] = await store.sweep(allBuckets).all<{ swept: number }>(sweep, parameters);
        swept = row?.swept ?? 0;
      }
    },
  };
}
