import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { systemClock as clock } from "#kernel/clock";
import { type Caller, newContext } from "#kernel/context";
import { newId } from "#kernel/id";
import { expectDone } from "#kernel/refusal";
import type { Parameter, Statement, Store, Writer } from "#platform/database/api";
import { openTestDatabase } from "#tests/support/database";
import { accountModule } from "./module.ts";
import { newToken } from "./token.ts";

describe("what account asks of its database", async () => {
  const db = await openTestDatabase();
  after(db.close);
  const ran: string[] = [];

  /** The store, writing down the name of each statement. */
  function noted(store: Store): Store {
    const note =
      <T>(run: (s: Statement, p: readonly Parameter[]) => Promise<T>) =>
      (statement: Statement, parameters: readonly Parameter[]) => {
        ran.push(statement.name);
        return run(statement, parameters);
      };
    const on = (writer: Writer): Writer =>
      ({ ...writer, all: note(writer.all), one: note(writer.one) }) as Writer;
    return { ...store, read: (c, b) => on(store.write(c, b)), write: (c, b) => on(store.write(c, b)) };
  }

  const { door } = accountModule({
    store: noted(db.database.store("account")),
    clock,
  });
  const context = (caller?: Caller) =>
    newContext({
      ...(caller && { caller }),
      deadline: Date.now() + 20_000,
      idempotencyKey: "k",
      trace: "test",
    });
  const inside: Caller = { kind: "domain", domain: "test" };
  const password = "a long enough secret";
  const email = "ada@example.com";

  async function cost(work: () => Promise<unknown>): Promise<string[]> {
    ran.length = 0;
    await work();
    return [...ran];
  }

  test("registering is four short statements, and a taken address one and no hash", async () => {
    const register = () => door.register(context(), { email, name: "Ada", password });
    assert.deepEqual(await cost(register), ["owner", "claim", "add", "finish"]);
    assert.deepEqual(await cost(register), ["owner"]);
  });

  test("a session is one point read by primary keys, and none again within a second", async () => {
    const { token } = expectDone(await door.signIn(context(), { email, password }));
    const resolve = (text: string) => cost(() => door.resolve(context(inside), { token: text }));
    const unknown = newToken(newId<"session">(7, Date.now()));
    assert.deepEqual(await resolve(token), ["resolve"]);
    assert.deepEqual(await resolve(token), []);
    assert.deepEqual(await resolve(unknown.text), ["resolve"]);
    assert.deepEqual(await resolve("nonsense"), []);
    for (const madeAt of [Date.now() - 31 * 86_400_000, Date.now() + 86_400_000]) {
      assert.deepEqual(await resolve(newToken(newId<"session">(7, madeAt)).text), []);
    }
    await db.admin(`
      insert into account.account select n % 1024, n, 'e', 'n', 'h', false, '{}', '2026-01-01'
      from generate_series(1, 50000) as n;
      insert into account.session select n % 1024, n, n, 'd', '2026-01-01' from generate_series(1, 50000) as n;
      analyze account.account, account.session`);
    const plan = await db.admin(`explain select a.id from account.session s
      join account.account a on a.bucket = s.bucket and a.id = s.account
      where s.bucket = 1 and s.id = 1 and s.secret_digest = 'x'`);
    const text = plan.map((row) => row["QUERY PLAN"]).join("\n");
    assert.match(text, /Index Scan using session_pkey.*\n\s+Index Cond: \(\(bucket = 1\) AND \(id = 1\)\)/);
    assert.match(
      text,
      /Index (?:Only )?Scan using account_pkey.*\n\s+Index Cond: \(\(bucket = 1\) AND \(id = s.account\)\)/,
    );
  });

  test("a wrong password and an unknown address ask the same", async () => {
    const signIn = (who: string, secret: string) => () =>
      door.signIn(context(), { email: who, password: secret });
    const wrong = await cost(signIn(email, "wrong"));
    assert.deepEqual(wrong, ["look_up", "credentials", "count_wrong"]);
    assert.deepEqual(await cost(signIn("nobody@example.com", "wrong")), wrong);
    const right = ["look_up", "credentials", "forgive", "add_session"];
    assert.deepEqual(await cost(signIn(email, password)), right);
    for (let i = 0; i < 10; i++) await signIn(email, "wrong")();
    assert.deepEqual(await cost(signIn(email, password)), ["look_up"]);
  });

  test("an address is added in one statement", async () => {
    const { token } = expectDone(
      await door
        .appointOperator(context(inside), { email: "bob@example.com", name: "Bob", password })
        .then(() => door.signIn(context(), { email: "bob@example.com", password })),
    );
    const found = expectDone(await door.resolve(context(inside), { token }));
    assert.ok(found);
    const fields = { recipient: "Bob", line1: "1", city: "C", postalCode: "1", country: "GB" };
    assert.deepEqual(await cost(() => door.addAddress(context({ kind: "account", ...found }), fields)), [
      "add_address",
    ]);
  });
});
