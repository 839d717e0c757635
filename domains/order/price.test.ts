import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Shop } from "#domains/shop/api";
import { type Id, newId, randomBucket } from "#kernel/id";
import { money } from "#kernel/money";
import { addUp, type Offer, priceAtShop, pricesOf, shippingFor } from "./price.ts";

const id = <Kind extends string>() => newId<Kind>(randomBucket(), Date.now()) as Id<Kind>;
const shopWith = (shipping: Shop["shipping"]) =>
  ({ id: id<"shop">(), name: "Harbour Linen", currency: "USD", shipping }) as Shop;
const offerAt = (amount: number): Offer => ({
  ...{ sku: id<"sku">(), product: id<"product">(), shop: id<"shop">(), title: "Cup", slug: "cup", code: "C" },
  ...{ options: {}, image: null, price: money(amount, "USD") },
});

test("shipping is flat, and nothing from the very sum on that the shop says", () => {
  const shop = shopWith({ flat: 490, freeAbove: 10_000 });
  const at = (amount: number) => shippingFor(shop, money(amount, "USD")).amount;
  assert.deepEqual([0, 1, 9_999, 10_000, 10_001].map(at), [490, 490, 490, 0, 0]);
  assert.equal(shippingFor(shopWith({ flat: 490, freeAbove: null }), money(1e9, "USD")).amount, 490);
  assert.equal(shippingFor(shopWith({ flat: 490, freeAbove: 0 }), money(0, "USD")).amount, 0);
});

test("a price is the sum of its lines and its shipping, and says how much is missing to free shipping", () => {
  const wanted = fc.array(
    fc.record({ amount: fc.nat(1_000_000), quantity: fc.integer({ min: 1, max: 99 }) }),
    { minLength: 1, maxLength: 10 },
  );
  const shipping = fc.record({ flat: fc.nat(5_000), freeAbove: fc.option(fc.nat(2_000_000)) });
  fc.assert(
    fc.property(wanted, shipping, (lines, terms) => {
      const quote = priceAtShop(
        shopWith(terms),
        lines.map(({ amount, quantity }) => ({ offer: offerAt(amount), quantity })),
      );
      const items = lines.reduce((total, { amount, quantity }) => total + amount * quantity, 0);
      const isFree = terms.freeAbove !== null && items >= terms.freeAbove;
      assert.equal(quote.items.amount, items);
      assert.equal(
        quote.lines.reduce((total, line) => total + line.total.amount, 0),
        items,
      );
      assert.equal(quote.total.amount, items + (isFree ? 0 : terms.flat));
      const isMissing = !isFree && terms.flat > 0 && terms.freeAbove !== null;
      assert.equal(quote.freeShippingIn?.amount, isMissing ? (terms.freeAbove ?? 0) - items : undefined);
    }),
  );
});

test("whatever is charged is in the text that stands for it", () => {
  const [shop, offer] = [shopWith({ flat: 490, freeAbove: null }), offerAt(1_250)];
  const quote = priceAtShop(shop, [{ offer, quantity: 2 }]);
  const dearer = { ...offer, price: money(1_251, "USD") };
  const texts = [
    pricesOf([quote]),
    pricesOf([priceAtShop(shop, [{ offer, quantity: 3 }])]),
    pricesOf([priceAtShop(shop, [{ offer: dearer, quantity: 2 }])]),
    pricesOf([priceAtShop({ ...shop, shipping: { flat: 491, freeAbove: null } }, [{ offer, quantity: 2 }])]),
    pricesOf([priceAtShop({ ...shop, id: id<"shop">() }, [{ offer, quantity: 2 }])]),
    pricesOf([quote, quote]),
  ];
  assert.equal(new Set(texts).size, texts.length);
  assert.equal(
    pricesOf([priceAtShop({ ...shop, name: "Renamed" }, [{ offer, quantity: 2 }])]),
    texts[0],
    "a name is no price",
  );
});

test("the same wish in several lines is one wish", () => {
  const [a, b] = [id<"sku">(), id<"sku">()];
  const wishes = [
    { sku: a, quantity: 2 },
    { sku: b, quantity: 1 },
    { sku: a, quantity: 3 },
  ];
  assert.deepEqual(addUp(wishes), [
    { sku: a, quantity: 5 },
    { sku: b, quantity: 1 },
  ]);
});
