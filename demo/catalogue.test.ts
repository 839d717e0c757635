import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { demoCatalogue } from "./catalogue.ts";
import type { DemoProduct, DemoRequest } from "./types.ts";
import { colourHex } from "./words/colours.ts";

const CATALOGUE = demoCatalogue();
const PRODUCTS = [...CATALOGUE.products()];

function digestOf(request?: DemoRequest): string {
  const { categories, shops, products } = demoCatalogue(request);
  const digest = createHash("sha256").update(JSON.stringify([categories, shops]));
  for (const product of products()) digest.update(JSON.stringify(product));
  return digest.digest("hex").slice(0, 16);
}

function assertUnique(values: readonly string[], what: string): void {
  const seen = new Set<string>();
  for (const value of values) {
    assert.ok(!seen.has(value), `${what} twice: ${value}`);
    seen.add(value);
  }
}

test("the same request gives the same catalogue, another seed another one", () => {
  assert.equal(digestOf(), digestOf({ products: 3000, shops: 60, seed: 1 }));
  // Written down, so that another machine or engine is compared with the one that wrote it; renew it with the words.
  assert.equal(digestOf(), "daf55adfed4dcca4");
  assert.notEqual(digestOf({ products: 100 }), digestOf({ products: 100, seed: 2 }));
});

test("a larger catalogue starts with the smaller one", () => {
  const larger = demoCatalogue({ products: 5000 }).products();
  for (const product of PRODUCTS.slice(0, 500)) assert.deepEqual(larger.next().value, product);
});

test("3,000 products in 40 leaf categories of 8 departments from 60 shops", () => {
  assert.equal(PRODUCTS.length, 3000);
  assert.equal(CATALOGUE.shops.length, 60);
  const leaves = CATALOGUE.categories.filter((category) => category.parent !== null);
  assert.equal(leaves.length, 40);
  assert.equal(CATALOGUE.categories.length - leaves.length, 8);
  for (const { slug } of leaves) {
    const own = PRODUCTS.filter((product) => product.category === slug);
    assert.ok(own.length >= 50, `${slug} has only ${own.length} products`);
    assert.equal(own.filter((product) => product.popular).length, 1);
  }
  const chinese = PRODUCTS.filter((product) => product.language === "zh").length;
  assert.ok(chinese > 850 && chinese < 950, `${chinese} Chinese titles`);
});

test("each product is sold by a shop of its category, and no shop is empty", () => {
  const sells = new Map(CATALOGUE.shops.map((shop) => [shop.slug, new Set(shop.categories)]));
  for (const { shop, category, slug } of PRODUCTS) assert.ok(sells.get(shop)?.has(category), slug);
  assert.equal(new Set(PRODUCTS.map((product) => product.shop)).size, 60);
  for (const shop of CATALOGUE.shops)
    assert.ok(shop.categories.length >= 2 && shop.categories.length <= 4, shop.slug);
});

test("prices, stock, weights and options are sound", () => {
  for (const product of PRODUCTS) assertSound(product);
});

function assertSound({ slug, options, variants, look }: DemoProduct): void {
  assert.ok(options.length <= 2 && variants.length >= 1 && variants.length <= 12, slug);
  assert.equal(
    variants.length,
    options.reduce((product, option) => product * option.values.length, 1),
    slug,
  );
  assertUnique(
    variants.map((variant) => variant.optionValues.join("/")),
    `${slug}: options`,
  );
  for (const { sku, optionValues, priceMinor, compareAtMinor, weightGrams, stock } of variants) {
    assert.ok(Number.isSafeInteger(priceMinor) && priceMinor >= 100, `${sku}: ${priceMinor}`);
    assert.ok([0, 50, 90, 95, 99].includes(priceMinor % 100), `${sku}: ${priceMinor}`);
    assert.ok(
      compareAtMinor === null || compareAtMinor > priceMinor,
      `${sku}: ${compareAtMinor} for ${priceMinor}`,
    );
    assert.ok(Number.isSafeInteger(weightGrams) && weightGrams > 0, sku);
    assert.ok(Number.isSafeInteger(stock) && stock >= 0, sku);
    assert.equal(optionValues.length, options.length, sku);
    for (const [at, option] of options.entries())
      assert.ok(option.values.includes(optionValues[at] ?? ""), sku);
  }
  assert.ok(
    look.colours.length > 0 && look.colours.map(colourHex).every((hex) => /^#[0-9a-f]{6}$/.test(hex)),
    slug,
  );
}

test("descriptions are simple HTML and nothing in a product is left unfilled", () => {
  for (const product of PRODUCTS) {
    assert.match(product.descriptionHtml, /^(<\/?(p|ul|li|strong)>|[^<>])+$/, product.slug);
    assert.doesNotMatch(
      JSON.stringify(product),
      /undefined|\{(maker|kind|trait|material|brand)\}|NaN/,
      product.slug,
    );
    assert.deepEqual(JSON.parse(JSON.stringify(product)), product);
    assert.match(product.slug, /^[a-z0-9]+(-[a-z0-9]+)*$/);
  }
});

test("titles, slugs and SKU codes are unique among 40,000 products", () => {
  const titles: string[] = [];
  const slugs: string[] = [];
  const skus: string[] = [];
  for (const product of demoCatalogue({ products: 40_000, shops: 1000 }).products()) {
    titles.push(product.title);
    slugs.push(product.slug);
    for (const variant of product.variants) skus.push(variant.sku);
  }
  assertUnique(titles, "title");
  assertUnique(slugs, "slug");
  assertUnique(skus, "SKU");
});

test("any number of shops has unique names and sells every category", () => {
  for (const count of [1, 5, 17, 36, 60, 20_000]) {
    const { shops } = demoCatalogue({ products: 0, shops: count });
    assertUnique(
      shops.map((shop) => shop.slug),
      "shop slug",
    );
    assertUnique(
      shops.map((shop) => shop.name),
      "shop name",
    );
    assert.equal(new Set(shops.flatMap((shop) => shop.categories)).size, 40, `${count} shops`);
  }
});
