import assert from "node:assert/strict";
import { test } from "node:test";
import { demoCatalogue } from "../catalogue.ts";
import type { DemoProduct } from "../types.ts";
import { wallColour } from "./backdrop.ts";
import { colourDistance } from "./colour.ts";
import { drawingOf } from "./drawings.ts";
import { type Look, lookOf, type View } from "./look.ts";
import { drawProduct, stands } from "./product.ts";
import { drawCategoryTile, drawShopBanner } from "./scenery.ts";

const CATALOGUE = demoCatalogue();
const PRODUCTS = [...CATALOGUE.products()];
const VIEWS: readonly View[] = [0, 1, 2, 3];
const NEIGHBOURS = 48;

/** Fails unless tags nest, attributes are quoted and not doubled, and every url(#id) has its definition. */
function assertPicture(svg: string, name: string, mostBytes: number): void {
  assert.ok(Buffer.byteLength(svg) < mostBytes, `${name}: ${Buffer.byteLength(svg)} bytes`);
  assert.doesNotMatch(svg, /<script|href|<text|style=|<!|&|javascript:|on\w+=/, name);
  assert.doesNotMatch(svg, /NaN|undefined|Infinity|null|\[object/, name);
  const open: string[] = [];
  const rest = svg.replace(
    /<(\/?)([a-zA-Z]+)((?:\s+[a-zA-Z][\w:-]*="[^"<>]*")*)\s*(\/?)>/g,
    (_, close, tag, attributes, empty) => {
      const names = [...String(attributes).matchAll(/\s([\w:-]+)="/g)].map((match) => match[1]);
      assert.equal(new Set(names).size, names.length, `${name}: an attribute twice in <${tag}${attributes}>`);
      if (close === "/") assert.equal(open.pop(), tag, `${name}: </${tag}> closes another element`);
      else if (empty !== "/") open.push(tag);
      return "";
    },
  );
  assert.equal(rest, "", `${name}: not well formed`);
  assert.deepEqual(open, [], `${name}: left open`);
  const ids = [...svg.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]);
  assert.equal(new Set(ids).size, ids.length, `${name}: an id twice`);
  for (const [, id] of svg.matchAll(/url\(#([^)]+)\)/g)) assert.ok(ids.includes(id), `${name}: no ${id}`);
}

test("every picture is well-formed SVG below 8 KB that refers to nothing outside", () => {
  for (const product of PRODUCTS)
    for (const view of VIEWS) assertPicture(drawProduct(product, view), `${product.slug} ${view}`, 8192);
});

test("tiles and banners are well-formed as well", () => {
  for (const category of CATALOGUE.categories)
    assertPicture(drawCategoryTile(category), category.slug, 12_000);
  for (const shop of CATALOGUE.shops) assertPicture(drawShopBanner(shop), shop.slug, 14_000);
});

test("every kind of every category has its own drawing", () => {
  for (const { category, look } of PRODUCTS)
    assert.ok(drawingOf(category).forms[look.form], `${category}: ${look.form}`);
});

test("a product is always drawn the same, and its views differ", () => {
  for (const product of PRODUCTS.slice(0, 200)) {
    const pictures = VIEWS.map((view) => drawProduct(product, view));
    assert.equal(new Set(pictures).size, 4, product.slug);
    assert.equal(drawProduct(structuredClone(product), 0), pictures[0]);
  }
});

/**
 * How unlike two pictures are, by what was decided before drawing: one clear difference (another silhouette,
 * another colour, another wall) counts about 3. Rasterising takes a browser; done once for the first 48 of
 * each category at 12 by 12 pixels, the least of 45,120 pairs differed by 8.4 of 255 a channel, the median by
 * 47.
 */
function unlikeness(a: Look, b: Look): number {
  const sameForm = a.subject.form === b.subject.form;
  const things = sameForm ? colourDistance(a.subject.main, b.subject.main) / 60 : 3;
  const walls = colourDistance(wallColour(a.stage), wallColour(b.stage)) / 60;
  const place = a.stage.composition === b.stage.composition ? 0 : 1.5;
  const dressing =
    Number(a.subject.pattern !== b.subject.pattern) +
    Number(a.prop !== b.prop) * 0.5 +
    Number(a.flipped !== b.flipped) * 0.5;
  return things + walls + place + dressing;
}

test("among 48 neighbours of a category no two pictures look alike", () => {
  const byCategory = Map.groupBy(PRODUCTS, (product: DemoProduct) => product.category);
  let pairs = 0;
  let close = 0;
  for (const products of byCategory.values()) {
    const looks = products.map((product) =>
      lookOf(product, 0, stands(drawingOf(product.category), product.look.form)),
    );
    for (const [at, look] of looks.entries()) {
      for (let other = at + 1; other < Math.min(looks.length, at + NEIGHBOURS); other++) {
        const unlike = unlikeness(look, looks[other]!);
        assert.ok(unlike > 1.2, `${products[at]!.slug} and ${products[other]!.slug}: ${unlike.toFixed(1)}`);
        assert.notDeepEqual(look.stage, looks[other]!.stage, "the same place twice");
        pairs++;
        if (unlike < 3) close++;
      }
    }
  }
  assert.ok(close / pairs < 0.0005, `${close} of ${pairs} pairs differ in less than one clear thing`);
});
