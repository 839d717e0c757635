import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Doors } from "#apps/server/compose";
import { switchedDoors } from "#apps/server/switched-doors";
import { product } from "#apps/storefront/data/product";
import { expectDone, isRefusal } from "#kernel/refusal";
import { type FlagName, flagNames } from "#platform/flags/api";
import { type Market, openMarket } from "../contracts/cost-market.ts";
import { costOf } from "../contracts/cost-pages.ts";
import { again, anyone } from "../contracts/cost-party.ts";

describe("what is switched off", () => {
  let market: Market;
  let doors: Doors;
  const off = new Set<FlagName>();
  const flags = { isOn: (name: FlagName) => !off.has(name) };
  before(async () => {
    market = await openMarket();
    doors = switchedDoors(market.doors, flags);
  });
  after(() => market.close());
  /** Which statements `work` sends with a flag on, and with it off. */
  const withAndWithout = async (name: FlagName, work: (turn: string) => Promise<unknown>) => {
    off.clear();
    const on = await market.sentBy(() => work("on"));
    off.add(name);
    const without = await market.sentBy(() => work("off"));
    off.clear();
    return { on, without };
  };

  it("facets: a listing counts nothing to narrow down by, and says nothing of it", async () => {
    // Another shelf each time, so that nothing is remembered of the time before.
    const listing = (turn: string) =>
      doors.search.list(anyone, { category: "cups-1", priceFrom: turn === "on" ? 1 : 2, facets: true });
    const { on, without } = await withAndWithout("facets", listing);
    off.add("facets");
    const listed = expectDone(await listing("off"));
    const found = expectDone(await doors.search.find(anyone, { q: "cup" }));
    off.clear();
    assert.ok(listed.items.length > 0 && found.items.length > 0);
    assert.deepEqual([listed.facets, found.facets], [undefined, undefined]);
    assert.deepEqual(without, ["search.shelf_newest", "search.shelf_size"]);
    assert.ok(on.length > without.length, on.join());
    assert.ok(expectDone(await doors.search.find(anyone, { q: "cup" })).facets);
  });

  it("suggestions: a key press reaches no database", async () => {
    const asked = () => doors.search.suggest(anyone, { q: "cu" });
    const { on, without } = await withAndWithout("suggestions", asked);
    assert.deepEqual([on.length, without.length], [1, 0]);
  });

  it("related products: a product's page asks for none, and shows none", async () => {
    const { id, slug } = market.parties.few.product;
    const page = () => costOf(market, product, { params: { id, slug } }, flags);
    off.clear();
    const on = await page();
    off.add("relatedProducts");
    const without = await page();
    off.clear();
    assert.equal(without.length, on.length - 1, without.join());
    assert.ok(!without.some((each) => each.startsWith("search.")), without.join());
  });

  it("imports and registrations: refused before anything is read, hashed or written", async () => {
    const someone = { email: "late@example.com", name: "Late", password: "correct horse battery" };
    const csv = { shop: market.shop, csv: "Handle,Title\na,A" };
    for (const [name, work] of [
      ["registrations", () => doors.account.register(anyone, someone)],
      ["imports", () => doors.catalog.importCsv(again(anyone), csv)],
    ] as const) {
      off.add(name);
      const sent = await market.sentBy(async () => {
        const outcome = await work();
        assert.ok(isRefusal(outcome) && (outcome.refusal as string) === "request.switched_off", name);
      });
      assert.deepEqual(sent, []);
      off.clear();
    }
  });

  it("all of it: an order is placed and paid as ever, at the same cost", async () => {
    const { context, product: cups, address } = market.parties.few;
    const buy = async () => {
      const asked = { lines: cups.skus.map(({ id }) => ({ sku: id, quantity: 1 })), address };
      const { digest } = expectDone(await doors.order.quote(context, asked));
      const placed = expectDone(await doors.order.place(again(context), { ...asked, quote: digest }));
      expectDone(await doors.order.pay(again(context), { checkout: placed.id, provider: "sandbox" }));
    };
    const on = await market.sentBy(buy);
    for (const name of flagNames) off.add(name);
    assert.deepEqual(await market.sentBy(buy), on);
    off.clear();
  });
});
