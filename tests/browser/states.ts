import type { Page } from "playwright-core";
import type { Scene, Visitor } from "./world.ts";

/** A page in one of its situations: full, empty, or after something went wrong. */
export interface State {
  readonly name: string;
  readonly path: (scene: Scene) => string;
  /** Whose browser it is; nobody's unless said. */
  readonly as?: Visitor;
  /** In the shop that has nothing in it, or in the one whose search has lost its tables. */
  readonly shop?: "empty" | "broken";
  /** What somebody does on the page before it is looked at. */
  readonly act?: (page: Page) => Promise<void>;
  /** The answer's status, where it is no success. */
  readonly status?: number;
}

const send = (page: Page) => page.locator("main form.form button[type=submit]").last().click();

const browsing: State[] = [
  { name: "home", path: () => "/" },
  { name: "home-empty", path: () => "/", shop: "empty" },
  { name: "department", path: () => "/c/home" },
  { name: "category", path: () => "/c/lamps" },
  { name: "category-filtered", path: () => "/c/lamps?sort=price&price=2000-20000" },
  { name: "category-nothing", path: () => "/c/lamps?price=1-2" },
  { name: "category-unknown", path: () => "/c/nothing-like-it", status: 404 },
  { name: "search", path: () => "/search?q=linen" },
  { name: "search-chinese", path: () => `/search?q=${encodeURIComponent("茶")}` },
  { name: "search-relaxed", path: () => "/search?q=linen+kettle+under+50" },
  { name: "search-nothing", path: () => "/search?q=qqxxzzyy" },
  { name: "product-options", path: ({ paths }) => paths.product },
  { name: "product-plain", path: ({ paths }) => paths.plainProduct },
  { name: "product-sold-out", path: ({ paths }) => paths.soldOut },
  {
    name: "product-added",
    path: ({ paths }) => paths.plainProduct,
    act: async (page) => {
      await page.waitForLoadState("networkidle");
      await page.locator(".add button").first().click();
      await page.locator(".notice.good").waitFor();
    },
  },
  { name: "shop", path: ({ paths }) => paths.shop },
  { name: "not-found", path: () => "/no/such/page", status: 404 },
  { name: "broken", path: () => "/search?q=linen", shop: "broken", status: 500 },
];

const buying: State[] = [
  { name: "cart-empty", path: () => "/cart" },
  { name: "cart-empty-unpaid", path: () => "/cart", as: "debtor" },
  { name: "cart", path: () => "/cart", as: "guest" },
  { name: "cart-surprised", path: () => "/cart", as: "surprised" },
  { name: "checkout-new", path: () => "/checkout", as: "newcomer" },
  {
    name: "checkout-address-refused",
    path: () => "/checkout",
    as: "newcomer",
    status: 422,
    act: async (page) => {
      await page.locator("[name=line1]").fill("   ");
      await page.locator("form.new-address").evaluate((form: HTMLFormElement) => {
        form.noValidate = true;
      });
      await send(page);
      await page.locator(".problem:not([hidden])").first().waitFor();
    },
  },
  { name: "checkout", path: () => "/checkout", as: "ada" },
  { name: "checkout-short", path: () => "/checkout", as: "surprised" },
  { name: "pay-captured", path: ({ paths }) => paths.payPaid, as: "ada" },
  { name: "pay-pending", path: ({ paths }) => paths.payPending, as: "ada" },
  { name: "pay-failed", path: ({ paths }) => paths.payFailed, as: "ada" },
];

/** The payment provider's pages: somebody else's, but on a buyer's way. */
const paying: State[] = [
  { name: "sandbox", path: ({ paths }) => paths.sandbox },
  { name: "sandbox-declined", path: ({ paths }) => paths.sandboxDeclined },
  { name: "sandbox-paid", path: ({ paths }) => paths.sandboxPaid },
  { name: "sandbox-bad-link", path: () => "/sandbox/pay?reference=1", status: 400 },
];

const own: State[] = [
  { name: "orders", path: () => "/orders", as: "ada" },
  { name: "orders-unpaid", path: () => "/orders", as: "debtor" },
  { name: "order-of-many", path: ({ paths }) => paths.ofMany, as: "debtor" },
  { name: "orders-empty", path: () => "/orders", as: "newcomer" },
  { name: "order-pending", path: ({ paths }) => paths.pending, as: "ada" },
  { name: "order-paid", path: ({ paths }) => paths.paid, as: "ada" },
  { name: "order-shipped", path: ({ paths }) => paths.shipped, as: "ada" },
  { name: "order-received", path: ({ paths }) => paths.received, as: "ada" },
  { name: "order-closed", path: ({ paths }) => paths.closed, as: "ada" },
  { name: "order-refunded", path: ({ paths }) => paths.refunded, as: "ada" },
  { name: "order-of-another", path: ({ paths }) => paths.paid, as: "newcomer", status: 404 },
  { name: "account", path: () => "/account", as: "ada" },
  { name: "account-empty", path: () => "/account", as: "newcomer" },
  { name: "sign-in", path: () => "/sign-in?next=/checkout" },
  {
    name: "sign-in-refused",
    path: () => "/sign-in",
    status: 401,
    act: async (page) => {
      await page.locator("[name=email]").fill("nobody@example.com");
      await page.locator("[name=password]").fill("not the password");
      await send(page);
      await page.locator(".notice.bad").waitFor();
    },
  },
  { name: "register", path: () => "/register" },
  {
    name: "register-refused",
    path: () => "/register",
    status: 422,
    act: async (page) => {
      await page.locator("main form.form").evaluate((form: HTMLFormElement) => {
        form.noValidate = true;
      });
      await page.locator("[name=email]").fill("not an address");
      await page.locator("[name=password]").fill("short");
      await send(page);
      await page.locator(".problem:not([hidden])").first().waitFor();
    },
  },
];

/** Every page in every situation it is tested and photographed in. */
export const states: readonly State[] = [...browsing, ...buying, ...paying, ...own];
