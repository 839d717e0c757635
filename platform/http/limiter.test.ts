import assert from "node:assert/strict";
import { createConnection } from "node:net";
import { describe, test } from "node:test";
import { systemClock } from "#kernel/clock";
import { openRedisCounts } from "#platform/cache/drivers/redis-counts";
import { type CacheServer, hasRedis, startRedis } from "#tests/support/cache-servers";
import { until } from "#tests/support/until";
import { type Limiter, openLimiter } from "./limiter.ts";

const windowMs = 60_000;
const patient = { timeoutMs: 5_000 };
type Circuit = Parameters<typeof openRedisCounts>[1]["circuit"];

/** Asks `times` times at once and tells how many were admitted. */
async function ask(limiter: Limiter, key: string, most: number, times: number): Promise<number> {
  const waits = await Promise.all(Array.from({ length: times }, () => limiter.take(key, most)));
  assert.ok(waits.every((wait) => wait >= 0 && wait <= windowMs));
  return waits.filter((wait) => wait === 0).length;
}

describe("one process", () => {
  test("admits so many in a window, says how long the rest must wait, and begins anew", async () => {
    let now = Date.UTC(2026, 5, 1);
    const limiter = openLimiter({ clock: { now: () => now }, windowMs, processes: 1 });
    assert.equal(await ask(limiter, "a", 10, 25), 10);
    assert.equal(await ask(limiter, "b", 10, 9), 9);
    const wait = await limiter.take("a", 10);
    now += wait - 1;
    assert.equal(await limiter.take("a", 10), 1);
    now += 1;
    assert.equal(await ask(limiter, "a", 10, 25), 10);
    await limiter.close();
  });

  test("admits its share where it is one of three that cannot count together", async () => {
    const limiter = openLimiter({ clock: systemClock, windowMs, processes: 3 });
    assert.equal(await ask(limiter, "a", 31, 50), 11);
    await limiter.close();
  });
});

describe("two processes that count together", { skip: hasRedis ? false : "Redis is not installed" }, () => {
  async function opened(circuit: Circuit, memory: Parameters<typeof startRedis> = []) {
    const server = await startRedis(...memory);
    // It stands still: no window ends in the middle of a test.
    const clock = { now: () => Date.UTC(2026, 5, 1) };
    const [one, two] = [0, 1].map(() => {
      const counts = openRedisCounts(server, { counted: () => undefined, ...(circuit ? { circuit } : {}) });
      return openLimiter({ clock, windowMs, processes: 2, counts });
    }) as [Limiter, Limiter];
    // Until both are connected: what one has asked the other knows.
    let n = 0;
    await until(async () => {
      await one.take(`meet ${++n}`, 1);
      return (await two.take(`meet ${n}`, 1)) > 0;
    });
    return {
      ...{ server, one, two },
      close: async () => {
        await Promise.all([one.close(), two.close()]);
        await server.stop();
      },
    };
  }
  const admitted = async (limiters: readonly Limiter[], key: string, most: number, times: number) => {
    const each = limiters.map(async (limiter) => {
      const waits = await Promise.all(Array.from({ length: times }, () => limiter.take(key, most)));
      return waits.filter((wait) => wait === 0).length;
    });
    return (await Promise.all(each)).reduce((sum, count) => sum + count, 0);
  };

  test("admit what is scarce to the piece, whichever is asked and however fast", async () => {
    const { one, two, close } = await opened(patient);
    try {
      assert.equal(await admitted([one, two], "at once", 30, 100), 30);
      let inTurn = 0;
      for (let i = 0; i < 50; i++) inTurn += await admitted([i % 3 === 0 ? one : two], "in turn", 30, 1);
      assert.equal(inTurn, 30);
      assert.equal(
        await admitted([two], "other", 30, 30),
        30,
        "all of it is one process' where the other is not asked",
      );
      assert.equal(await admitted([one], "other", 30, 1), 0);
    } finally {
      await close();
    }
  });

  test("exceed a wide limit by a fiftieth for the second process at most", async () => {
    const { one, two, close } = await opened(patient);
    try {
      let sum = 0;
      for (let i = 0; i < 200; i++) sum += await admitted([one, two], "wide", 1_000, 7);
      assert.ok(sum >= 980 && sum <= 1_020, `${sum} of 1000`);
    } finally {
      await close();
    }
  });

  test("answer an unhurried client at once", async () => {
    const { one, close } = await opened(patient);
    try {
      for (let i = 0; i < 20; i++) assert.equal(one.take("unhurried", 1_200), 0);
    } finally {
      await close();
    }
  });

  async function share({ one, two }: { one: Limiter; two: Limiter }, key: string) {
    const before = performance.now();
    const counts = [await admitted([one], key, 30, 40), await admitted([two], key, 30, 40)];
    assert.ok(performance.now() - before < 1_000, "nobody waited for long");
    return counts;
  }

  const hurts: Record<string, (server: CacheServer) => void | Promise<void>> = {
    killed: (server) => server.kill(),
    frozen: (server) => server.freeze(),
  };
  for (const [how, hurt] of Object.entries(hurts)) {
    test(`go on with a share each when Redis is ${how}, and together when it is back`, async () => {
      const { server, one, two, close } = await opened({});
      try {
        assert.equal(await admitted([one, two], "begun", 100, 20), 40);
        await hurt(server);
        assert.deepEqual(await share({ one, two }, how), [15, 15]);
        const rest = await admitted([one, two], "begun", 100, 100);
        assert.ok(rest <= 60, `${rest} more of 60 that were left`);
        if (how === "frozen") server.thaw();
        else await server.again();
        let n = 0;
        await until(async () => (await admitted([one, two], `back ${n++}`, 30, 40)) === 30 && n > 3);
        assert.equal(await admitted([one, two], how, 30, 40), 0, "what was counted meanwhile is told");
      } finally {
        await close();
      }
    });
  }

  /** Small enough that nothing of a count's size fits beside them in the end. */
  const fillers = (name: string) =>
    Array.from({ length: 1_000 }, (_, i) => `SET ${name}:${i} ${"x".repeat(40)}\r\n`).join("");

  test("go on with a share each when Redis is full", async () => {
    const { server, one, two, close } = await opened(patient, [3, "noeviction"]);
    const filling = createConnection(server.port)
      .on("error", () => undefined)
      .resume();
    try {
      let n = 0;
      await until(async () => {
        for (let i = 0; i < 10; i++) filling.write(fillers(`${n}:${i}`));
        return (await share({ one, two }, `full ${n++}`))[1] === 15;
      });
    } finally {
      filling.destroy();
      await close();
    }
  });
});
