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
  pay,
  sell,
} from "../support/people.ts";
import { openShop, type TestShop } from "../support/shop.ts";

const states = ["pending", "paid", "shipped", "received", "closed", "refunded"] as const;
type State = (typeof states)[number];
/** What the API offers; what pays an order is its payment. */
const verbs = ["close", "ship", "receive", "refund"] as const;
type Verb = (typeof verbs)[number];

/** What was promised, written down apart from the domain's own table. */
const allowed: Record<Verb, { readonly from: readonly State[]; readonly to: State }> = {
  close: { from: ["pending"], to: "closed" },
  ship: { from: ["paid"], to: "shipped" },
  receive: { from: ["shipped"], to: "received" },
  refund: { from: ["paid", "shipped"], to: "refunded" },
};

/** What leads to each state from where an order begins. */
const way: Record<State, readonly ("pay" | Verb)[]> = {
  pending: [],
  paid: ["pay"],
  shipped: ["pay", "ship"],
  received: ["pay", "ship", "receive"],
  closed: ["close"],
  refunded: ["pay", "refund"],
};

describe("what can become of an order", () => {
  let shop: TestShop;
  let seller: Merchant;
  let sku: Id<"sku">;
  let ada: Buyer;
  before(async () => {
    shop = await openShop();
    await categories(shop);
    seller = await merchant(shop);
    sku = (await sell(shop, seller, { stock: 1_000 })).skus[0]!.id;
    ada = await buyer(shop);
  });
  after(() => shop.close());

  const parcel = { carrier: "Post", trackingNumber: "1" };
  const does: Record<Verb, (id: Id<"order">) => Promise<unknown>> = {
    close: (id) => ada.api.order.cancel({ id }),
    ship: (id) => seller.api.order.ship({ id, ...parcel }),
    receive: (id) => ada.api.order.receive({ id }),
    // The shop may longer than the buyer.
    refund: (id) => seller.api.order.refund({ id }),
  };
  const orderThatIs = async (state: State) => {
    const checkout = expectDone(await order(ada, [{ sku, quantity: 1 }]));
    const id = checkout.orders[0]!.id;
    for (const step of way[state]) {
      if (step === "pay") await pay(shop, ada, checkout.id);
      else assert.equal(codeOf(await does[step](id)), "done", `${step} on the way to ${state}`);
    }
    assert.equal(expectDone(await ada.api.order.get({ id })).state, state);
    return id;
  };

  for (const state of states)
    it(`${state}: only what was promised, and a repeat changes nothing`, async () => {
      for (const verb of verbs) {
        const id = await orderThatIs(state);
        const { from, to } = allowed[verb];
        const isAllowed = from.includes(state);
        const outcome = codeOf(await does[verb](id));
        assert.equal(outcome, isAllowed || to === state ? "done" : "order.wrong_state", verb);
        const now = expectDone(await ada.api.order.get({ id }));
        assert.equal(now.state, isAllowed ? to : state, verb);
        assert.equal(now.history.length, way[state].length + (isAllowed ? 2 : 1), `${verb} told once`);
      }
    });

  it("a parcel is sent once, with one number", async () => {
    const id = await orderThatIs("shipped");
    const other = await seller.api.order.ship({ id, carrier: "Post", trackingNumber: "2" });
    assert.equal(codeOf(other), "order.wrong_state");
    assert.equal(expectDone(await ada.api.order.get({ id })).shipment?.trackingNumber, "1");
  });

  it("leaves stock and money where they belong", async () => {
    await shop.quiet();
    assert.deepEqual((await shop.audit(1_500)).broken, []);
  });
});
