import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { openShop, type TestShop } from "../support/shop.ts";
import { noBrowser, sharedBrowser, visit, wordsOf } from "./browser.ts";
import { fill } from "./fill.ts";

describe("with JavaScript off", { skip: noBrowser }, () => {
  let shop: TestShop;
  let page: Page;
  before(async () => {
    shop = await openShop();
    await fill(shop, { products: 240, shops: 12 });
    page = await (await visit(await sharedBrowser(), 390, false)).newPage();
    page.setDefaultTimeout(15_000);
  });
  after(async () => {
    await page?.context().close();
    await shop?.close();
  });

  test("a department, a category and a product are three links away", async () => {
    await page.goto(shop.url);
    await page.getByText("All departments").first().click();
    await page
      .getByRole("navigation", { name: "Departments" })
      .getByRole("link", { name: "Clothing" })
      .click();
    await page.getByRole("heading", { level: 1, name: "Clothing" }).waitFor();
    await page.locator(".card h3 a").first().click();
    await page.locator("h1").waitFor();
    assert.match(page.url(), /\/p\/[0-9a-z]{13}\//);
  });

  test("search finds, sorts and turns pages", async () => {
    await page.goto(shop.url);
    await page.getByLabel("Search the shop").fill("shirt");
    await page.getByRole("button", { name: "Search", exact: true }).click();
    await page.getByRole("heading", { name: "Results for shirt" }).waitFor();
    await page.getByLabel("Sort by").selectOption("price");
    await page.getByRole("button", { name: "Apply" }).click();
    await page.waitForURL(/sort=price/);
    const prices = await pricesShown(page);
    assert.deepEqual(
      prices,
      [...prices].sort((a, b) => a - b),
    );
    await page.goto(`${shop.url}/search`);
    const first = await wordsOf(page.locator(".card h3 a").first());
    await page.getByRole("link", { name: "Next page" }).click();
    assert.notEqual(await wordsOf(page.locator(".card h3 a").first()), first);
  });

  test("filters are chosen in their drawer and sent from there", async () => {
    await page.goto(`${shop.url}/c/lamps`);
    await page.locator(".filter-drawer > summary").click();
    await page.locator(".filter-groups input[type=checkbox]").first().check();
    // Not "Show 12 things": how many there will be is not known yet.
    await page.locator(".filter-drawer").getByRole("button", { name: "Apply", exact: true }).click();
    await page.waitForURL(/a=/);
    assert.equal(await page.locator(".chip").count(), 1);
  });

  test("a choice is shown by the server, and goes into the cart", async () => {
    const found = await shop.client.search.list({ limit: 100 });
    assert.ok("items" in found);
    const hit = found.items.find(({ skus }) => skus.length > 3);
    assert.ok(hit);
    await page.goto(`${shop.url}/p/${hit.product}/${hit.slug}`);
    const option = page.locator(".option").first();
    const value = option.locator(".option-value:not(.impossible)").last();
    const word = await wordsOf(value.locator(".option-word"));
    await value.locator("input").check({ force: true });
    await page.getByRole("button", { name: "Show price and stock" }).click();
    assert.equal(await wordsOf(page.locator(".option").first().locator(".option-chosen")), word);
    await page.getByRole("button", { name: "Add to cart" }).click();
    await page.getByText("Added to your cart").waitFor();
    assert.ok((await wordsOf(page.locator(".line").first())).includes(word));
    await page.locator("select[name=quantity]").first().selectOption("2");
    await page.getByRole("button", { name: "Update" }).click();
    assert.equal(await page.locator("select[name=quantity]").first().inputValue(), "2");
    await page.getByRole("button", { name: "Remove" }).click();
    await page.getByText("Nothing in it yet").waitFor();
  });
});

async function pricesShown(page: Page): Promise<number[]> {
  const texts = await page.locator(".card .price").allTextContents();
  return texts.map((text) => Number(/[\d,.]+/.exec(text)?.[0].replaceAll(",", "")));
}
