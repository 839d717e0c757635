import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Page } from "playwright-core";
import type { Id } from "#kernel/id";
import { expectDone } from "#kernel/refusal";
import type { Person } from "../support/people.ts";
import { openShop, type TestShop } from "../support/shop.ts";
import { complaintsOf, noBrowser, sharedBrowser, visit, widths, wordsOf } from "./browser.ts";
import { fill } from "./fill.ts";

describe("a buyer's whole way", { skip: noBrowser }, () => {
  let shop: TestShop;
  let merchant: Person;
  before(async () => {
    shop = await openShop();
    merchant = await fill(shop);
  });
  after(() => shop?.close());

  for (const width of widths) {
    test(`from the front page to the parcel at ${width} px`, async () => {
      const context = await visit(await sharedBrowser(), width);
      const page = await context.newPage();
      page.setDefaultTimeout(15_000);
      const complaints = complaintsOf(page);
      try {
        const bought = await fillCart(page, shop);
        assert.equal(await page.locator(".shop-group").count(), 3, "three shops in one cart");
        await page.getByRole("link", { name: "Check out" }).click();
        await register(page, `buyer-${width}@example.com`);
        await page.waitForURL("**/checkout");
        assert.equal(await page.locator(".shop-group").count(), 3, "the guest's cart came along");
        await sayWhereTo(page);
        const total = await wordsOf(page.locator(".buying-side .sums-total .price"));
        await page.getByRole("button", { name: "Place order and pay" }).click();
        await page.waitForURL("**/sandbox/**");
        assert.ok((await wordsOf(page.locator("body"))).includes(total), "the till asks for what was shown");
        await page.locator("button").first().click();
        await page.getByRole("heading", { name: "Thank you" }).waitFor();
        assert.equal(await page.locator(".order-card").count(), 3, "three orders of one payment");
        await receive(page, shop, merchant, bought);
        assert.deepEqual(complaints, []);
      } finally {
        await context.close();
      }
    });
  }
});

/** Searches, looks around and puts things of three shops into the cart; the titles. */
async function fillCart(page: Page, shop: TestShop): Promise<string[]> {
  await page.goto(shop.url);
  await page.getByRole("combobox", { name: "Search the shop" }).fill("shirt");
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await page.getByRole("heading", { name: "Results for shirt" }).waitFor();
  const sellers = new Set<string>();
  const titles: string[] = [];
  for (const where of [page.url(), `${shop.url}/c/kettles`, `${shop.url}/c/tea`, `${shop.url}/c/chairs`]) {
    if (titles.length === 3) break;
    await page.goto(where);
    const card = await firstOfAnother(page, sellers);
    if (!card) continue;
    await card.click();
    titles.push(await chooseAndAdd(page));
  }
  await page.getByRole("link", { name: /^Cart/ }).first().click();
  await page.getByRole("heading", { name: "Your cart" }).waitFor();
  return titles;
}

async function firstOfAnother(page: Page, sellers: Set<string>) {
  for (const card of await page.locator(".card:not(.sold-out)").all()) {
    const seller = await wordsOf(card.locator(".card-from"));
    if (sellers.has(seller)) continue;
    sellers.add(seller);
    return card.locator("h3 a");
  }
  return undefined;
}

/** Picks the last value of every option that can be had, and sees the choice in price, picture and stock. */
async function chooseAndAdd(page: Page): Promise<string> {
  const title = await wordsOf(page.locator("h1"));
  await page.waitForLoadState("networkidle");
  for (const option of await page.locator(".option").all()) {
    const value = option.locator(".option-value:not(.impossible)").last();
    const word = await wordsOf(value.locator(".option-word"));
    await value.locator("input").check({ force: true });
    assert.equal(await wordsOf(option.locator(".option-chosen")), word);
    assert.match(page.url(), /\?sku=/, "the choice is in the address");
  }
  const before = Number(await page.locator(".cart-count").getAttribute("data-count"));
  await page.getByRole("button", { name: "Add to cart" }).click();
  await page.locator(".notice.good").waitFor();
  assert.equal(Number(await page.locator(".cart-count").getAttribute("data-count")), before + 1);
  return title;
}

async function register(page: Page, email: string): Promise<void> {
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await page.getByRole("main").getByRole("link", { name: "Create an account" }).click();
  await page.getByLabel("Your name").fill("Ada Lovelace");
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password").fill("a long enough secret");
  await page.getByRole("button", { name: "Create the account" }).click();
}

async function sayWhereTo(page: Page): Promise<void> {
  await page.getByLabel("Full name").fill("Ada Lovelace");
  await page.getByLabel("Street and number").fill("12 Analytical Way");
  await page.getByLabel("Postal code").fill("N1 9GU");
  await page.getByLabel("City").fill("London");
  await page.getByLabel("Country").selectOption("GB");
  await page.getByRole("button", { name: "Deliver here" }).click();
  await page.waitForURL("**/checkout?address=*");
}

/** The first order is paid, the merchant sends it, the buyer has it. */
async function receive(
  page: Page,
  shop: TestShop,
  merchant: Person,
  bought: readonly string[],
): Promise<void> {
  await shop.bus.quiet();
  await page.getByRole("link", { name: "All your orders" }).click();
  await page.getByRole("heading", { name: "Your orders" }).waitFor();
  const list = await wordsOf(page.getByRole("main"));
  for (const title of bought) assert.ok(list.includes(title), `${title} is among the orders`);
  await page.locator(".order-card h3 a").first().click();
  await page.getByText("is getting it ready").waitFor();
  const id = new URL(page.url()).pathname.split("/").at(-1) as Id<"order">;
  expectDone(await merchant.api.order.ship({ id, carrier: "Parcel Post", trackingNumber: "PP123456789" }));
  await page.reload();
  await page.getByText("PP123456789").waitFor();
  await page.getByRole("button", { name: "I have received it" }).click();
  await page.getByText("Glad that it arrived").waitFor();
}
