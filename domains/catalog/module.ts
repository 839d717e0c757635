import type { ShopDoor } from "#domains/shop/api";
import type { Clock } from "#kernel/clock";
import { actsFor, type Context } from "#kernel/context";
import { guarded, unread } from "#kernel/door";
import { type Id, isId } from "#kernel/id";
import { refuse } from "#kernel/refusal";
import type { Module } from "#platform/bus/api";
import type { Store } from "#platform/database/api";
import { type CatalogDoor, catalogDoor, type Product } from "./api.ts";
import { inOrder, lastOfEach } from "./categories.ts";
import { change, mayBeKnownTo } from "./change.ts";
import { create } from "./create.ts";
import type { CatalogDeps } from "./deps.ts";
import { importCsv } from "./import-csv.ts";
import { importMany } from "./import-many.ts";
import { reactions } from "./reactions.ts";
import { catalogStore } from "./store.ts";

/** Wires the catalog domain by hand. */
export function catalogModule(with_: {
  store: Store;
  clock: Clock;
  shop: Pick<ShopDoor, "get">;
  told(): void;
}): Module<CatalogDoor> {
  const deps: CatalogDeps = { ...with_, store: catalogStore(with_.store) };
  const { store } = deps;
  const door = guarded(catalogDoor, {
    categories: async (c) => ({ items: inOrder(await store.categories(c)) }),
    putCategories: async (c, { items }) => {
      await store.putCategories(c, lastOfEach(items));
      return null;
    },
    get: async (c, { id }) => {
      const kept = await store.get(c, id);
      if (kept && mayBeKnownTo(c, kept)) return unread<Product>(kept.json);
      return refuse("catalog.product_not_found", "There is no product with that id.");
    },
    getMany: (c, { ids }) => store.getMany(c, ids),
    skus: (c, { ids }) => store.offers(c, ids),
    create: (c, input) => create(deps, c, input),
    change: (c, input) => change(deps, c, input),
    ofShop: (c, input) => ofShop(deps, c, input),
    importMany: (c, input) => importMany(deps, c, input),
    importCsv: (c, input) => importCsv(deps, c, input),
    export: async (_c, { cursor, limit = 24 }) => {
      const items = await store.page(markOf(cursor), limit);
      return { items, next: items.length === limit ? (items.at(-1)?.id ?? null) : null };
    },
  });
  return { door, reactions, jobs: [] };
}

/** Where a page goes on; a mark that is none of ours begins anew. */
const markOf = (cursor: string | undefined): Id<"product"> | undefined =>
  cursor !== undefined && isId(cursor) ? (cursor as Id<"product">) : undefined;

/** Two statements a page: the shop's list, then the products. A page may be short, never out of order. */
async function ofShop(d: CatalogDeps, c: Context, input: Parameters<CatalogDoor["ofShop"]>[1]) {
  const { shop, cursor, limit = 24 } = input;
  const before = markOf(cursor);
  const ids = await d.store.idsOfShop(c, shop, { listed: !actsFor(c.caller, shop), before, limit });
  const found = new Map((await d.store.getMany(c, ids)).map((product) => [product.id, product]));
  const items = ids.flatMap((id): Product[] => {
    const product = found.get(id);
    return product && mayBeKnownTo(c, product) ? [product] : [];
  });
  return { items, next: ids.length === limit ? (ids.at(-1) ?? null) : null };
}
