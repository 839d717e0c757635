import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { publicOperations } from "#apps/client/operations";
import { newId, randomBucket } from "#kernel/id";
import { expectDone } from "#kernel/refusal";
import { askFor, operationCalled } from "../support/ask.ts";
import { bought } from "../support/bought.ts";
import { merchant, person } from "../support/people.ts";
import { openShop, type TestShop } from "../support/shop.ts";

/** Status codes by who asks: nobody, another buyer (no staff), another merchant, the owner. */
interface Row {
  readonly nobody: number;
  readonly otherBuyer: number;
  readonly otherMerchant: number;
}

/** Anybody may; or whatever the caller names is the caller's own. */
const open: Row = { nobody: 200, otherBuyer: 200, otherMerchant: 200 };
/** What belongs to somebody else does not exist for others. */
const hidden: Row = { nobody: 401, otherBuyer: 404, otherMerchant: 404 };
/** What everybody knows to exist, but only its staff may touch. */
const staffOnly: Row = { nobody: 401, otherBuyer: 403, otherMerchant: 403 };

/** Every public operation that names a thing, asked about somebody else's. The test fails when one is missing here. */
const rows: Record<string, Row> = {
  "account.changeAddress": hidden,
  "account.removeAddress": hidden,
  "shop.get": open,
  "shop.change": staffOnly,
  "catalog.get": open,
  "catalog.create": staffOnly,
  "catalog.change": staffOnly,
  "catalog.ofShop": open,
  "catalog.importCsv": staffOnly,
  "inventory.level": staffOnly,
  "inventory.setStock": staffOnly,
  "cart.put": open,
  "cart.remove": open,
  "order.checkout": hidden,
  "order.get": hidden,
  "order.ofShop": staffOnly,
  "order.cancel": hidden,
  "order.ship": hidden,
  "order.receive": hidden,
  "order.refund": hidden,
  "payment.get": hidden,
  "payment.refresh": hidden,
  "settlement.balance": staffOnly,
  "operations.setFlag": staffOnly,
};

/** Bodies that are right in every way but whose thing it is. */
const address = { recipient: "Eve", line1: "1", city: "X", postalCode: "1", country: "GB" };
const bodies: Record<string, object> = {
  "account.changeAddress": address,
  "shop.change": { name: "Eve's now" },
  "catalog.create": {
    title: "Eve's",
    category: "cups",
    skus: [{ code: "E", price: { amount: 1, currency: "USD" } }],
  },
  "catalog.change": { title: "Eve's now" },
  "catalog.importCsv": { csv: "Handle,Title\neve,Eve\n" },
  "inventory.setStock": { onHand: 0 },
  "cart.put": { quantity: 1 },
  "order.ship": { carrier: "Eve", trackingNumber: "1" },
  "operations.setFlag": { on: false },
};

describe("everything of somebody else's", () => {
  let shop: TestShop;
  let ids: Readonly<Record<string, string>> = {};
  const tokens: Record<string, string> = {};

  before(async () => {
    shop = await openShop();
    ids = { ...(await bought(shop)).ids, name: "facets" };
    tokens["otherBuyer"] = (await person(shop)).token;
    tokens["otherMerchant"] = (await merchant(shop)).token;
  });
  after(() => shop.close());

  const ask = async (name: string, token: string | undefined, change: (id: string) => string) => {
    const idOf = (kind: string) => change(ids[kind] ?? assert.fail(`no ${kind} to ask about`));
    const answer = await askFor(shop.url, operationCalled(name), { idOf, token, body: bodies[name] });
    await answer.body?.cancel();
    return answer.status;
  };

  it("is listed here, operation by operation", () => {
    const naming = publicOperations()
      .filter((each) => each.pathNames.length > 0 && !each.operation.rawBody)
      .map((each) => `${each.domain}.${each.name}`);
    assert.deepEqual(naming.sort(), Object.keys(rows).sort());
  });

  for (const [name, row] of Object.entries(rows)) {
    it(`${name} answers nobody ${row.nobody}, another buyer ${row.otherBuyer}`, async () => {
      const same = (id: string) => id;
      assert.equal(await ask(name, undefined, same), row.nobody, "nobody");
      assert.equal(await ask(name, tokens["otherBuyer"], same), row.otherBuyer, "another buyer");
      assert.equal(await ask(name, tokens["otherMerchant"], same), row.otherMerchant, "another merchant");
      assert.equal(await ask(name, "no such token", same), row.nobody, "a token that is nobody's");
    });
  }

  it("asks for ids that are none, or nobody's, and is refused in words", async () => {
    for (const name of Object.keys(rows)) {
      assert.ok([400, 401].includes(await ask(name, undefined, () => "not-an-id")), name);
      const status = await ask(name, tokens["otherMerchant"], () => newId(randomBucket(), Date.now()));
      const fine = name === "cart.remove" || name === "catalog.ofShop";
      assert.ok(fine ? status === 200 : [403, 404].includes(status), `${name}: ${status}`);
    }
  });

  it("has changed nothing", async () => {
    assert.deepEqual((await shop.audit(1_000)).broken, []);
    const cup = expectDone(await shop.client.catalog.get({ id: ids["product"] as never }));
    assert.equal(cup.title, "A plain cup");
  });

  it("keeps operators' things from everybody else", async () => {
    const headers = { authorization: `Bearer ${tokens["otherMerchant"]}` };
    for (const [method, path] of [
      ["GET", "audit"],
      ["POST", "search/rebuild"],
    ] as const) {
      const url = `${shop.url}/api/v1/operations/${path}`;
      assert.equal((await fetch(url, { method })).status, 401, path);
      assert.equal((await fetch(url, { method, headers })).status, 403, path);
    }
  });
});
