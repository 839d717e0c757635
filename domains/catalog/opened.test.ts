import type { accountDoor } from "#domains/account/api";
import { shopModule } from "#domains/shop/module";
import { systemClock } from "#kernel/clock";
import { type Caller, type Context, newContext } from "#kernel/context";
import type { Door } from "#kernel/door";
import { type Id, newId, randomBucket, randomToken } from "#kernel/id";
import { expectDone } from "#kernel/refusal";
import { openLocalBus } from "#platform/bus/drivers/local";
import type { Reader, Statement, Store, Writer } from "#platform/database/api";
import { openTestDatabase } from "#tests/support/database";
import type { CatalogDoor, ProductDraft } from "./api.ts";
import { catalogModule } from "./module.ts";

/** Catalog and shop on a real database of their own, with a bus; close it when the suite is over. */
export async function openCatalog() {
  const { database, admin, close } = await openTestDatabase();
  const counter = counted(database.store("catalog"));
  const log = (message: string, error: unknown) => console.error(message, error);
  // Who is staff is said by the caller's context here; account has tests of its own.
  const account = { grantShop: async () => null } as unknown as Door<typeof accountDoor>;
  const shop = shopModule({
    store: database.store("shop"),
    clock: systemClock,
    account,
    told: () => undefined,
  });
  const catalog = catalogModule({
    store: counter.store,
    clock: systemClock,
    shop: shop.door,
    told: () => undefined,
  });
  const members = [{ domain: "catalog", store: database.store("catalog"), reactions: catalog.reactions }];
  const bus = openLocalBus({ members, clock: systemClock, log });
  return {
    catalog: catalog.door,
    shop: shop.door,
    admin,
    bus,
    database,
    close,
    statements: counter.statements,
  };
}

/** A store that writes down the names of the statements it runs. */
function counted(store: Store): { store: Store; statements: string[] } {
  const statements: string[] = [];
  const reader = (on: Reader): Reader => ({
    all: (s: Statement, p) => {
      statements.push(s.name);
      return on.all(s, p);
    },
    one: (s: Statement, p) => {
      statements.push(s.name);
      return on.one(s, p);
    },
  });
  const writer = <W extends Writer>(on: W): W => ({ ...on, ...reader(on) });
  return {
    statements,
    store: {
      read: (c, bucket) => reader(store.read(c, bucket)),
      write: (c, bucket) => writer(store.write(c, bucket)),
      sweep: (range) => writer(store.sweep(range)),
      readEach: (c, keys, bucketOf, statement, parameters) => {
        statements.push(statement.name);
        return store.readEach(c, keys, bucketOf, statement, parameters);
      },
      writeEach: (c, keys, bucketOf, statement, parameters) => {
        statements.push(statement.name);
        return store.writeEach(c, keys, bucketOf, statement, parameters);
      },
    },
  };
}

export const as = (caller?: Caller, idempotencyKey?: string): Context =>
  newContext({ ...(caller && { caller }), deadline: Date.now() + 60_000, idempotencyKey, trace: "test" });

export const asDomain = (): Context => as({ kind: "domain", domain: "test" });

export const staffOf = (...shops: Id<"shop">[]): Caller => ({
  kind: "account",
  account: newId(randomBucket(), Date.now()),
  session: newId(randomBucket(), Date.now()),
  operator: false,
  shops,
});

type Opened = Awaited<ReturnType<typeof openCatalog>>;

/** A shop with a context of its staff. */
export async function openShop({ shop }: Opened, currency = "USD") {
  const opened = expectDone(
    await shop.open(as(staffOf(), randomToken()), {
      name: "Harbour Linen",
      region: "Porto",
      shipping: { flat: 490, freeAbove: null },
      currency,
    }),
  );
  return { id: opened.id, staff: staffOf(opened.id) };
}

export const putCategories = async (catalog: CatalogDoor): Promise<void> => {
  const items = ["shirts", "lamps"].map((slug, position) => ({
    slug,
    parent: null,
    name: slug,
    nameZh: slug,
    position,
    image: null,
  }));
  expectDone(await catalog.putCategories(asDomain(), { items }));
};

export const usd = (amount: number) => ({ amount, currency: "USD" });

/** A shirt in two sizes. */
export const shirt = (over: Partial<ProductDraft> = {}): ProductDraft => ({
  title: "Harbour Linen Shirt",
  category: "shirts",
  status: "published",
  description: "<p>Washed linen.</p>",
  images: [{ url: "/files/a.svg", alt: "A shirt" }],
  skus: [
    { code: "HLS-M", options: { Size: "M" }, price: usd(4900), stock: 20 },
    { code: "HLS-L", options: { Size: "L" }, price: usd(4900), stock: 7 },
  ],
  ...over,
});
