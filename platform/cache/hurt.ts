import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { systemClock } from "#kernel/clock";
import type { Cache } from "./api.ts";
import { put, valueIn } from "./conformance.ts";

/** A server that can be hurt, and a new sight of it. */
export interface HurtSubject {
  readonly server: {
    freeze(): Promise<void>;
    thaw(): void;
    kill(): Promise<void>;
    again(): Promise<void>;
  };
  open(): Promise<Cache>;
  close(): Promise<void>;
}

const entryOf = (value: unknown) => ({
  value,
  at: systemClock.now(),
  until: systemClock.now() + 60_000,
});

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (const deadline = performance.now() + 8_000; performance.now() < deadline; ) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.fail("it did not come about within 8 s");
}

/** On a busy machine the server may answer too late to be waited for. */
const putSurely = (cache: Cache, key: string, value: unknown) =>
  until(async () => {
    await put(cache, key, entryOf(value));
    return (await valueIn(cache, key)) === value;
  });

async function msOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** What a cache on a server must do while that is frozen, dead, or back and empty. */
export function hurtCache(name: string, subject: () => Promise<HurtSubject>, skip: string | false): void {
  describe(`${name} when its server is hurt`, { skip }, () => {
    const opened = skip ? undefined : subject();
    after(async () => (await opened)?.close());
    const with_ = async (work: (s: HurtSubject, cache: Cache, other: Cache) => Promise<void>) => {
      if (!opened) return;
      const s = await opened;
      const [cache, other] = await Promise.all([s.open(), s.open()]);
      try {
        await until(async () => {
          await put(cache, "warm", entryOf(1));
          return (await valueIn(other, "warm")) === 1;
        });
        await work(s, cache, other);
      } finally {
        s.server.thaw();
        await Promise.all([cache.close(), other.close()]);
      }
    };

    test("frozen, it is passed by within milliseconds, and used again when it is back", () =>
      with_(async ({ server }, cache) => {
        await putSurely(cache, "k", "v");
        await server.freeze();
        // It may still answer what it had begun.
        for (let i = 0; i < 10 && !cache.state().away; i++) {
          assert.ok((await msOf(() => valueIn(cache, "absent"))) < 500);
        }
        assert.equal(cache.state().away, true);
        const ms = await msOf(() => Promise.all(Array.from({ length: 200 }, () => valueIn(cache, "absent"))));
        assert.ok(ms < 200, `200 reads took ${ms} ms`);
        server.thaw();
        await until(async () => (await valueIn(cache, "k")) === "v");
      }));

    test("what was dropped while it was frozen is not read when it is back, by nobody", () =>
      with_(async ({ server }, cache, other) => {
        await putSurely(cache, "price", "old");
        await server.freeze();
        assert.ok((await msOf(() => cache.drop(["price"]))) < 500);
        for (let i = 0; i < 10 && !cache.state().away; i++) await cache.drop([`another ${i}`]);
        assert.equal(cache.state().away, true);
        server.thaw();
        // Whoever dropped it does not read it even once.
        await until(async () => {
          assert.notEqual(await valueIn(cache, "price"), "old");
          return !cache.state().away;
        });
        assert.equal(cache.state().owed, 0);
        assert.equal(await valueIn(other, "price"), undefined);
      }));

    test("killed and started again it is empty, and soon in use", () =>
      with_(async ({ server }, cache) => {
        await putSurely(cache, "k", "v");
        await server.kill();
        try {
          for (let i = 0; i < 4; i++) assert.ok((await msOf(() => valueIn(cache, "absent"))) < 500);
          await cache.setMany([{ key: "k", entry: entryOf("w"), lease: "" }]);
          await cache.drop(["k"]);
        } finally {
          await server.again();
        }
        await until(async () => {
          await put(cache, "k", entryOf("new"));
          return (await valueIn(cache, "k")) === "new";
        });
      }));
  });
}
