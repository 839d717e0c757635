import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import {
  entryOf,
  type HistoryEntry,
  historyMarkdown,
  keepEntry,
  readHistory,
  risesOf,
  silentRises,
} from "./history.ts";

const at = (date: string) => ({ date, commit: "0123456789ab" });
const limit = (name: string, cpuMs: number) => ({ name, by: "the test", perSecond: 1, cpuMs });
const measured = (name: string, application: number, database: number) => ({
  ...{ name, how: "", callers: 1, perSecond: 1, p50: 1, p99: 1 },
  cpuMs: { application, database },
});

test("an entry holds each operation against what the machine could do in the same round", () => {
  // In the second round everything takes twice as long: the machine, not the shop.
  const rounds = [1, 2, 1].map((slow) => ({
    limits: [
      limit("bare node:http", 0.02 * slow),
      limit("point reads", 0.03 * slow),
      limit("one-statement orders", 0.15 * slow),
      limit("updates of one row", 9),
    ],
    measured: [measured("product", 0.06 * slow, 0.04 * slow)],
  }));
  const entry = entryOf({ rounds, settings: { products: 7 } }, at("2026-01-02"), "a new index");
  assert.deepEqual(entry, {
    ...at("2026-01-02"),
    products: 7,
    costs: { product: { cpuMs: 0.1, raw: 0.5 } },
    note: "a new index",
  });
});

const entry = (raw: number, products = 1_000, note?: string): HistoryEntry => ({
  ...at("2026-01-03"),
  products,
  costs: { product: { cpuMs: raw / 5, raw } },
  ...(note ? { note } : {}),
});

test("what rises by more than a tenth over the last entry of the same catalogue is found", () => {
  assert.deepEqual(risesOf([], entry(9)), []);
  assert.deepEqual(risesOf([entry(1)], entry(1.1)), []);
  assert.deepEqual(risesOf([entry(9), entry(1), entry(9, 5)], entry(2)), [{ name: "product", factor: 2 }]);
  const silent = entry(1.5);
  assert.deepEqual(silentRises([entry(1), entry(2, 1_000, "because"), entry(1), silent]), [
    [silent, [{ name: "product", factor: 1.5 }]],
  ]);
});

test("entries are kept in their order, and a page of them for people", async () => {
  const folder = await mkdtemp(join(tmpdir(), "storey history "));
  try {
    assert.deepEqual(await readHistory(folder), []);
    await keepEntry(folder, entry(1));
    await keepEntry(folder, entry(2, 1_000, "because"));
    assert.deepEqual(await readHistory(folder), [entry(1), entry(2, 1_000, "because")]);
    const page = await readFile(join(folder, "HISTORY.md"), "utf8");
    assert.match(page, /\| 2 \(0\.4\) \| because \|\n.*\| 1 \(0\.2\) \| {2}\|\n$/);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("the history of this repository has a note wherever a cost rose, and its page is what it says", async () => {
  const results = join(import.meta.dirname, "../results");
  const history = await readHistory(results);
  assert.ok(history.length > 0);
  assert.deepEqual(silentRises(history), []);
  assert.equal(await readFile(join(results, "HISTORY.md"), "utf8"), historyMarkdown(history));
});
