import type { AccountDoor } from "#domains/account/api";
import { accountModule } from "#domains/account/module";
import type { CatalogDoor } from "#domains/catalog/api";
import { catalogModule } from "#domains/catalog/module";
import type { InventoryDoor } from "#domains/inventory/api";
import { inventoryModule } from "#domains/inventory/module";
import type { ShopDoor } from "#domains/shop/api";
import { shopModule } from "#domains/shop/module";
import { type Caller, type Context, newContext } from "#kernel/context";
import type { Event } from "#kernel/event";
import { bucketOf, type Id, newId, randomBucket, randomToken } from "#kernel/id";
import { expectDone } from "#kernel/refusal";
import { openLocalBus } from "#platform/bus/drivers/local";
import { allBuckets, type Statement, type Store, type Writer } from "#platform/database/api";
import { openTestDatabase, type TestDatabase } from "#tests/support/database";
import type { CartDoor } from "./api.ts";
import { cartModule } from "./module.ts";

/** Cart on a real database of its own, among the real domains it calls; close it when the suite is over. */
export async function openCart() {
  const db = await openTestDatabase();
  const time = { aheadMs: 0 };
  const clock = { now: () => Date.now() + time.aheadMs };
  const told = () => undefined;
  const store = (domain: string) => db.database.store(domain);
  const account = accountModule({ store: store("account"), clock });
  const shop = shopModule({ store: store("shop"), clock, account: account.door, told });
  const catalog = catalogModule({ store: store("catalog"), clock, shop: shop.door, told });
  const inventory = inventoryModule({ store: store("inventory"), clock });
  const calls: string[] = [];
  const cart = cartModule({
    store: counted(store("cart"), calls),
    clock,
    catalog: {
      skus: (c, input) => {
        calls.push("catalog.skus");
        return catalog.door.skus(c, input);
      },
    },
    inventory: {
      available: (c, input) => {
        calls.push("inventory.available");
        return inventory.door.available(c, input);
      },
    },
  });
  const bus = openLocalBus({
    members: [
      { domain: "catalog", store: store("catalog"), reactions: catalog.reactions },
      { domain: "inventory", store: store("inventory"), reactions: inventory.reactions },
    ],
    clock,
    log: (message, error) => console.error(message, error),
  });
  return {
    cart: cart.door,
    store: store("cart"),
    /** What cart ran and called since this was emptied. */
    calls,
    time,
    goods: await goods({
      account: account.door,
      shop: shop.door,
      catalog: catalog.door,
      inventory: inventory.door,
      quiet: bus.quiet,
    }),
    /** Tells cart what it would hear of these orders, in one batch. */
    placed: async (...orders: PlacedOrder[]) => {
      const arrivals = orders.map(({ buyer, order, lines, fromCart = true, at = clock.now() }) => ({
        bucket: bucketOf(buyer),
        event: {
          type: "order.placed",
          aggregate: order,
          at,
          body: { buyer, order, lines, fromCart },
        } as unknown as Event,
      }));
      const [follow] = cart.reactions;
      await store("cart")
        .sweep(allBuckets)
        .transaction(async (transaction) => follow?.apply(transaction, arrivals));
    },
    runJobs: async () => {
      for (const job of cart.jobs) await job.run();
    },
    admin: db.admin,
    close: db.close as TestDatabase["close"],
  };
}

interface PlacedOrder {
  readonly buyer: Id<"account">;
  readonly order: Id<"order">;
  readonly lines: readonly { sku: Id<"sku">; quantity: number }[];
  readonly fromCart?: boolean;
  /** When it was placed; now, unless said. */
  readonly at?: number;
}

function counted(store: Store, calls: string[]): Store {
  const note =
    <T>(run: (s: Statement, p: readonly never[]) => Promise<T>) =>
    (statement: Statement, parameters: readonly unknown[]) => {
      calls.push(statement.name);
      return run(statement, parameters as readonly never[]);
    };
  const noted = <W extends Pick<Writer, "all" | "one">>(on: W): W =>
    ({ ...on, all: note(on.all), one: note(on.one) }) as W;
  return {
    ...store,
    read: (c, bucket) => noted(store.read(c, bucket)),
    readEach: (c, keys, where, statement, parameters) => {
      calls.push(statement.name);
      return store.readEach(c, keys, where, statement, parameters);
    },
    write: (c, bucket) => noted(store.write(c, bucket)),
    writeEach: (c, keys, where, statement, parameters) => {
      calls.push(statement.name);
      return store.writeEach(c, keys, where, statement, parameters);
    },
  };
}

