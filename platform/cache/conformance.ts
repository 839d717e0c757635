import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { systemClock } from "#kernel/clock";
import type { Cache, Entry } from "./api.ts";

/** How the suite reaches a cache; each call of `open` is another process's sight of the same one. */
export interface Subject {
  open(): Promise<Cache>;
  close(): Promise<void>;
}

const now = () => systemClock.now();
const entryOf = (value: unknown, ttlMs = 60_000): Entry => ({ value, at: now(), until: now() + ttlMs });
let numbers = 0;
const newKey = () => `thing:${numbers++}`;
export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export async function put(cache: Cache, key: string, entry: Entry): Promise<void> {
  const [found] = await cache.getMany([key]);
  await cache.setMany([{ key, entry, lease: found?.lease }]);
}
export const valueIn = async (cache: Cache, key: string): Promise<unknown> =>
  (await cache.getMany([key]))[0]?.entry?.value;

/** What protocols and servers have stumbled over. */
const awkward = [
  "",
  " ",
  "a b\r\nset c 0 0 1",
  "\u0000\u0001\u001f\u007f",
  Buffer.from(Array.from({ length: 256 }, (_, i) => i)).toString("latin1"),
  "\ud800 alone",
  "日本語 中文 ñ 🏬",
  "e\u0301 is not \u00e9",
  "__proto___",
  '-="\\/',
  "x".repeat(300),
];

type Check = (cache: Cache) => Promise<void>;

const checks: Record<string, Check> = {
  "what is put is found, with its position and its times": async (cache) => {
    const key = newKey();
    const entry = { ...entryOf({ price: 4900, name: "Hemd" }), position: "7/1" };
    await put(cache, key, entry);
    const [found] = await cache.getMany([key]);
    assert.deepEqual(found?.entry, entry);
    assert.equal(found?.since, "7/1");
  },

  "an answer that there is nothing is an answer": async (cache) => {
    const key = newKey();
    await put(cache, key, entryOf(null));
    const [found, other] = await cache.getMany([key, newKey()]);
    assert.equal(found?.entry?.value, null);
    assert.equal(other?.entry, undefined);
    assert.notEqual(other?.lease, undefined);
  },

  "a hundred keys are answered in their order, found or not": async (cache) => {
    const keys = Array.from({ length: 100 }, newKey);
    const found = await cache.getMany(keys);
    await cache.setMany(
      keys.flatMap((key, i) => (i % 3 === 0 ? [{ key, entry: entryOf({ i }), lease: found[i]?.lease }] : [])),
    );
    const again = await cache.getMany(keys);
    assert.deepEqual(
      again.map(({ entry }) => entry?.value),
      keys.map((_key, i) => (i % 3 === 0 ? { i } : undefined)),
    );
  },

  "keys and values of any characters are kept apart and whole": async (cache) => {
    for (const text of awkward) {
      const keys = [newKey(), `${newKey()} ${text}`, `${newKey()}:${text.repeat(20)}`];
      const values = keys.map((key, i) => ({ key, text, [text]: [i, text] }));
      const leases = await cache.getMany(keys);
      await cache.setMany(
        keys.map((key, i) => ({ key, entry: entryOf(values[i]), lease: leases[i]?.lease })),
      );
      const found = await cache.getMany(keys);
      assert.deepEqual(
        found.map(({ entry }) => entry?.value),
        values,
      );
    }
  },

  "what has expired is not found": async (cache) => {
    const key = newKey();
    await put(cache, key, entryOf("short", 120));
    assert.equal(await valueIn(cache, key), "short");
    await pause(150);
    assert.equal(await valueIn(cache, key), undefined);
    assert.equal(cache.peek?.(key), undefined);
  },

  "what is dropped is gone, and can be put again": async (cache) => {
    const key = newKey();
    await put(cache, key, entryOf("old"));
    await cache.drop([key, newKey()]);
    assert.equal(await valueIn(cache, key), undefined);
    assert.equal(cache.peek?.(key), undefined);
    await put(cache, key, entryOf("new"));
    assert.equal(await valueIn(cache, key), "new");
  },

  "what was read before a drop cannot be put after it": async (cache) => {
    for (const before of [undefined, entryOf("older")]) {
      const key = newKey();
      if (before) await put(cache, key, before);
      const [found] = await cache.getMany([key]);
      const entry = entryOf("read before the drop");
      await cache.drop([key]);
      await cache.setMany([{ key, entry, lease: found?.lease }]);
      assert.equal(await valueIn(cache, key), undefined);
    }
  },

  "a drop says from which position on one may read to fill it": async (cache) => {
    const key = newKey();
    await put(cache, key, entryOf("old"));
    await cache.drop([key], "12/34");
    const [found] = await cache.getMany([key]);
    assert.equal(found?.entry, undefined);
    assert.equal(found?.since, "12/34");
  },

  "an entry is replaced by a newer one": async (cache) => {
    const key = newKey();
    await put(cache, key, entryOf("first"));
    await pause(2);
    await put(cache, key, entryOf("second"));
    assert.equal(await valueIn(cache, key), "second");
  },

  "a value too large is left out and harms nobody": async (cache) => {
    const [large, small] = [newKey(), newKey()];
    await cache.setMany([
      { key: large, entry: entryOf("x".repeat(12_000_000)), lease: (await cache.getMany([large]))[0]?.lease },
      { key: small, entry: entryOf("y"), lease: (await cache.getMany([small]))[0]?.lease },
    ]);
    assert.equal(await valueIn(cache, large), undefined);
    assert.equal(await valueIn(cache, small), "y");
    assert.equal(cache.state().away, false);
  },

  "of many at once each gets its own": async (cache) => {
    const keys = Array.from({ length: 500 }, newKey);
    await Promise.all(keys.map((key) => put(cache, key, entryOf({ key }))));
    const found = await Promise.all(keys.map((key) => valueIn(cache, key)));
    const wrong = found.filter((value, i) => (value as { key?: string } | undefined)?.key !== keys[i]);
    // A crowd may find the cache busy for a moment; it never gets what is another's.
    assert.ok(wrong.every((value) => value === undefined));
    assert.ok(wrong.length < 250, `${wrong.length} of 500 were not kept`);
  },

  "it takes no more room than it has": async (cache) => {
    const text = "z".repeat(50_000);
    for (let round = 0; round < 60; round++) {
      await Promise.all(Array.from({ length: 10 }, () => put(cache, newKey(), entryOf(text))));
    }
    assert.ok(cache.state().bytes <= subjectBytes, `${cache.state().bytes} bytes`);
    // A crowd may have made it rest for a second.
    const key = newKey();
    for (let i = 0; i < 20 && (await valueIn(cache, key)) === undefined; i++) {
      await put(cache, key, entryOf("after all"));
      await pause(100);
    }
    assert.equal(await valueIn(cache, key), "after all");
  },
};

/** What a cache forgets because its server is slow is no answer here, however busy the machine. */
export const patient = { timeoutMs: 5_000 };

/** What a subject with a part in this process gives it, and its server about. */
export const subjectBytes = 16_000_000;

/** What every driver must do, on the real thing. */
export function cacheConformance(name: string, subject: () => Promise<Subject>, skip: string | false): void {
  describe(`${name} as a cache`, { skip }, () => {
    const opened = skip ? undefined : subject();
    const cache = opened?.then((each) => each.open());
    after(async () => {
      await (await cache)?.close();
      await (await opened)?.close();
    });
    for (const [what, check] of Object.entries(checks)) {
      test(what, async () => {
        if (cache !== undefined) await check(await cache);
      });
    }
  });
}
