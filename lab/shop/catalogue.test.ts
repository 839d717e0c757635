import assert from "node:assert/strict";
import { test } from "node:test";
import { randomFor } from "#demo/random";
import { catalogueOf } from "./catalogue.ts";

const products = Array.from({ length: 50 }, (_, n) => ({
  product: `product-${n}`,
  shop: `shop-${n % 3}`,
  title: n % 2 ? "Harbour Linen Shirt" : "无线降噪耳机",
  category: "shirts",
  skus: [`sku-${n}`],
}));

test("the same seed makes the same things popular", () => {
  const drawn = (seed: number) => {
    const catalogue = catalogueOf(products, ["shirts", "lamps"], seed);
    const random = randomFor("draws");
    return Array.from({ length: 20 }, () => [
      catalogue.product(random).product,
      catalogue.category(random),
      catalogue.words(random),
    ]);
  };
  assert.deepEqual(drawn(1), drawn(1));
  assert.notDeepEqual(drawn(1), drawn(2));
});

test("two SKUs of one shop are of one shop, and two", () => {
  const catalogue = catalogueOf(products, ["shirts"], 1);
  const shopOf = new Map(products.map(({ shop, skus }) => [skus[0], shop]));
  const random = randomFor("pairs");
  for (let i = 0; i < 100; i++) {
    const [one, other] = catalogue.twoOfOneShop(random);
    assert.notEqual(one, other);
    assert.equal(shopOf.get(one), shopOf.get(other));
  }
});

test("searches for words people type: an English word or two Chinese characters", () => {
  const catalogue = catalogueOf(products, ["shirts"], 1);
  const random = randomFor("words");
  const words = new Set(Array.from({ length: 200 }, () => catalogue.words(random)));
  assert.ok(words.has("linen"));
  for (const word of words) assert.match(word, /^(?:harbour|linen|shirt|\p{Script=Han}{2})$/u);
});
