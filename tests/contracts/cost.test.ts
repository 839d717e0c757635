import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { publicOperations } from "#apps/client/operations";
import { type Market, openMarket } from "./cost-market.ts";
import { pages } from "./cost-pages.ts";
import type { Size } from "./cost-party.ts";

/**
 * Statements that each public operation costs, `begin` and `commit` counted too: one round trip each. The edge adds
 * one a second for whoever sends a token. They are the same for few rows and for many; a change here is a change of
 * what the shop can bear, and wants a reason.
 */
const operations: Record<string, number> = {
  "account.register": 4,
  "account.signIn": 4,
  "account.signOut": 1,
  "account.me": 1,
  "account.rename": 1,
  "account.changePassword": 5,
  "account.addresses": 1,
  "account.addAddress": 1,
  "account.changeAddress": 1,
  "account.removeAddress": 1,
  "shop.open": 5,
  "shop.change": 1,
  "shop.get": 1,
  "shop.list": 1,
  "catalog.categories": 1,
  "catalog.putCategories": 1,
  "catalog.get": 1,
  "catalog.create": 4,
  "catalog.change": 3,
  "catalog.ofShop": 2,
  "catalog.importCsv": 7,
  "search.list": 1,
  "search.find": 1,
  "search.suggest": 1,
  "inventory.available": 1,
  "inventory.level": 1,
  "inventory.setStock": 2,
  "cart.get": 3,
  "cart.put": 3,
  "cart.remove": 3,
  "cart.merge": 6,
  "order.quote": 4,
  "order.place": 6,
  "order.checkout": 1,
  "order.pay": 2,
  "order.list": 1,
  "order.get": 1,
  "order.ofShop": 2,
  "order.cancel": 2,
  "order.ship": 2,
  "order.receive": 2,
  "order.refund": 2,
  "payment.get": 1,
  "payment.refresh": 1,
  "settlement.balance": 1,
  // What runs is known without the database, also when it is the database that has too much to do.
  "operations.topology": 0,
  "operations.flags": 0,
  "operations.setFlag": 0,
};

/** The same for the data of each page, without its frame (a cart's count, where there is one). */
const pageCosts: Record<string, number> = {
  home: 4,
  category: 3,
  search: 3,
  product: 4,
  shop: 4,
  cart: 5,
  checkout: 6,
  orders: 1,
  order: 1,
  account: 2,
};

/** Costs that are not the database's. */
const exempt: Record<string, string> = {
  "search.rebuild": "pages through every product there is, by its nature",
  "operations.health": "asks the supervisor, or the outboxes of this process, once in 2 s for all who look",
  "operations.audit": "reads every row, by its nature",
  "payment.callback": "is measured with its reactions by the load tests",
};

const sizes: readonly Size[] = ["few", "many"];

describe("what things cost in statements", () => {
  let market: Market;
  before(async () => {
    market = await openMarket();
  });
  after(() => market.close());

  it("is written down for every public operation", () => {
    const names = publicOperations().map(({ domain, name }) => `${domain}.${name}`);
    assert.deepEqual([...Object.keys(operations), ...Object.keys(exempt)].sort(), names.sort());
  });

  for (const [name, cost] of Object.entries(operations)) {
    it(`${name}: ${cost}`, async () => {
      for (const size of sizes) {
        const sent = await market.ask(name, size);
        assert.equal(sent.length, cost, `${name} for ${size}: ${sent.join(", ")}`);
      }
    });
  }

  for (const [name, cost] of Object.entries(pageCosts)) {
    it(`the page ${name}: ${cost}`, async () => {
      for (const size of sizes) {
        const sent = await pages[name]!(market, size);
        assert.equal(sent.length, cost, `${name} for ${size}: ${sent.join(", ")}`);
      }
    });
  }
});
