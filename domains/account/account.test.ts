import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { inspect } from "node:util";
import { parseOptions } from "@node-rs/argon2";
import { type Caller, newContext } from "#kernel/context";
import { bucketOf, bucketOfText, fromBigint, type Id, newId, toBigint } from "#kernel/id";
import { expectDone, isRefusal } from "#kernel/refusal";
import { openTestDatabase, type TestDatabase } from "#tests/support/database";
import type { Account, AccountDoor } from "./api.ts";
import { accountModule } from "./module.ts";
import { decoyHash } from "./password.ts";
import { accountStore } from "./store.ts";

describe("account", () => {
  let db: TestDatabase;
  let door: AccountDoor;
  let sweep: () => Promise<void>;
  /** Shifts account's own clock; deadlines stay real. */
  let aheadMs = 0;
  const clock = { now: () => Date.now() + aheadMs };

  before(async () => {
    db = await openTestDatabase();
    const module = accountModule({ store: db.database.store("account"), clock });
    door = module.door;
    sweep = async () => {
      for (const job of module.jobs) await job.run();
    };
  });
  after(() => db.close());

  const password = "a long enough secret";
  const context = (caller?: Caller, idempotencyKey?: string) =>
    newContext({ ...(caller && { caller }), deadline: Date.now() + 20_000, idempotencyKey, trace: "test" });
  const inside: Caller = { kind: "domain", domain: "test" };
  const twenty = <T>(work: (i: number) => Promise<T>) =>
    Promise.all(Array.from({ length: 20 }, (_, i) => work(i)));
  const codeOf = (outcome: unknown) =>
    isRefusal(outcome) ? (outcome as { refusal: string }).refusal : "done";

  let people = 0;
  async function newcomer(): Promise<Account> {
    const email = `person${++people}@example.com`;
    return expectDone(await door.register(context(), { email, name: `Person ${people}`, password }));
  }
  const signIn = (email: string, secret = password) => door.signIn(context(), { email, password: secret });
  const resolve = async (token: string) => expectDone(await door.resolve(context(inside), { token }));
  async function callerOf(account: Account): Promise<Caller> {
    const { token } = expectDone(await signIn(account.email));
    const found = await resolve(token);
    assert.ok(found);
    return { kind: "account", ...found };
  }

  test("a stranger registers, signs in, is known by the token, and signs out", async () => {
    const account = await newcomer();
    const session = expectDone(await signIn(account.email.toUpperCase()));
    assert.deepEqual(session.account, account);
    const found = await resolve(session.token);
    assert.ok(found);
    assert.deepEqual(
      { ...found, session: undefined },
      { account: account.id, session: undefined, name: account.name, operator: false, shops: [] },
    );
    assert.equal(bucketOf(found.session), bucketOf(account.id));
    const caller: Caller = { kind: "account", ...found };
    assert.deepEqual(await door.me(context(caller), {}), account);
    const renamed = expectDone(await door.rename(context(caller), { name: "Ada King" }));
    assert.equal(renamed.name, "Ada King");
    assert.equal(await door.signOut(context(caller), {}), null);
    assert.equal(await door.signOut(context(caller), {}), null);
    assert.equal(await resolve(session.token), null);
  });

  test("the hash is OWASP's argon2id, and the decoy costs the same", async () => {
    const account = await newcomer();
    const [row] = await db.admin(
      `select password_hash from account.account where id = ${toBigint(account.id)}`,
    );
    const hash = String(row?.password_hash);
    assert.match(hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    assert.deepEqual(parseOptions(hash), parseOptions(decoyHash));
  });

  test("of twenty simultaneous registrations of one address one wins, with its password", async () => {
    const email = "Twenty@example.com";
    const secret = (i: number) => `the secret of number ${i}`;
    const outcomes = await twenty((i) =>
      door.register(context(), { email, name: `${i}`, password: secret(i) }),
    );
    const winners = outcomes.map((o, i) => ({ i, code: codeOf(o) })).filter(({ code }) => code === "done");
    assert.equal(winners.length, 1);
    assert.ok(outcomes.every((o) => ["done", "account.email_taken"].includes(codeOf(o))));
    assert.equal(codeOf(await signIn(email, secret(winners[0]!.i))), "done");
    const rows = await db.admin("select 1 from account.account where email = 'twenty@example.com'");
    assert.equal(rows.length, 1);
  });

  const insertClaim = (email: string, account: Id<"account">, ageMs: number) =>
    db.admin(`insert into account.directory values (${bucketOfText(email)}, '${email}', ${toBigint(account)},
    '${new Date(clock.now() - ageMs).toISOString()}', false)`);

  test("a claim that crashed before its account is taken over after a minute, by one of twenty", async () => {
    const email = "crashed@example.com";
    await insertClaim(email, newId(7, Date.now()), 50_000);
    const again = () => door.register(context(), { email, name: "Again", password });
    assert.equal(codeOf(await again()), "account.email_taken");
    aheadMs += 11_000;
    assert.equal(codeOf(await signIn(email)), "account.bad_credentials");
    const codes = (await twenty(again)).map(codeOf);
    assert.equal(codes.filter((code) => code === "done").length, 1);
    assert.equal(codeOf(await signIn(email)), "done");
  });

  test("a registration that crashed after its account is finished by whoever comes next", async () => {
    for (const finish of ["sign in", "register"]) {
      const { email, id } = await newcomer();
      await db.admin(`update account.directory set finished = false, claimed_at = claimed_at - interval '2 minutes'
      where bucket = ${bucketOfText(email)} and email = '${email}'`);
      if (finish === "register") {
        const outcome = await door.register(context(), { email, name: "Thief", password: "another secret" });
        assert.equal(codeOf(outcome), "account.email_taken");
      }
      assert.equal(expectDone(await signIn(email)).account.id, id);
      const [row] = await db.admin(
        `select finished, account from account.directory where email = '${email}'`,
      );
      assert.deepEqual([row?.finished, fromBigint(String(row?.account))], [true, id]);
    }
  });

  test("a claim that was finished, or taken over, since it was looked at is not taken over", async () => {
    const store = accountStore(db.database.store("account"));
    const [first, second, third] = [1, 2, 3].map((bucket) => newId<"account">(bucket, Date.now())) as [
      Id<"account">,
      Id<"account">,
      Id<"account">,
    ];
    const takeOver = (email: string, from: Id<"account">, to: Id<"account">) =>
      store.takeOver(context(), email, { from, to }, clock.now());
    await insertClaim("finished@example.com", first, 120_000);
    assert.equal(await store.finish(context(), "finished@example.com", first), true);
    assert.equal(await takeOver("finished@example.com", first, second), false);
    await insertClaim("twice@example.com", first, 120_000);
    assert.equal(await takeOver("twice@example.com", first, second), true);
    assert.equal(await takeOver("twice@example.com", first, third), false);
    assert.equal(await store.finish(context(), "twice@example.com", first), false);
    assert.equal(await store.finish(context(), "twice@example.com", second), true);
  });

  test("somebody whose claim was taken over while they dawdled leaves no account behind", async () => {
    const email = "slow@example.com";
    // The dawdler's insert waits for a lock, long enough for the other to take over.
    const store = db.database.store("account");
    const held = store.write(context(), 0).transaction(async (t) => {
      await t.all({ name: "lock", text: "lock table account in share mode" }, []);
      const slow = door.register(context(), { email, name: "Slow", password });
      const rival = newId<"account">(3, Date.now());
      for (let claimed = false; !claimed; ) {
        const rows =
          await db.admin(`update account.directory set account = ${toBigint(rival)}, finished = true
        where email = '${email}' returning 1`);
        claimed = rows.length > 0;
      }
      return { slow };
    });
    assert.equal(codeOf(await (await held).slow), "account.email_taken");
    assert.deepEqual(await db.admin(`select 1 from account.account where email = '${email}'`), []);
  });

  test("an unknown address and a wrong password get the same answer and the same lock", async () => {
    const { email } = await newcomer();
    const stranger = "nobody@example.com";
    for (let i = 0; i < 10; i++) {
      const [known, unknown] = [await signIn(email, "wrong"), await signIn(stranger, "wrong")];
      assert.equal(codeOf(known), "account.bad_credentials");
      assert.deepEqual(known, unknown);
    }
    for (const address of [email, stranger]) {
      const outcome = await signIn(address);
      assert.equal(codeOf(outcome), "account.locked");
      assert.ok(isRefusal(outcome));
      const wait = Number(outcome.detail?.retryAfterSeconds);
      assert.ok(wait > 14 * 60 && wait <= 15 * 60, `${wait} s`);
      assert.match(outcome.message, /Wait 15 minutes/);
    }
    aheadMs += 15 * 60_000;
    assert.equal(codeOf(await signIn(email)), "done");
    assert.equal(codeOf(await signIn(stranger)), "account.bad_credentials");
  });

  test("of a burst of guesses ten are answered, and the right one that comes after them is not", async () => {
    const { email } = await newcomer();
    const guesses = Array.from({ length: 30 }, (_, i) => signIn(email, `guess ${i}`));
    await Promise.race(guesses);
    // It looks before there is a lock, and its turn to be checked comes when there is one.
    const right = signIn(email);
    const codes = (await Promise.all(guesses)).map(codeOf);
    assert.equal(codes.filter((code) => code === "account.bad_credentials").length, 10);
    assert.equal(codes.filter((code) => code === "account.locked").length, 20);
    assert.equal(codeOf(await right), "account.locked");
    assert.deepEqual((await twenty(() => signIn(email))).map(codeOf), Array(20).fill("account.locked"));
  });

  test("twenty right sign-ins at once succeed, and a right one forgets the wrong ones", async () => {
    const { email } = await newcomer();
    assert.deepEqual((await twenty(() => signIn(email))).map(codeOf), Array(20).fill("done"));
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 9; i++)
        assert.equal(codeOf(await signIn(email, "wrong")), "account.bad_credentials");
      assert.equal(codeOf(await signIn(email)), "done");
    }
  });

  test("tokens forged, cut, swapped or expired are nobody's, and what has expired is swept", async () => {
    const [one, two] = [await newcomer(), await newcomer()];
    const { token } = expectDone(await signIn(one.email));
    const other = expectDone(await signIn(two.email)).token;
    const [id = "", secret = ""] = token.split(".");
    const forged = [
      "",
      ".",
      id,
      `${id}.`,
      token.slice(0, -1),
      `${token}x`,
      `${token}.`,
      `${id}.${secret.toUpperCase()}`,
      `${id}.${other.split(".")[1]}`,
      `${other.split(".")[0]}.${secret}`,
      `${"z".repeat(13)}.${secret}`,
      `${id}.${"'".repeat(43)}`,
      "\u0000".repeat(57),
    ];
    for (const text of forged) assert.equal(await resolve(text), null, text);
    assert.ok(await resolve(token));
    aheadMs += 30 * 24 * 3_600_000;
    assert.equal(await resolve(token), null);
    const later = expectDone(await signIn(two.email)).token;
    await sweep();
    const left = await db.admin("select count(*)::int as n from account.session");
    assert.equal(left[0]?.n, 1);
    assert.deepEqual(await db.admin("select 1 from account.attempt"), []);
    assert.ok(await resolve(later));
  });

  test("staff of a shop and operators are known at the next request of any session", async () => {
    const account = await newcomer();
    const caller = await callerOf(account);
    const { token } = expectDone(await signIn(account.email));
    const shops = Array.from({ length: 20 }, (_, i) => newId<"shop">(i, Date.now()));
    await twenty((i) => door.grantShop(context(inside), { account: account.id, shop: shops[i]! }));
    await door.grantShop(context(inside), { account: account.id, shop: shops[0]! });
    assert.deepEqual([...((await resolve(token))?.shops ?? [])].sort(), [...shops].sort());
    assert.deepEqual(expectDone(await door.me(context(caller), {})).shops.length, 20);
    const raised = expectDone(
      await door.appointOperator(context(inside), {
        email: account.email,
        name: "X",
        password: "not the password",
      }),
    );
    assert.deepEqual([raised.id, raised.name, raised.operator], [account.id, account.name, true]);
    assert.equal((await resolve(token))?.operator, true);
    const unknown = newId<"account">(5, Date.now());
    assert.equal(
      codeOf(await door.grantShop(context(inside), { account: unknown, shop: shops[0]! })),
      "account.not_found",
    );
  });

  test("appointing an operator registers one, once", async () => {
    const input = { email: "root@example.com", name: "Root", password };
    const made = await twenty(() =>
      door.appointOperator(context(inside), input).catch(() => "again" as const),
    );
    const ids = new Set(made.flatMap((m) => (m === "again" ? [] : [expectDone(m).id])));
    assert.equal(ids.size, 1);
    assert.equal(expectDone(await signIn(input.email)).account.operator, true);
  });

  test("the door keeps strangers out", async () => {
    const fields = { recipient: "A", line1: "1", city: "C", postalCode: "1", country: "GB" };
    const account = newId<"account">(1, Date.now());
    const caller = await callerOf(await newcomer());
    assert.equal(codeOf(await door.me(context(), {})), "request.unauthenticated");
    assert.equal(codeOf(await door.addAddress(context(), fields)), "request.unauthenticated");
    assert.equal(codeOf(await door.resolve(context(caller), { token: "x" })), "request.forbidden");
    assert.equal(
      codeOf(await door.appointOperator(context(caller), { email: "x@example.com", name: "x", password })),
      "request.forbidden",
    );
    assert.equal(
      codeOf(await door.grantShop(context(caller), { account, shop: newId(1, 1) })),
      "request.forbidden",
    );
  });

  test("no fault shows a password, a token or a hash", async () => {
    const account = await newcomer();
    const { token } = expectDone(await signIn(account.email));
    const digests = await db.admin("select secret_digest as secret from account.session");
    const hashes = await db.admin("select password_hash as secret from account.account");
    const secrets = [
      password,
      token,
      token.split(".")[1]!,
      ...[...digests, ...hashes].map((r) => String(r.secret)),
    ];
    await db.admin(
      "alter table account.session rename to hidden; alter table account.account rename column name to label",
    );
    const faults: unknown[] = [];
    const keep = (error: unknown) => void faults.push(error);
    try {
      await signIn(account.email).catch(keep);
      await door.resolve(context(inside), { token }).catch(keep);
      await door.register(context(), { email: "broken@example.com", name: "B", password }).catch(keep);
    } finally {
      await db.admin(
        "alter table account.hidden rename to session; alter table account.account rename column label to name",
      );
    }
    assert.equal(faults.length, 3);
    const shown = inspect(faults, { depth: null, showHidden: true, getters: true });
    for (const secret of secrets) assert.ok(!shown.includes(secret), "a secret is in an error");
  });
});
