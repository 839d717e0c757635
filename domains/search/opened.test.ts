import type { CatalogDoor, Category, Product } from "#domains/catalog/api";
import type { Clock } from "#kernel/clock";
import { newContext } from "#kernel/context";
import { bucketOf, type Id, newId, randomBucket } from "#kernel/id";
import type { Reader, Statement, Store } from "#platform/database/api";
import { openTestDatabase } from "#tests/support/database";
import type { TestServer } from "#tests/support/server";
import { searchModule } from "./module.ts";

export const shopA = newId<"shop">(1, Date.UTC(2026, 1, 1));
export const shopB = newId<"shop">(2, Date.UTC(2026, 1, 1));

const category = (slug: string, parent: string | null, name: string, nameZh: string): Category => ({
  slug,
  parent,
  name,
  nameZh,
  position: 0,
  image: null,
});
export const categories = [
  category("kitchen", null, "Kitchen", "厨房"),
  category("kettles", "kitchen", "Kettles", "水壶"),
  category("mugs", "kitchen", "Mugs", "杯子"),
  category("audio", null, "Audio", "音频"),
];

let minute = 0;
/** A published product, each newer than the one before. */
export function productOf(title: string, more: Partial<Product> & { amount?: number } = {}): Product {
  const { amount = 1000, ...over } = more;
  minute += 1;
  const at = Date.UTC(2026, 5, 1) + minute * 60_000;
  const bucket = over.id ? bucketOf(over.id) : randomBucket();
  return {
    id: newId(bucket, at),
    shop: shopA,
    slug: `slug-${minute}`,
    title,
    description: "",
    category: "kettles",
    brand: "",
    tags: [],
    attributes: {},
    images: [{ url: "/files/a.svg", alt: "" }],
    status: "published",
    options: [],
    skus: [{ id: newId(bucket, at), code: "1", options: {}, price: { amount, currency: "USD" } }],
    version: 1,
    createdAt: new Date(at).toISOString(),
    updatedAt: new Date(at).toISOString(),
    ...over,
  };
}

/** What search asks of catalog, answered from a map; `betweenPages` happens while an export is read. */
export function shelfOfProducts() {
  const products = new Map<Id<"product">, Product>();
  let betweenPages: (() => Promise<void>) | undefined;
  const catalog: Pick<CatalogDoor, "getMany" | "export" | "categories"> = {
    categories: async () => ({ items: categories }),
    getMany: async (_c, { ids }) => ids.flatMap((id) => products.get(id) ?? []),
    export: async (_c, { cursor = "", limit = 24 }) => {
      const items = [...products.values()]
        .filter(({ id }) => id > cursor)
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .slice(0, limit);
      await betweenPages?.();
      return { items, next: items.length === limit ? (items.at(-1)?.id ?? null) : null };
    },
  };
  return {
    products,
    catalog,
    whileExported: (happens: () => Promise<void>) => {
      betweenPages = happens;
    },
  };
}

/** Search on a real database of its own, beside a catalog that is a map; close it when the suite is over. */
export async function openSearch(options: { server?: TestServer } = {}) {
  const db = await openTestDatabase(options);
  const shelf = shelfOfProducts();
  const statements: string[] = [];
  let ahead = 0;
  const clock: Clock = { now: () => Date.now() + ahead };
  const store = noting(db.database.store("search"), statements);
  const { door, reactions } = searchModule({
    store,
    clock,
    catalog: shelf.catalog,
    log: () => undefined,
    counted: () => undefined,
  });
  const apply = async (products: readonly Product[]) => {
    const events = products.map(({ id, shop, version }) => ({
      bucket: bucketOf(id),
      event: {
        id: newId<"event">(bucketOf(id), Date.now()),
        type: "catalog.changed",
        aggregate: id,
        version,
        at: Date.now(),
        body: { product: id, shop, skus: [] },
      },
    }));
    await store
      .write(asAnyone(), 0)
      .transaction(async (transaction) => reactions[0]?.apply(transaction, events));
  };
  return {
    ...shelf,
    door,
    statements,
    admin: db.admin,
    close: db.close,
    apply,
    /** Catalog has these products from now on, and search was told. */
    tell: async (...products: Product[]) => {
      for (const one of products) shelf.products.set(one.id, one);
      await apply(products);
    },
    /** So that nothing is told again from memory. */
    later: () => {
      ahead += 60_000;
    },
  };
}
export type Opened = Awaited<ReturnType<typeof openSearch>>;

/** A store that writes down which statements it runs over all buckets. */
function noting(store: Store, statements: string[]): Store {
  const noted = <On extends Reader>(on: On): On => ({
    ...on,
    all: (s: Statement, p) => {
      statements.push(s.name);
      return on.all(s, p);
    },
    one: (s: Statement, p) => {
      statements.push(s.name);
      return on.one(s, p);
    },
  });
  return { ...store, sweep: (range) => noted(store.sweep(range)) };
}

export const asAnyone = () => newContext({ deadline: Date.now() + 60_000, trace: "test" });
export const asDomain = () =>
  newContext({ caller: { kind: "domain", domain: "test" }, deadline: Date.now() + 60_000, trace: "test" });
