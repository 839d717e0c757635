import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import fc from "fast-check";
import { newContext } from "#kernel/context";
import { openTestDatabase } from "#tests/support/database";
import { knownMs, lockOut } from "./account.ts";
import { accountStore } from "./store.ts";

describe("lock-out", async () => {
  const db = await openTestDatabase();
  after(db.close);
  const store = accountStore(db.database.store("account"));
  const context = (client = "192.0.2.7") =>
    newContext({ deadline: Date.now() + 60_000, client, trace: "test" });
  const minuteMs = 60_000;

  /** The rule, said without a database. `until` is when the count ends, or the lock. */
  function model() {
    let failures = 0;
    let until = 0;
    const isLocked = (now: number) => failures >= lockOut.failures && until > now;
    return (isRight: boolean, now: number): number | undefined => {
      if (isLocked(now)) return until;
      if (isRight || until <= now) failures = 0;
      if (isRight) return undefined;
      failures++;
      if (failures === 1 || failures === lockOut.failures) until = now + lockOut.windowMs;
      return undefined;
    };
  }

  let addresses = 0;

  test("any sequence of right and wrong passwords is answered as the model answers", async () => {
    const attempt = fc.record({
      isRight: fc.integer({ min: 0, max: 19 }).map((n) => n === 0),
      waitMs: fc.constantFrom(0, 1, minuteMs, 2 * minuteMs, lockOut.windowMs - 1, lockOut.windowMs),
    });
    // Mostly without waiting: else ten wrong ones within a window are never drawn.
    const burst = fc.array(
      attempt.map(({ isRight }) => ({ isRight, waitMs: 0 })),
      { maxLength: 14 },
    );
    const sequence = fc
      .array(fc.tuple(attempt, burst), { minLength: 1, maxLength: 5 })
      .map((parts) => parts.flatMap(([first, rest]) => [first, ...rest]));
    let locked = 0;
    await fc.assert(
      fc.asyncProperty(sequence, async (attempts) => {
        const email = `a${++addresses}@example.com`;
        const expected = model();
        let now = Date.UTC(2026, 5, 1);
        for (const { isRight, waitMs } of attempts) {
          now += waitMs;
          const looked = await store.lookUp(context(), email, now);
          const until = expected(isRight, now);
          assert.equal(looked.lockedUntil, until);
          const answer = isRight
            ? await store.forgive(context(), email, now)
            : await store.countWrong(context(), email, now);
          assert.equal(answer, until);
          if (until) locked++;
        }
      }),
      { numRuns: 40 },
    );
    assert.ok(locked > 0, "no sequence came to a lock: it was not tested");
  });

  test("of fifty wrong ones at once ten are counted, and the lock is as long as it says", async () => {
    const email = "many@example.com";
    const now = Date.UTC(2026, 5, 1);
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => store.countWrong(context(), email, now)),
    );
    assert.equal(answers.filter((until) => until === undefined).length, 10);
    assert.deepEqual(new Set(answers), new Set([undefined, now + lockOut.windowMs]));
  });

  test("a lock is left alone by the sweep until it is over", async () => {
    const email = "swept@example.com";
    const now = Date.UTC(2026, 5, 1);
    for (let i = 0; i < 10; i++) await store.countWrong(context(), email, now);
    await store.sweep(now + lockOut.windowMs - 1, 0);
    assert.ok((await store.lookUp(context(), email, now)).lockedUntil);
    await store.sweep(now + lockOut.windowMs, 0);
    assert.equal((await store.lookUp(context(), email, now)).lockedUntil, undefined);
  });

  /** So many wrong passwords from each of so many clients; how many were answered. */
  async function guess(email: string, now: number, clients: number, each: number, from = 0) {
    let answered = 0;
    for (let i = 0; i < clients * each; i++) {
      const client = `198.51.100.${from + Math.floor(i / each)}`;
      if ((await store.countWrong(context(client), email, now)) === undefined) answered++;
    }
    return answered;
  }

  test("a client that guesses locks the address for itself, and for nobody else", async () => {
    const email = "neighbour@example.com";
    const now = Date.UTC(2026, 5, 1);
    assert.equal(await guess(email, now, 1, 12), 10);
    assert.ok((await store.lookUp(context("198.51.100.0"), email, now)).lockedUntil);
    assert.equal((await store.lookUp(context(), email, now)).lockedUntil, undefined);
    assert.equal(await store.forgive(context(), email, now), undefined);
    assert.ok(await store.forgive(context("198.51.100.0"), email, now), "a right one, found while locked");
  });

  test("many clients together get a hundred guesses, and cannot lock out whoever signed in before", async () => {
    const email = "victim@example.com";
    let now = Date.UTC(2026, 5, 1);
    assert.equal(await store.forgive(context("home"), email, now), undefined);
    for (let round = 0; round < 3; round++) {
      assert.equal(await guess(email, now, 30, 5, round * 30), 100);
      const { lockedUntil: until } = await store.lookUp(context("elsewhere"), email, now);
      assert.equal(until, now + lockOut.windowMs);
      assert.equal((await store.lookUp(context("home"), email, now)).lockedUntil, undefined);
      assert.equal(await store.countWrong(context("home"), email, now), undefined, "a slip at home");
      assert.equal(await store.forgive(context("home"), email, now), undefined);
      now += lockOut.windowMs;
      assert.equal((await store.lookUp(context("elsewhere"), email, now)).lockedUntil, undefined);
    }
    assert.equal(await guess(email, now, 1, 12), 10);
  });

  test("a client that is known guesses ten times as any other, and is forgotten in the end", async () => {
    const email = "lost-laptop@example.com";
    let now = Date.UTC(2026, 5, 1);
    await store.forgive(context("198.51.100.0"), email, now);
    assert.equal(await guess(email, now, 1, 12), 10);
    now += knownMs;
    await store.sweep(now, 0);
    assert.equal(await guess(email, now, 30, 5, 30), 100);
    assert.ok((await store.lookUp(context("198.51.100.0"), email, now)).lockedUntil);
  });
});
