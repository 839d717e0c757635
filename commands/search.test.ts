import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { compose } from "#apps/server/compose";
import { systemClock } from "#kernel/clock";
import { expectDone } from "#kernel/refusal";
import { openTestDatabase } from "#tests/support/database";
import { categories, merchant, sell } from "#tests/support/people";
import { openShop } from "#tests/support/shop";
import type { openDoors } from "./doors.ts";
import { searchCommand } from "./search.ts";

const db = await openTestDatabase();
const shop = await openShop({ db });

/** As `openDoors` opens them beside a shop that runs. */
const open = (async (_options, log, counted) => {
  const database = db.database;
  const surroundings = { database, clock: systemClock, payWithinMs: 60_000, providers: {}, log };
  const composition = compose({ ...surroundings, counted: counted ?? (() => undefined) });
  return { ...composition, running: true, close: () => composition.bus.stop() };
}) as typeof openDoors;

describe("storey search rebuild", () => {
  after(async () => {
    await shop.close();
    await db.close();
  });

  test("search is rebuilt beside a running shop, which then finds what it had lost", async (t) => {
    await categories(shop);
    const seller = await merchant(shop);
    for (let i = 0; i < 3; i++) await sell(shop, seller);
    await shop.bus.quiet();
    await db.admin("delete from search.product");
    const said: string[] = [];
    t.mock.method(console, "log", (line: string) => said.push(line));
    await searchCommand(open).parseAsync(["rebuild", "--json"], { from: "user" });
    assert.deepEqual(said, ['{"products":3}']);
    const shown: string[] = [];
    t.mock.method(process.stderr, "write", (text: string) => shown.push(text));
    await searchCommand(open).parseAsync(["rebuild"], { from: "user" });
    t.mock.restoreAll();
    assert.match(said[1] ?? "", /^Search finds 3 products now, rebuilt in \d+\.\d s\.$/);
    const found = expectDone(await shop.client.search.list({ limit: 10 }));
    assert.equal(found.items.length, 3);
  });
});
