import assert from "node:assert/strict";
import type { OperationsDoor } from "#apps/operator/api";
import type { Doors } from "#apps/server/compose";
import type { Context } from "#kernel/context";
import type { Id } from "#kernel/id";
import { expectDone } from "#kernel/refusal";
import { password } from "../support/people.ts";
import { again, anyone, asDomain, home, type Party, type Size, signedIn } from "./cost-party.ts";

type Work = () => Promise<unknown>;
/** Prepares what is asked, so that only the asking is counted. */
type Question = (party: Party, size: Size) => Work | Promise<Work>;
interface Asked {
  readonly doors: Doors;
  readonly operations: OperationsDoor;
  readonly shop: Id<"shop">;
  readonly seller: Context;
}

/** How each public operation is asked, by a party that has few of everything, or many. */
export const questions = (m: Asked): Record<string, Question> => ({
  ...accounts(m),
  ...selling(m),
  ...reading(m),
  ...buying(m),
  ...operating(m),
});

export const draftOf = (shop: Id<"shop">, title: string, skus: number) => ({
  shop,
  title,
  category: "cups-1",
  status: "published" as const,
  skus: Array.from({ length: skus }, (_, i) => ({
    code: `CUP-${i}`,
    options: { Size: String(i) },
    price: { amount: 1_000 + i, currency: "USD" },
    stock: 1_000,
  })),
});

const limitOf = (size: Size) => (size === "few" ? 1 : 100);
const someone = () => ({ email: `${crypto.randomUUID()}@example.com`, name: "New", password });

const accounts = ({ doors: { account }, doors }: Asked): Record<string, Question> => ({
  "account.register": () => () => account.register(anyone, someone()),
  "account.signIn":
    ({ email }) =>
    () =>
      account.signIn(anyone, { email, password }),
  "account.signOut": async ({ email }) => {
    const context = await signedIn(doors, email);
    return () => account.signOut(context, {});
  },
  "account.me": (p) => () => account.me(p.context, {}),
  "account.rename": (p) => () => account.rename(p.context, { name: "Ada" }),
  "account.changePassword": (p) => () => account.changePassword(p.context, { current: password, password }),
  "account.addresses": (p) => () => account.addresses(p.context, {}),
  "account.addAddress": (p) => () => account.addAddress(again(p.context), home),
  "account.changeAddress": (p) => () => account.changeAddress(p.context, { id: p.address, ...home }),
  "account.removeAddress": async (p) => {
    const { id } = expectDone(await account.addAddress(again(p.context), home));
    return () => account.removeAddress(p.context, { id });
  },
});

const opening = { name: "New", region: "X", shipping: { flat: 0, freeAbove: null } };
const csvOf = (size: Size): string => {
  const rows = Array.from(
    { length: limitOf(size) },
    (_, i) => `cup-${size}-${i},Cup ${i},cups-1,C-${i},9.00`,
  );
  return ["Handle,Title,Type,Variant SKU,Variant Price", ...rows].join("\n");
};

const selling = ({
  doors: { shop: shops, catalog, inventory, order, settlement },
  shop,
  seller,
}: Asked): Record<string, Question> => ({
  "shop.open": (p) => () => shops.open(again(p.context), opening),
  "shop.change": () => () => shops.change(seller, { id: shop, region: crypto.randomUUID() }),
  "catalog.putCategories": (_, size) => {
    const item = { parent: null, name: "New", nameZh: "新", position: 0, image: null };
    const items = Array.from({ length: limitOf(size) }, (_, i) => ({ ...item, slug: `new-${size}-${i}` }));
    return () => catalog.putCategories(asDomain, { items });
  },
  "catalog.create": (p) => () => catalog.create(again(seller), draftOf(shop, "New", p.product.skus.length)),
  "catalog.change": (p) => () => catalog.change(seller, { id: p.product.id, title: crypto.randomUUID() }),
  "catalog.importCsv": (_, size) => () => catalog.importCsv(again(seller), { shop, csv: csvOf(size) }),
  "inventory.level": (p) => () => inventory.level(seller, { sku: p.product.skus[0]!.id }),
  "inventory.setStock": (p) => () =>
    inventory.setStock(seller, { sku: p.product.skus[0]!.id, onHand: 2_000 }),
  "order.ofShop": (_, size) => () => order.ofShop(seller, { shop, limit: limitOf(size) }),
  "order.ship": (p) => () =>
    order.ship(again(seller), { id: p.orders.paid, carrier: "Post", trackingNumber: "2" }),
  "settlement.balance": () => () => settlement.balance(seller, { shop }),
});