interface Doors {
  readonly account: AccountDoor;
  readonly shop: ShopDoor;
  readonly catalog: CatalogDoor;
  readonly inventory: InventoryDoor;
  quiet(): Promise<void>;
}

/** Two shops, one of them in another currency, and ways to put things into them and change them. */
async function goods({ account, shop, catalog, inventory, quiet }: Doors) {
  const items = [{ slug: "things", parent: null, name: "Things", nameZh: "东西", position: 0, image: null }];
  expectDone(await catalog.putCategories(context({ kind: "domain", domain: "test" }), { items }));
  const merchant = await account.register(context(), {
    email: "merchant@example.com",
    name: "Merchant",
    password: "a long enough secret",
  });
  const owner = { ...buyer(), account: expectDone(merchant).id };
  const open = async (currency: string) => {
    const input = { name: "Shop", region: "Porto", shipping: { flat: 0, freeAbove: null }, currency };
    const { id } = expectDone(await shop.open(context(owner), input));
    return { id, staff: { ...owner, shops: [id] } as Caller };
  };
  const shops = new Map([
    ["USD", await open("USD")],
    ["EUR", await open("EUR")],
  ]);
  const shopOf = (currency: string) => {
    const found = shops.get(currency);
    if (!found) throw new Error(`no shop sells in ${currency}`);
    return found;
  };
  return {
    /** Adds products of one SKU each, at 1.00, 2.00, 3.00 …, ten of each in stock. */
    add: async (count: number, currency = "USD"): Promise<Id<"sku">[]> => {
      const { id, staff } = shopOf(currency);
      const skus: Id<"sku">[] = [];
      for (let n = 1; n <= count; n++) {
        const price = { amount: n * 100, currency };
        const product = await catalog.create(context(staff), {
          shop: id,
          title: `Thing ${n}`,
          category: "things",
          status: "published",
          skus: [{ code: `T${n}`, price, stock: 10 }],
        });
        skus.push(...expectDone(product).skus.map((sku) => sku.id));
      }
      await quiet();
      return skus;
    },
    productOf: async (sku: Id<"sku">) => {
      const [offer] = expectDone(
        await catalog.skus(context({ kind: "domain", domain: "test" }), { ids: [sku] }),
      );
      if (!offer) throw new Error("that SKU is not sold");
      return offer;
    },
    price: async (product: Id<"product">, code: string, amount: number) => {
      const skus = [{ code, price: { amount, currency: "USD" } }];
      expectDone(await catalog.change(context(shopOf("USD").staff), { id: product, skus }));
    },
    publish: async (product: Id<"product">, status: "published" | "archived") => {
      expectDone(await catalog.change(context(shopOf("USD").staff), { id: product, status }));
    },
    stock: async (sku: Id<"sku">, onHand: number) => {
      expectDone(await inventory.setStock(context(shopOf("USD").staff), { sku, onHand }));
    },
  };
}

export const context = (caller?: Caller): Context =>
  newContext({
    ...(caller && { caller }),
    deadline: Date.now() + 60_000,
    idempotencyKey: randomToken(),
    trace: "test",
  });

export type Buyer = Extract<Caller, { kind: "account" }>;
export const buyer = (): Buyer => ({
  kind: "account",
  account: newId(randomBucket(), Date.now()),
  session: newId(randomBucket(), Date.now()),
  operator: false,
  shops: [],
});
export const guest = (cartToken: string): Caller => ({ kind: "guest", cartToken });
export const order: Caller = { kind: "domain", domain: "order" };

export const twenty = <T>(work: (i: number) => Promise<T>) =>
  Promise.all(Array.from({ length: 20 }, (_, i) => work(i)));

/** SKU and quantity of each line. */
export const wanted = (cart: Awaited<ReturnType<CartDoor["get"]>>) =>
  expectDone(cart).lines.map(({ sku, quantity }) => [sku, quantity] as const);
