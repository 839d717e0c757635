import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { systemClock as clock } from "#kernel/clock";
import { type Caller, newContext } from "#kernel/context";
import { expectDone, isRefusal } from "#kernel/refusal";
import { openTestDatabase } from "#tests/support/database";
import { accountModule } from "./module.ts";

const db = await openTestDatabase();
const { door } = accountModule({ store: db.database.store("account"), clock });
const inside: Caller = { kind: "domain", domain: "test" };
const context = (caller?: Caller) =>
  newContext({ ...(caller && { caller }), deadline: Date.now() + 20_000, trace: "test" });
const [old, fresh] = ["a long enough secret", "an even longer secret"];

let people = 0;
async function newcomer() {
  const email = `changes${++people}@example.com`;
  expectDone(await door.register(context(), { email, name: "Ada", password: old }));
  return email;
}
const signIn = (email: string, password: string) => door.signIn(context(), { email, password });
const whose = async (token: string) => expectDone(await door.resolve(context(inside), { token }));
async function session(email: string) {
  const { token } = expectDone(await signIn(email, old));
  const found = await whose(token);
  assert.ok(found);
  return { token, caller: { kind: "account", ...found } as Caller };
}
const codeOf = (outcome: unknown) => (isRefusal(outcome) ? (outcome as { refusal: string }).refusal : "done");

describe("changing a password", () => {
  after(db.close);

  test("a changed password is the only one, and ends every session but the one that asked", async () => {
    const email = await newcomer();
    const [mine, another, stranger] = [
      await session(email),
      await session(email),
      await session(await newcomer()),
    ];
    const changed = await door.changePassword(context(mine.caller), { current: old, password: fresh });
    assert.equal(changed, null);
    assert.ok(await whose(mine.token));
    assert.equal(await whose(another.token), null);
    assert.ok(await whose(stranger.token), "somebody else's session goes on");
    assert.equal(codeOf(await signIn(email, old)), "account.bad_credentials");
    assert.equal(codeOf(await signIn(email, fresh)), "done");
  });

  test("a wrong password changes nothing, and guesses lock the address as at a sign-in", async () => {
    const email = await newcomer();
    const [mine, another] = [await session(email), await session(email)];
    const guess = () => door.changePassword(context(mine.caller), { current: "wrong", password: fresh });
    for (let i = 0; i < 10; i++) assert.equal(codeOf(await guess()), "account.wrong_password");
    const right = await door.changePassword(context(mine.caller), { current: old, password: fresh });
    assert.equal(codeOf(right), "account.locked");
    assert.ok(await whose(another.token));
    assert.equal(codeOf(await signIn(email, old)), "account.locked");
  });

  test("of two who change it at once, one does", async () => {
    const email = await newcomer();
    const [mine, another] = [await session(email), await session(email)];
    const wanted = [fresh, "yet another long secret"];
    const outcomes = await Promise.all(
      [mine, another].map(({ caller }, i) =>
        door.changePassword(context(caller), { current: old, password: wanted[i]! }),
      ),
    );
    const codes = outcomes.map(codeOf);
    assert.deepEqual([...codes].sort(), ["account.wrong_password", "done"]);
    assert.equal(codeOf(await signIn(email, wanted[codes.indexOf("done")]!)), "done");
    const kept = await Promise.all([mine, another].map(({ token }) => whose(token)));
    assert.deepEqual(
      kept.map(Boolean),
      codes.map((code) => code === "done"),
    );
  });

  test("an operator's reset ends every session and opens the lock", async () => {
    const email = await newcomer();
    const mine = await session(email);
    for (let i = 0; i < 10; i++) await signIn(email, "wrong");
    assert.equal(codeOf(await signIn(email, old)), "account.locked");
    const input = { email: email.toUpperCase(), password: fresh };
    assert.equal(expectDone(await door.resetPassword(context(inside), input)).email, email);
    assert.equal(await whose(mine.token), null);
    assert.equal(codeOf(await signIn(email, fresh)), "done");
    const nobody = await door.resetPassword(context(inside), {
      email: "nobody@example.com",
      password: fresh,
    });
    assert.equal(codeOf(nobody), "account.not_found");
    assert.equal(codeOf(await door.resetPassword(context(mine.caller), input)), "request.forbidden");
  });
});
