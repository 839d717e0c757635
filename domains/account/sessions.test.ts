import assert from "node:assert/strict";
import { test } from "node:test";
import { type Id, newId } from "#kernel/id";
import { openSessions, type Resolved } from "./sessions.ts";
import { newToken, type Token } from "./token.ts";

const account = newId<"account">(7, Date.now());
const nextToken = () => newToken(newId<"session">(7, Date.now()));
const whoseIs = (token: Token, of: Id<"account"> = account): Resolved => ({
  account: of,
  session: token.session,
  name: "Ada",
  operator: false,
  shops: [],
});

/** The table: what is in it, and how often it was asked. */
function table() {
  const rows = new Map<Id<"session">, { digest: string; whose: Resolved }>();
  const asked = { times: 0 };
  return {
    asked,
    add: (token: Token, whose = whoseIs(token)) => rows.set(token.session, { digest: token.digest, whose }),
    drop: async (token: Token) => rows.delete(token.session),
    read: (token: Token) => async () => {
      asked.times++;
      const row = rows.get(token.session);
      return row?.digest === token.digest ? row.whose : undefined;
    },
  };
}

test("a session is read once and then known, under its own secret alone", async () => {
  const sessions = openSessions();
  const { add, read, asked } = table();
  const token = nextToken();
  add(token);
  for (let i = 0; i < 5; i++) assert.equal((await sessions.resolve(token, read(token)))?.name, "Ada");
  const forged = { ...nextToken(), session: token.session };
  assert.equal(await sessions.resolve(forged, read(forged)), undefined);
  assert.equal(asked.times, 1);
});

test("a session that has ended is nobody's at once, also when a read of it was under way", async () => {
  const sessions = openSessions();
  const { add, read, drop } = table();
  const token = nextToken();
  add(token);
  const early = await read(token)();
  let answer = (_: Resolved | undefined) => {};
  const slow = sessions.resolve(token, () => new Promise((resolve) => (answer = resolve)));
  await sessions.ending(token.session, () => drop(token));
  answer(early);
  await slow;
  assert.equal(await sessions.resolve(token, read(token)), undefined);
});

test("a change of an account is seen in all its sessions, also when nobody knows whether it was made", async () => {
  const sessions = openSessions();
  const { add, read, asked } = table();
  const mine = [nextToken(), nextToken()];
  const another = nextToken();
  for (const token of mine) add(token);
  add(another, whoseIs(another, newId<"account">(7, Date.now())));
  const askAll = () => Promise.all([...mine, another].map((token) => sessions.resolve(token, read(token))));
  await askAll();
  const lost = async () => {
    for (const token of mine) add(token, { ...whoseIs(token), operator: true });
    throw new Error("the connection broke");
  };
  await assert.rejects(sessions.changing(account, lost));
  assert.deepEqual(
    (await askAll()).map((found) => found?.operator),
    [true, true, false],
  );
  assert.equal(asked.times, 5);
});

test("what others have revoked is honoured no longer than the time said", async () => {
  const sessions = openSessions({ keptMs: 0 });
  const { add, read, drop, asked } = table();
  const token = nextToken();
  add(token);
  await sessions.resolve(token, read(token));
  await drop(token);
  assert.equal(await sessions.resolve(token, read(token)), undefined);
  assert.equal(asked.times, 2);
});

test("thousands of sessions take the room of the most, and tokens that are nobody's take none", async () => {
  const sessions = openSessions({ most: 100 });
  const { add, read } = table();
  for (let i = 0; i < 2_000; i++) {
    const token = nextToken();
    await sessions.resolve(token, read(token));
    assert.equal(sessions.size, 0);
  }
  for (let i = 0; i < 2_000; i++) {
    const token = nextToken();
    add(token);
    await sessions.resolve(token, read(token));
  }
  assert.equal(sessions.size, 100);
});
