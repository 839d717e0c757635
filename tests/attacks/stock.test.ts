import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Id } from "#kernel/id";
import { expectDone } from "#kernel/refusal";
import {
  type Buyer,
  buyer,
  categories,
  codeOf,
  type Merchant,
  merchant,
  order,
  sell,
} from "../support/people.ts";
import { openShop, type TestShop } from "../support/shop.ts";

/** How often each outcome came about. */
function tally(outcomes: readonly unknown[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) counts[codeOf(outcome)] = (counts[codeOf(outcome)] ?? 0) + 1;
  return counts;
}

describe("attacks on the stock", () => {
  let shop: TestShop;
  let seller: Merchant;
  before(async () => {
    shop = await openShop();
    await categories(shop);
    seller = await merchant(shop);
  });
  after(() => shop.close());

  const levelOf = async (sku: Id<"sku">) => expectDone(await seller.api.inventory.level({ sku }));

  it("sells the last 10 pieces to 10 of 200 buyers", async () => {
    const sku = (await sell(shop, seller, { stock: 10 })).skus[0]!.id;
    const crowd: Buyer[] = [];
    for (let i = 0; i < 200; i += 20) {
      crowd.push(...(await Promise.all(Array.from({ length: 20 }, () => buyer(shop)))));
    }
    const outcomes = await Promise.all(crowd.map((who) => order(who, [{ sku, quantity: 1 }])));
    assert.deepEqual(tally(outcomes), { done: 10, "order.out_of_stock": 190 });
    await shop.bus.quiet();
    const level = await levelOf(sku);
    assert.deepEqual([level.onHand, level.reserved, level.available], [10, 10, 0]);
    assert.deepEqual((await shop.audit(500)).broken, []);
  });

  it("reserves all of a checkout or none of it", async () => {
    const plenty = (await sell(shop, seller, { stock: 50 })).skus[0]!.id;
    const scarce = (await sell(shop, seller, { stock: 1 })).skus[0]!.id;
    const who = await buyer(shop);
    const refused = await order(who, [
      { sku: plenty, quantity: 5 },
      { sku: scarce, quantity: 2 },
    ]);
    assert.equal(codeOf(refused), "order.out_of_stock");
    assert.equal((await levelOf(plenty)).reserved, 0);
    assert.equal((await levelOf(scarce)).reserved, 0);
  });

  it("adds up repeated lines of one SKU", async () => {
    const sku = (await sell(shop, seller, { stock: 5 })).skus[0]!.id;
    const who = await buyer(shop);
    const line = { sku, quantity: 2 };
    assert.equal(codeOf(await order(who, [line, line, line])), "order.out_of_stock");
    const placed = expectDone(await order(who, [line, line]));
    assert.equal(placed.orders[0]?.lines.length, 1);
    assert.equal(placed.orders[0]?.lines[0]?.quantity, 4);
    assert.equal((await levelOf(sku)).reserved, 4);
  });

  it("refuses quantities that are none", async () => {
    const sku = (await sell(shop, seller)).skus[0]!.id;
    const who = await buyer(shop);
    const strange = [0, -1, 1.5, 1_000, 2 ** 53, Number.MAX_VALUE, "2", null, [2], {}] as unknown as number[];
    for (const quantity of strange) {
      const asked = { lines: [{ sku, quantity }], address: who.address };
      assert.equal(
        codeOf(await who.api.order.quote(asked)),
        "request.invalid",
        `a quote of ${String(quantity)}`,
      );
      const place = await who.api.order.place({ ...asked, quote: "x" });
      assert.equal(codeOf(place), "request.invalid", `an order of ${String(quantity)}`);
      const put = await who.api.cart.put({ sku, quantity });
      assert.equal(codeOf(put), "request.invalid", `a cart with ${String(quantity)}`);
      const say = await seller.api.inventory.setStock({
        sku,
        onHand: quantity === 0 || quantity === 1_000 ? -5 : quantity,
      });
      assert.equal(codeOf(say), "request.invalid", `a stock of ${String(quantity)}`);
    }
    assert.equal((await levelOf(sku)).reserved, 0);
  });

  it("lets nobody say less stock than orders have reserved", async () => {
    const sku = (await sell(shop, seller, { stock: 5 })).skus[0]!.id;
    expectDone(await order(await buyer(shop), [{ sku, quantity: 4 }]));
    assert.equal(codeOf(await seller.api.inventory.setStock({ sku, onHand: 3 })), "inventory.below_reserved");
    assert.equal(expectDone(await seller.api.inventory.setStock({ sku, onHand: 4 })).available, 0);
  });

  it("refuses a reservation that comes after its release", async () => {
    const sku = (await sell(shop, seller, { stock: 5 })).skus[0]!.id;
    const who = await buyer(shop);
    const context = { caller: { kind: "domain", domain: "order" } as const, ...rest() };
    const lines = [{ id: newIdOf(sku), sku, quantity: 1 }];
    const checkout = who.id as unknown as Id<"checkout">;
    await shop.doors.inventory.release(context, { checkout, lines });
    const late = expectDone(await shop.doors.inventory.reserve(context, { checkout, lines }));
    assert.deepEqual(late[0]?.reserved, false);
    assert.equal((await levelOf(sku)).reserved, 0);
  });
});

const rest = () => ({
  deadline: Date.now() + 5_000,
  idempotencyKey: undefined,
  readToken: new Map<string, string>(),
  trace: "test",
});

const newIdOf = (sku: Id<"sku">): Id<"reservation"> =>
  `${sku.slice(0, -1)}${sku.endsWith("z") ? "y" : "z"}` as Id<"reservation">;
