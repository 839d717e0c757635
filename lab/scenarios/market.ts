import type { Client } from "#apps/client/client";
import type { Id } from "#kernel/id";
import { patiently } from "./patience.ts";

export interface Buyer {
  readonly api: Client;
  readonly address: Id<"address">;
}

interface Audit {
  readonly clean: boolean;
  readonly broken: readonly { rule: string; offender: string; detail: string }[];
}

/** A small market in a running shop: one merchant, a few products with plenty in stock, and buyers with addresses. */
export interface Market {
  readonly buyers: readonly Buyer[];
  /** A checkout of two products that somebody could place now. */
  wish(buyer: Buyer): Promise<{
    lines: { sku: Id<"sku">; quantity: number }[];
    address: Id<"address">;
    quote: string;
  }>;
  /** The shop's own audit, asked as the demo's operator. */
  audit(client: Client): Promise<Audit>;
}

const password = "a password for the lab";
const products = 6;

/** Opens it through the public API alone. The shop must have the demo's categories and its operator. */
export async function openMarket(client: Client, buyers: number): Promise<Market> {
  const seller = await signedUp(client);
  const shop = await patiently(() =>
    seller.shop.open({
      name: "The lab's shop",
      region: "Delft",
      shipping: { flat: 300, freeAbove: null },
    }),
  );
  const { items } = await patiently(() => client.catalog.categories({}));
  const leaf = items.find((category) => category.parent !== null) ?? items[0];
  if (!leaf) throw new Error("the shop has no categories");
  const skus: Id<"sku">[] = [];
  for (let i = 0; i < products; i++) {
    const product = await patiently(() =>
      seller.catalog.create({
        shop: shop.id,
        title: `Product ${i} of the lab`,
        category: leaf.slug,
        status: "published",
        skus: [{ code: `LAB-${i}`, price: { amount: 1_000 + i, currency: "USD" }, stock: 1_000_000 }],
      }),
    );
    skus.push(...product.skus.map((sku) => sku.id));
  }
  await stocked(client, skus);
  return {
    buyers: await Promise.all(Array.from({ length: buyers }, () => buyer(client))),
    wish: async ({ api, address }) => {
      const at = crypto.getRandomValues(new Uint8Array(1))[0] ?? 0;
      const lines = [at, at + 1].map((i) => ({ sku: skus[i % products] as Id<"sku">, quantity: 1 }));
      const quote = await patiently(() => api.order.quote({ lines, address }));
      return { lines, address, quote: quote.digest };
    },
    audit: async () => audit(client),
  };
}

/** Stock is kept within a moment of the product; nothing can be bought before. */
async function stocked(client: Client, skus: Id<"sku">[]): Promise<void> {
  for (const deadline = Date.now() + 10_000; Date.now() < deadline; ) {
    const { items } = await patiently(() => client.inventory.available({ skus }));
    if (items.length === skus.length) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error("no stock is kept of new products after 10 s");
}

async function signedUp(client: Client): Promise<Client> {
  const email = `lab-${crypto.randomUUID()}@example.com`;
  await patiently(() => client.account.register({ email, name: "Lab", password }));
  const { token } = await patiently(() => client.account.signIn({ email, password }));
  return client.as({ token });
}

async function buyer(client: Client): Promise<Buyer> {
  const api = await signedUp(client);
  const address = await patiently(() =>
    api.account.addAddress({
      recipient: "Lab",
      line1: "1 Bench Street",
      city: "Delft",
      postalCode: "2611",
      country: "NL",
    }),
  );
  return { api, address: address.id };
}

/** The shop's own audit, asked as the demo's operator. */
export async function audit(client: Client): Promise<Audit> {
  const { demoOperator } = await import("#demo/accounts");
  const { token } = await patiently(() => client.account.signIn(demoOperator));
  return patiently(() => client.as({ token }).audit());
}
