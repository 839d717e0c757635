import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import type { Id } from "#kernel/id";
import { expectDone } from "#kernel/refusal";
import { buyer, categories, codeOf, type Merchant, merchant, sell } from "../support/people.ts";
import { openShop, type TestShop } from "../support/shop.ts";

type Sku = Id<"sku">;

describe("attacks on the checkout", () => {
  let shop: TestShop;
  let seller: Merchant;
  before(async () => {
    shop = await openShop();
    await categories(shop);
    seller = await merchant(shop);
  });
  after(() => shop.close());

  it("gives the same checkout 20 times to 20 requests with one key", async () => {
    const sku = (await sell(shop, seller, { stock: 10 })).skus[0]!.id;
    const who = await buyer(shop);
    const lines = [{ sku, quantity: 3 }];
    const quote = expectDone(await who.api.order.quote({ lines, address: who.address }));
    const body = { lines, address: who.address, quote: quote.digest };
    const key = crypto.randomUUID();
    const answers = await Promise.all(Array.from({ length: 20 }, () => who.api.order.place(body, { key })));
    const first = expectDone(answers[0]!);
    for (const answer of answers) assert.deepEqual(answer, first);
    assert.equal(expectDone(await who.api.order.list({})).items.length, 1);
    assert.equal(expectDone(await seller.api.inventory.level({ sku })).reserved, 3);

    const other = await who.api.order.place({ ...body, lines: [{ sku, quantity: 4 }] }, { key });
    assert.ok(["order.key_reused", "order.price_changed"].includes(codeOf(other)));
    const quote4 = expectDone(
      await who.api.order.quote({ lines: [{ sku, quantity: 4 }], address: who.address }),
    );
    const reused = await who.api.order.place(
      { lines: [{ sku, quantity: 4 }], address: who.address, quote: quote4.digest },
      { key },
    );
    assert.equal(codeOf(reused), "order.key_reused");
    assert.equal(expectDone(await who.api.order.list({})).items.length, 1);
    // Another buyer's equal key is another key.
    const bob = await buyer(shop);
    const his = await bob.api.order.place({ ...body, address: bob.address }, { key });
    assert.notEqual(expectDone(his).id, first.id);
  });

  it("gives a refused checkout the same refusal again, and the key to nobody else", async () => {
    const sku = (await sell(shop, seller, { stock: 1 })).skus[0]!.id;
    const who = await buyer(shop);
    const lines = [{ sku, quantity: 2 }];
    const quote = expectDone(await who.api.order.quote({ lines, address: who.address }));
    assert.deepEqual(quote.short, [{ sku, available: 1 }]);
    const body = { lines, address: who.address, quote: quote.digest };
    const key = crypto.randomUUID();
    const answers = await Promise.all(Array.from({ length: 10 }, () => who.api.order.place(body, { key })));
    for (const answer of answers) {
      assert.ok(["order.out_of_stock", "order.in_progress"].includes(codeOf(answer)), codeOf(answer));
    }
    await seller.api.inventory.setStock({ sku, onHand: 9 });
    assert.equal(codeOf(await who.api.order.place(body, { key })), "order.out_of_stock");
    assert.equal(codeOf(await who.api.order.place(body, { key: crypto.randomUUID() })), "done");
    assert.equal(expectDone(await seller.api.inventory.level({ sku })).reserved, 2);
  });

  it("charges the price that was shown, or refuses", async () => {
    const cup = await sell(shop, seller, { amount: 1_000 });
    const sku = cup.skus[0]!.id;
    const who = await buyer(shop);
    const lines = [{ sku, quantity: 1 }];
    const quote = expectDone(await who.api.order.quote({ lines, address: who.address }));
    const skus = [{ code: "CUP-0", options: { Size: "0" }, price: { amount: 1_100, currency: "USD" } }];
    expectDone(await seller.api.catalog.change({ id: cup.id, skus }));
    const place = (digest: string) =>
      who.api.order.place({ lines, address: who.address, quote: digest }, { key: crypto.randomUUID() });
    assert.equal(codeOf(await place(quote.digest)), "order.price_changed");
    const again = expectDone(await who.api.order.quote({ lines, address: who.address }));
    assert.equal(expectDone(await place(again.digest)).total.amount, 1_100 + 490);
  });

  it("keeps every line that two tabs put into one cart", async () => {
    const cup = await sell(shop, seller, { skus: 12 });
    const who = await buyer(shop);
    const put = (i: number, quantity: number) => who.api.cart.put({ sku: cup.skus[i]!.id, quantity });
    const left = (async () => {
      for (const i of [0, 1, 2, 3, 4, 5]) expectDone(await put(i, 2));
    })();
    const right = (async () => {
      for (const i of [11, 10, 9, 8, 7, 6]) expectDone(await put(i, 3));
    })();
    await Promise.all([left, right]);
    assert.equal(expectDone(await who.api.cart.get({})).count, 6 * 2 + 6 * 3);
  });

  it("leaves in the cart what was added while the order was placed", async () => {
    const [sku, other] = (await sell(shop, seller, { skus: 2 })).skus.map(({ id }) => id) as [Sku, Sku];
    const outcomes: string[] = [];
    // Ever later, until the order has read the cart before something was added at least once.
    for (let i = 0; i < 8 || (!outcomes.includes("done") && i < 40); i++) {
      const who = await buyer(shop);
      expectDone(await who.api.cart.put({ sku, quantity: 2 }));
      const quote = expectDone(await who.api.order.quote({ address: who.address }));
      const place = who.api.order.place({ address: who.address, quote: quote.digest });
      await pause(i * 3);
      expectDone(await who.api.cart.put({ sku: other, quantity: 3 }));
      outcomes.push(codeOf(await place));
      await shop.quiet();
      // Added before the order read the cart it was no longer what had been quoted; added after, it stays.
      const left = expectDone(await who.api.cart.get({})).lines.map((line) => [line.sku, line.quantity]);
      const added = [other, 3];
      if (outcomes.at(-1) === "done") assert.deepEqual(left, [added]);
      else assert.deepEqual(left.sort(), [[sku, 2], added].sort());
    }
    assert.ok(outcomes.includes("done"), outcomes.join());
    assert.ok(
      outcomes.every((code) => ["done", "order.price_changed"].includes(code)),
      outcomes.join(),
    );
  });

  it("gives the same answer again when the cart is empty by then", async () => {
    const sku = (await sell(shop, seller)).skus[0]!.id;
    const who = await buyer(shop);
    expectDone(await who.api.cart.put({ sku, quantity: 2 }));
    const quote = expectDone(await who.api.order.quote({ address: who.address }));
    const body = { address: who.address, quote: quote.digest };
    const key = crypto.randomUUID();
    const first = expectDone(await who.api.order.place(body, { key }));
    assert.equal(expectDone(await who.api.cart.get({})).count, 0);
    assert.deepEqual(expectDone(await who.api.order.place(body, { key })), first);
  });

  it("wants a key for whatever creates or charges", async () => {
    const who = await buyer(shop);
    const answer = await fetch(`${shop.url}/api/v1/checkouts`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${who.token}` },
      body: JSON.stringify({ address: who.address, quote: "x" }),
    });
    assert.equal(answer.status, 400);
    assert.equal(answer.headers.get("content-type"), "application/problem+json; charset=utf-8");
    assert.equal(((await answer.json()) as { code: string }).code, "request.idempotency_key_missing");
  });
});