const reading = ({
  doors: { shop: shops, catalog, search, inventory },
  shop,
}: Asked): Record<string, Question> => ({
  "shop.get": () => () => shops.get(anyone, { id: shop }),
  "shop.list": (_, size) => () => shops.list(anyone, { limit: limitOf(size) }),
  "catalog.categories": () => () => catalog.categories(anyone, {}),
  "catalog.get": (p) => () => catalog.get(anyone, { id: p.product.id }),
  "catalog.ofShop": (_, size) => () => catalog.ofShop(anyone, { shop, limit: limitOf(size) }),
  // What search remembers for some seconds (sizes of shelves, categories) is asked for before.
  "search.list": async (_, size) => {
    const work = () => search.list(anyone, { limit: limitOf(size), facets: true });
    await work();
    return work;
  },
  "search.find": async (_, size) => {
    const work = () => search.find(anyone, { q: "cup", limit: limitOf(size) });
    await work();
    return work;
  },
  "search.suggest": () => () => search.suggest(anyone, { q: "cu" }),
  "inventory.available": (p) => () =>
    inventory.available(anyone, { skus: p.product.skus.map(({ id }) => id) }),
});

const buying = ({ doors: { cart, order, payment } }: Asked): Record<string, Question> => ({
  "cart.get": (p) => () => cart.get(p.context, {}),
  "cart.put": (p) => () => cart.put(p.context, { sku: p.product.skus[0]!.id, quantity: 4 }),
  "cart.remove": (p) => () => cart.remove(p.context, { sku: p.product.skus[0]!.id }),
  "cart.merge": (p) => () => cart.merge(p.context, { token: p.guestToken }),
  "order.quote": (p) => () => order.quote(p.context, linesOf(p)),
  "order.place": async (p) => {
    const { digest } = expectDone(await order.quote(p.context, linesOf(p)));
    return () => order.place(again(p.context), { ...linesOf(p), quote: digest });
  },
  "order.checkout": (p) => () => order.checkout(p.context, { id: p.checkout }),
  "order.pay": (p) => () => order.pay(again(p.context), { checkout: p.checkout, provider: "sandbox" }),
  "order.list": (p, size) => () => order.list(p.context, { limit: limitOf(size) }),
  "order.get": (p) => () => order.get(p.context, { id: p.orders.paid }),
  "order.cancel": (p) => () => order.cancel(again(p.context), { id: p.orders.pending }),
  "order.receive": (p) => () => order.receive(again(p.context), { id: p.orders.shipped }),
  "order.refund": (p) => () => order.refund(again(p.context), { id: p.orders.refundable }),
  "payment.get": (p) => () => payment.get(p.context, { id: p.payment }),
  "payment.refresh": (p) => () => payment.refresh(p.context, { id: p.payment }),
});

function linesOf({ product, address }: Party) {
  assert.ok(product.skus.length > 1);
  return { lines: product.skus.map(({ id }) => ({ sku: id, quantity: 1 })), address };
}

const operating = ({ operations, seller }: Asked): Record<string, Question> => {
  const { caller } = seller;
  assert.ok(caller.kind === "account");
  const operator: Context = { ...seller, caller: { ...caller, operator: true } };
  return {
    "operations.topology": () => () => operations.topology(operator, {}),
    "operations.flags": () => () => operations.flags(operator, {}),
    "operations.setFlag": () => () => operations.setFlag(operator, { name: "facets", on: true }),
  };
};
