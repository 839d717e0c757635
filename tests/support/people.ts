import { type Client, openClient } from "#apps/client/client";
import type { Product } from "#domains/catalog/api";
import type { Id } from "#kernel/id";
import { expectDone, isRefusal } from "#kernel/refusal";
import type { TestShop } from "./shop.ts";

/** A shop that people can be in: one in this process, or one known by its address alone. */
export interface Place {
  readonly url: string;
  /** The API in nobody's name. */
  readonly client: Client;
  /** Waits until what was begun has come to rest everywhere. */
  quiet(): Promise<void>;
}

/** Somebody signed in, with the API in their name. */
export interface Person {
  readonly id: Id<"account">;
  readonly email: string;
  readonly token: string;
  readonly api: Client;
}

export interface Buyer extends Person {
  readonly address: Id<"address">;
}

export interface Merchant extends Person {
  readonly shop: Id<"shop">;
}

export const password = "correct horse battery";
let people = 0;

/** Registers somebody and signs them in. */
export async function person(shop: Place, client: Client = shop.client): Promise<Person> {
  people += 1;
  const email = `person-${people}-${crypto.randomUUID().slice(0, 8)}@example.com`;
  const account = expectDone(await client.account.register({ email, name: `Person ${people}`, password }));
  const session = expectDone(await client.account.signIn({ email, password }));
  return { id: account.id, email, token: session.token, api: client.as({ token: session.token }) };
}

/** A buyer with an address. */
export async function buyer(shop: Place): Promise<Buyer> {
  const someone = await person(shop);
  const address = expectDone(
    await someone.api.account.addAddress({
      recipient: "Ada Lovelace",
      line1: "12 Analytical Way",
      city: "London",
      postalCode: "N1 9GU",
      country: "GB",
    }),
  );
  return { ...someone, address: address.id };
}

/** A merchant with a shop that ships for 4.90, free from 100.00 on. */
export async function merchant(shop: Place): Promise<Merchant> {
  const someone = await person(shop);
  const opened = expectDone(
    await someone.api.shop.open({
      name: `Shop of ${someone.email}`,
      region: "Porto",
      shipping: { flat: 490, freeAbove: 10_000 },
    }),
  );
  return { ...someone, shop: opened.id };
}

/** Puts a published product with one SKU on sale, and waits until its stock is kept. */
export async function sell(
  shop: Place,
  who: Merchant,
  what: { title?: string; amount?: number; stock?: number; skus?: number } = {},
): Promise<Product> {
  const { title = "A plain cup", amount = 1_250, stock = 100, skus = 1 } = what;
  const product = expectDone(
    await who.api.catalog.create({
      shop: who.shop,
      title,
      category: "cups",
      status: "published",
      skus: Array.from({ length: skus }, (_, i) => ({
        code: `CUP-${i}`,
        options: { Size: String(i) },
        price: { amount, currency: "USD" },
        stock,
      })),
    }),
  );
  await shop.quiet();
  return product;
}

/** The categories that test products are put into. */
export async function categories(shop: TestShop): Promise<void> {
  const domain = { caller: { kind: "domain", domain: "test" } } as const;
  const context = {
    ...domain,
    deadline: Date.now() + 5_000,
    idempotencyKey: undefined,
    readToken: new Map(),
    trace: "",
  };
  const cups = { slug: "cups", parent: null, name: "Cups", nameZh: "杯子", position: 0, image: null };
  expectDone(await shop.doors.catalog.putCategories(context, { items: [cups] }));
}

export interface Wish {
  readonly sku: Id<"sku">;
  readonly quantity: number;
}

/** Quotes and places; the outcome as the API gives it. */
export async function order(who: Buyer, lines: Wish[], key: string = crypto.randomUUID()) {
  const quote = expectDone(await who.api.order.quote({ lines, address: who.address }));
  return who.api.order.place({ lines, address: who.address, quote: quote.digest }, { key });
}

/** Pays a checkout on the sandbox's own page and waits until the shop knows. */
export async function pay(shop: Place, who: Buyer, checkout: Id<"checkout">) {
  const payment = expectDone(await who.api.order.pay({ checkout, provider: "sandbox" }));
  await pressPay(shop, payment.redirectUrl);
  const deadline = Date.now() + 10_000;
  for (;;) {
    await shop.quiet();
    const now = expectDone(await who.api.payment.get({ id: payment.id }));
    if (now.state !== "pending") {
      await shop.quiet();
      return now;
    }
    if (Date.now() > deadline) throw new Error("the sandbox's callback did not come");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** What a browser does on the sandbox's page: reads the form and sends it with the button that was pressed. */
export async function pressPay(shop: Place, redirectUrl: string, choice = "pay"): Promise<Response> {
  const url = new URL(redirectUrl, shop.url);
  const page = await (await fetch(url)).text();
  const action = /<form[^>]*action="([^"]+)"/.exec(page)?.[1]?.replaceAll("&amp;", "&") ?? url.pathname;
  const fields = new URLSearchParams({ choice });
  for (const [, name = "", value = ""] of page.matchAll(
    /<input type="hidden" name="([^"]+)" value="([^"]*)"/g,
  )) {
    fields.set(name, value.replaceAll("&amp;", "&").replaceAll("&quot;", '"'));
  }
  const target = new URL(action, url);
  return fetch(target, {
    method: "POST",
    body: fields,
    redirect: "manual",
    headers: { origin: target.origin },
  });
}

/** The refusal's code, or "done". */
export const codeOf = (outcome: unknown): string =>
  isRefusal(outcome) ? (outcome as { refusal: string }).refusal : "done";

export { openClient };
