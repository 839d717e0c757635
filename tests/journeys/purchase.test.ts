import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { expectDone } from "#kernel/refusal";
import { distributionPostgres, findNeed, installCommand } from "#launcher/packages";
import { buyer, categories, codeOf, merchant, pay, sell } from "../support/people.ts";
import { startTestServer } from "../support/server.ts";
import { openShop, type TestShop } from "../support/shop.ts";

/** The same journey on the embedded server and on whichever the distribution has: 15 to 18. */
const servers = ["embedded", "distribution"] as const;

for (const from of servers) {
  describe(`a purchase from one shop, on the ${from} PostgreSQL`, { skip: whyNot(from) }, () => {
    let shop: TestShop;
    let server: Awaited<ReturnType<typeof startTestServer>> | undefined;
    before(async () => {
      if (from === "distribution") server = await startTestServer(from);
      shop = await openShop(server ? { server } : {});
      await categories(shop);
    });
    after(async () => {
      await shop.close();
      await server?.stop();
    });

    it("goes from the cart to the merchant's balance, and every cent is accounted for", async () => {
      const seller = await merchant(shop);
      const cup = await sell(shop, seller, { title: "Blue stoneware cup", amount: 1_250, stock: 10 });
      const sku = cup.skus[0]!.id;
      const ada = await buyer(shop);

      const found = expectDone(await shop.client.search.find({ q: "stoneware cups" }));
      assert.deepEqual(
        found.items.map((hit) => hit.product),
        [cup.id],
      );
      const cart = expectDone(await ada.api.cart.put({ sku, quantity: 2 }));
      assert.equal(cart.total.amount, 2_500);

      const quote = expectDone(await ada.api.order.quote({ address: ada.address }));
      assert.equal(quote.total.amount, 2_500 + 490);
      const checkout = expectDone(await ada.api.order.place({ address: ada.address, quote: quote.digest }));
      assert.equal(checkout.orders.length, 1);
      assert.equal(expectDone(await ada.api.cart.get({})).lines.length, 0);
      assert.equal(expectDone(await shop.client.inventory.available({ skus: [sku] })).items[0]?.available, 8);

      const payment = await pay(shop, ada, checkout.id);
      assert.equal(payment.state, "captured");
      const id = checkout.orders[0]!.id;
      assert.equal(expectDone(await ada.api.order.get({ id })).state, "paid");
      const held = expectDone(await seller.api.settlement.balance({ shop: seller.shop }));
      assert.equal(held.escrow.amount, 2_990);

      const parcel = { id, carrier: "Parcel Post", trackingNumber: "PP1" };
      assert.equal(expectDone(await seller.api.order.ship(parcel)).state, "shipped");
      assert.equal(codeOf(await ada.api.order.refund({ id })), "order.wrong_state");
      assert.equal(expectDone(await ada.api.order.receive({ id })).state, "received");
      await shop.bus.quiet();

      const settled = expectDone(await seller.api.settlement.balance({ shop: seller.shop }));
      assert.equal(settled.escrow.amount, 0);
      // 5 % of the goods, and nothing of the shipping.
      assert.equal(settled.payable.amount, 2_990 - 125);
      const stock = expectDone(await seller.api.inventory.level({ sku }));
      assert.deepEqual([stock.onHand, stock.reserved], [8, 0]);
      assert.deepEqual((await shop.audit(500)).broken, []);
    });
  });
}

function whyNot(from: (typeof servers)[number]): string | false {
  if (from === "embedded" || findNeed(distributionPostgres)) return false;
  return `the distribution's PostgreSQL is not installed: sudo ${installCommand([distributionPostgres])}`;
}
