import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import fc from "fast-check";
import { newContext } from "#kernel/context";
import { openTestDatabase } from "#tests/support/database";
import { lockOut } from "./account.ts";
import { accountStore } from "./store.ts";

describe("lock-out", async () => {
  const db = await openTestDatabase();
  after(db.close);
  const store = accountStore(db.database.store("account"));
  const context = () => newContext({ deadline: Date.now() + 60_000, trace: "test" });
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
    await store.sweepAttempts(now + lockOut.windowMs - 1);
    assert.ok((await store.lookUp(context(), email, now)).lockedUntil);
    await store.sweepAttempts(now + lockOut.windowMs);
    assert.equal((await store.lookUp(context(), email, now)).lockedUntil, undefined);
  });
});
