import type { CatalogDoor } from "#domains/catalog/api";
import type { InventoryDoor } from "#domains/inventory/api";
import type { SearchDoor } from "#domains/search/api";
import type { ShopDoor } from "#domains/shop/api";
import type { Clock } from "#kernel/clock";
import { type Caller, type Context, newContext } from "#kernel/context";
import type { Event } from "#kernel/event";
import { type Id, timeOf } from "#kernel/id";
import { isRefusal, refuse } from "#kernel/refusal";
import type { Reading, Source } from "#platform/cache/reading";
import type { Positions } from "#platform/database/api";
import { unknownPosition } from "#platform/database/position";
import { openSources, type Read, type Sources } from "./cache-policy.ts";

/** Doors that answer from the cache what may be answered from it, and the ear through which it hears of changes. */
export interface CachedDoors {
  readonly doors: Read;
  /** Events that a domain of this process has just heard: also of changes that were made past these doors. */
  heard(events: readonly Event[]): void;
}

/** How far the clocks of machines may be apart. */
const clockSkewMs = 60_000;

interface Parts {
  readonly doors: Read;
  readonly sources: Sources;
  /**
   * A thing of the future does not exist. Of random ids 1 in 80 lies in the past; nobody is asked for the others.
   */
  mayExist(id: Id<string>): boolean;
}

/**
 * Puts caches before what is read most. The doors behind them know nothing of it, and what decides (carts, orders,
 * payments) is wired to those doors, not to these. Who works for a shop, or operates this one, is never answered
 * from a cache: they look at what they have just changed.
 */
export function cachedDoors(doors: Read, reading: Reading, clock: Clock, positions?: Positions): CachedDoors {
  const sources = openSources(doors, reading);
  const parts: Parts = { doors, sources, mayExist: (id) => timeOf(id) < clock.now() + clockSkewMs };
  return {
    doors: {
      catalog: catalogOf(parts),
      shop: shopOf(parts),
      search: searchOf(parts),
      inventory: inventoryOf(parts),
    },
    heard: (events) => {
      const changed = events.flatMap(({ type, aggregate }) =>
        type === "catalog.changed" ? (aggregate as Id<"product">) : [],
      );
      if (changed.length > 0) void forget(sources.products, [...new Set(changed)], positions);
    },
  };
}

/**
 * At once, and again when it is known how far the change reaches at most: what a replica that has not seen it was asked
 * meanwhile is forgotten, and nothing older is taken in.
 */
async function forget(
  products: Sources["products"],
  changed: readonly Id<"product">[],
  positions: Positions | undefined,
): Promise<void> {
  await products.drop(changed);
  const position = await positions?.now("catalog").catch(() => unknownPosition);
  if (position === undefined) return;
  const readToken = new Map([["catalog", position]]);
  await products.drop(changed, newContext({ deadline: 0, trace: "heard", readToken }));
}

function catalogOf({ doors: { catalog }, sources: { products, categories }, mayExist }: Parts): CatalogDoor {
  return {
    ...catalog,
    get: async (context, input) => {
      if (passesBy(context.caller)) return catalog.get(context, input);
      const product = mayExist(input.id) ? await products.one(context, input.id) : undefined;
      return product ?? refuse("catalog.product_not_found", "There is no product with that id.");
    },
    categories: async (context, input) =>
      passesBy(context.caller)
        ? catalog.categories(context, input)
        : ((await categories.one(context, "all")) ?? { items: [] }),
    putCategories: (context, input) =>
      dropping(
        () => catalog.putCategories(context, input),
        () => categories.drop(["all"], context),
      ),
    create: async (context, input) => {
      const made = await catalog.create(context, input);
      if (!isRefusal(made)) await products.drop([made.id], context);
      return made;
    },
    change: (context, input) =>
      dropping(
        () => catalog.change(context, input),
        () => products.drop([input.id], context),
      ),
    importMany: async (context, input) => {
      const done = await catalog.importMany(context, input);
      if (isRefusal(done)) return done;
      const touched = done.flatMap(({ product }) => product ?? []);
      await products.drop(touched, context);
      return done;
    },
    importCsv: (context, input) =>
      dropping(
        () => catalog.importCsv(context, input),
        () => dropAllOf(input.shop, context, catalog, products),
      ),
  };
}

/** An import does not say which products it changed: to ask for a shop's costs a hundredth of an import. */
async function dropAllOf(
  shop: Id<"shop">,
  context: Context,
  catalog: CatalogDoor,
  products: Sources["products"],
): Promise<void> {
  let cursor: string | undefined;
  do {
    const page = await catalog.ofShop(context, { shop, limit: 100, ...(cursor ? { cursor } : {}) });
    if (isRefusal(page)) return;
    const ids = page.items.map(({ id }) => id);
    await products.drop(ids, context);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
}

function shopOf({ doors: { shop }, sources: { shops }, mayExist }: Parts): ShopDoor {
  return {
    ...shop,
    get: async (context, input) => {
      if (passesBy(context.caller)) return shop.get(context, input);
      const found = mayExist(input.id) ? await shops.one(context, input.id) : undefined;
      return found ?? refuse("shop.not_found", "There is no shop with that id.");
    },
    getMany: async (context, input) => {
      if (passesBy(context.caller)) return shop.getMany(context, input);
      const found = await shops.many(context, input.ids.filter(mayExist));
      return found.filter((each) => each !== undefined);
    },
    open: async (context, input) => {
      const opened = await shop.open(context, input);
      if (!isRefusal(opened)) await shops.drop([opened.id], context);
      return opened;
    },
    change: (context, input) =>
      dropping(
        () => shop.change(context, input),
        () => shops.drop([input.id], context),
      ),
  };
}

const searchOf = ({ doors: { search }, sources: { lists, finds, suggestions } }: Parts): SearchDoor => ({
  ...search,
  list: through(lists, search.list),
  find: through(finds, search.find),
  suggest: through(suggestions, search.suggest),
});

function inventoryOf({ doors: { inventory }, sources: { stocks }, mayExist }: Parts): InventoryDoor {
  return {
    ...inventory,
    available: async (context, input) => {
      if (passesBy(context.caller)) return inventory.available(context, input);
      const found = await stocks.many(context, input.skus.filter(mayExist));
      return { items: found.filter((item) => item !== undefined) };
    },
    setStock: (context, input) =>
      dropping(
        () => inventory.setStock(context, input),
        () => stocks.drop([input.sku], context),
      ),
  };
}

const passesBy = (caller: Caller): boolean =>
  caller.kind === "domain" || (caller.kind === "account" && (caller.operator || caller.shops.length > 0));

/** Drops after the work, also when it failed: it may have happened. */
async function dropping<T>(work: () => Promise<T>, drop: () => Promise<void>): Promise<T> {
  try {
    return await work();
  } finally {
    await drop();
  }
}

const through =
  <Input, Output>(
    source: Source<Input, Output>,
    call: (context: Context, input: Input) => Promise<Output>,
  ): typeof call =>
  async (context, input) => {
    const found = passesBy(context.caller) ? undefined : await source.one(context, input);
    return found ?? call(context, input);
  };
