import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { expectDone } from "#kernel/refusal";
import { type Buyer, buyer, order } from "../support/people.ts";
import { openShop, type TestShop } from "../support/shop.ts";
import { noBrowser, remember, sharedBrowser, visit, wordsOf } from "./browser.ts";
import { fill } from "./fill.ts";

/** What made strangers hesitate (docs/walk.md), each done once on a phone. */
describe("where strangers hesitated", { skip: noBrowser }, () => {
  let shop: TestShop;
  let debtor: Buyer;
  before(async () => {
    shop = await openShop();
    await fill(shop, { products: 240, shops: 12 });
    debtor = await buyer(shop);
  });
  after(() => shop?.close());

  async function open(path: string, cookies: Record<string, string> = {}): Promise<Page> {
    const context = await visit(await sharedBrowser(), 390);
    await remember(context, shop.url, cookies);
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    await page.goto(shop.url + path);
    return page;
  }

  test("filters stay open while one chooses, say what they found, and close on the way to it", async () => {
    const page = await open("/search");
    await page.locator(".filter-drawer > summary").click();
    await page.locator(".filter-groups input[type=checkbox]").first().check();
    await page.waitForURL(/a=/);
    await page.locator("main:not([aria-busy])").waitFor();
    const done = page.locator(".filter-done");
    assert.equal(await page.getByRole("button", { name: /^Show [\d,]+ things?$/ }).count(), 1);
    await done.click();
    assert.equal(await page.locator(".filter-drawer[open]").count(), 0);
    const { y } = (await page.locator(".card").first().boundingBox()) ?? { y: Number.NaN };
    assert.ok(y >= 0 && y < 600, `the first thing stands at ${y} px`);
    assert.match(page.url(), /a=/, "the filter is still there");
    await page.context().close();
  });

  test("a picture that cannot be had gives way to its category's drawing, or to the shop's mark", async () => {
    const page = await open("/cart");
    const category = expectDone(await shop.client.catalog.categories({})).items.find(
      ({ slug }) => slug === "lamps",
    );
    const lamps = expectDone(await shop.client.search.list({ category: "lamps" })).items;
    const broken = lamps.find(({ image }) => image !== null && image !== category?.image);
    assert.ok(category?.image && broken?.image);
    await page.route(`**${broken.image}`, (route) => route.abort());
    const pictures = page.locator(`.gallery-shown img`);
    await page.goto(`${shop.url}/p/${broken.product}/${broken.slug}`);
    await page.waitForFunction(
      (src) => document.querySelector(".gallery-shown img")?.getAttribute("src") === src,
      category.image,
    );
    await page.route(`**${category.image}`, (route) => route.abort());
    await page.reload();
    await page.locator(".gallery-shown img.stand-in").waitFor();
    assert.match((await pictures.getAttribute("src")) ?? "", /icon.*[.]svg$/);
    await page.context().close();
  });

  test("a form says beside each field what it needs, before it is sent", async () => {
    const page = await open("/register");
    await page.getByLabel("Your name").fill("Ada");
    await page.getByRole("button", { name: "Create the account" }).click();
    const problems = page.locator(".problem:not([hidden])");
    assert.deepEqual(
      (await problems.allTextContents()).map((text) => text.trim()),
      ["That does not look like an e-mail address.", "At least 10 characters, please."],
    );
    await page.getByLabel("E-mail address").fill("ada@example.com");
    assert.equal(await problems.count(), 1, "what is right again is no longer said to be wrong");
    await page.context().close();
  });

  test("an unpaid checkout is found from an empty cart, and its button says what it pays", async () => {
    const { items } = expectDone(await shop.client.search.list({ limit: 100 }));
    const byShop = new Map(items.map((item) => [item.shop, item]));
    const lines = [...byShop.values()].flatMap(({ skus: [sku] }) => (sku ? [{ sku, quantity: 1 }] : []));
    const stock = expectDone(
      await shop.client.inventory.available({ skus: lines.map(({ sku }) => sku) }),
    ).items;
    const inStock = lines.filter(({ sku }) => stock.some((item) => item.sku === sku && item.available > 0));
    const placed = expectDone(await order(debtor, inStock.slice(0, 3)));
    assert.equal(placed.orders.length, 3);
    const page = await open("/cart", { session: debtor.token });
    const amount = (placed.total.amount / 100).toLocaleString("en-US", {
      style: "currency",
      currency: "USD",
    });
    const words = await wordsOf(page.locator(".unpaid"));
    assert.ok(words.includes(`You have an unpaid checkout of ${amount}`), words);
    await page.getByRole("link", { name: "Look at your orders" }).click();
    await page.locator(".order-card h3 a").first().click();
    const button = page.getByRole("button", { name: `Pay ${amount} for 3 orders` });
    assert.equal(await page.locator(".together a").count(), 2, "the two other orders are named");
    await button.click();
    await page.waitForURL("**/sandbox/**");
    assert.equal(await wordsOf(page.locator("h1 .sum")), amount);
    await page.context().close();
  });
});
