import type { Product } from "#domains/catalog/api";
import type { Shop } from "#domains/shop/api";
import type { Clock } from "#kernel/clock";
import type { Caller, Context } from "#kernel/context";
import type { Event } from "#kernel/event";
import { type Id, timeOf } from "#kernel/id";
import { expectDone, isRefusal, refuse } from "#kernel/refusal";
import type { Kind, Reading, Source } from "#platform/cache/reading";
import type { Doors } from "./compose.ts";

/** Doors that answer from the cache what may be answered from it, and the ear through which it hears of changes. */
export interface CachedDoors {
  readonly doors: Doors;
  /** Events that a domain of this process has just heard: also of changes that were made past these doors. */
  heard(events: readonly Event[]): void;
}

/** Of things with an id, which a change can name: kept long, by all processes, and dropped. */
const named = { shared: true, absentMs: 2_000, batch: 100, loadsAtOnce: 4 } as const;
/**
 * Of answers that no change can name (which lists show this product?), in this process alone. With the 300 ms of a
 * rendered page, and what search takes to hear of a change, an old price shows for less than a second.
 */
const timed = { shared: false, absentMs: 300, ttlMs: 300 } as const;

/**
 * Puts caches before what is read most. The doors behind them know nothing of it, and what decides (carts, orders,
 * payments) is wired to those doors, not to these. Who works for a shop, or operates this one, is never answered
 * from a cache: they look at what they have just changed.
 */
export function cachedDoors(doors: Doors, reading: Reading, clock: Clock): CachedDoors {
  const sources = openSources(doors, reading);
  const { products, shops, categories, lists, finds, suggestions, stocks } = sources;
  // A thing of the future does not exist. Of random ids 1 in 80 lies in the past; nobody is asked for the others.
  const mayExist = (id: Id<string>) => timeOf(id) < clock.now() + clockSkewMs;

  const catalog: Doors["catalog"] = {
    ...doors.catalog,
    get: async (context, input) => {
      if (passesBy(context.caller)) return doors.catalog.get(context, input);
      const product = mayExist(input.id) ? await products.one(context, input.id) : undefined;
      return product ?? refuse("catalog.product_not_found", "There is no product with that id.");
    },
    categories: async (context, input) =>
      passesBy(context.caller)
        ? doors.catalog.categories(context, input)
        : ((await categories.one(context, "all")) ?? { items: [] }),
    putCategories: (context, input) =>
      dropping(
        () => doors.catalog.putCategories(context, input),
        () => categories.drop(["all"], context),
      ),
    create: async (context, input) => {
      const made = await doors.catalog.create(context, input);
      if (!isRefusal(made)) await products.drop([made.id], context);
      return made;
    },
    change: (context, input) =>
      dropping(
        () => doors.catalog.change(context, input),
        () => products.drop([input.id], context),
      ),
    importMany: async (context, input) => {
      const done = await doors.catalog.importMany(context, input);
      if (isRefusal(done)) return done;
      await products.drop(
        done.flatMap(({ product }) => product ?? []),
        context,
      );
      return done;
    },
    importCsv: (context, input) =>
      dropping(
        () => doors.catalog.importCsv(context, input),
        () => dropAllOf(input.shop, context),
      ),
  };

  /** An import does not say which products it changed: of a whole shop it costs a hundredth of the import. */
  async function dropAllOf(shop: Id<"shop">, context: Context): Promise<void> {
    let cursor: string | undefined;
    do {
      const page = await doors.catalog.ofShop(context, { shop, limit: 100, ...(cursor ? { cursor } : {}) });
      if (isRefusal(page)) return;
      const ids = page.items.map(({ id }) => id);
      await products.drop(ids, context);
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
  }

  const shop: Doors["shop"] = {
    ...doors.shop,
    get: async (context, input) => {
      if (passesBy(context.caller)) return doors.shop.get(context, input);
      const found = mayExist(input.id) ? await shops.one(context, input.id) : undefined;
      return found ?? refuse("shop.not_found", "There is no shop with that id.");
    },
    getMany: async (context, input) => {
      if (passesBy(context.caller)) return doors.shop.getMany(context, input);
      return (await shops.many(context, input.ids.filter(mayExist))).filter((found) => found !== undefined);
    },
    open: async (context, input) => {
      const opened = await doors.shop.open(context, input);
      if (!isRefusal(opened)) await shops.drop([opened.id], context);
      return opened;
    },
    change: (context, input) =>
      dropping(
        () => doors.shop.change(context, input),
        () => shops.drop([input.id], context),
      ),
  };

  const search: Doors["search"] = {
    ...doors.search,
    list: through(lists, doors.search.list),
    find: through(finds, doors.search.find),
    suggest: through(suggestions, doors.search.suggest),
  };

  const inventory: Doors["inventory"] = {
    ...doors.inventory,
    available: async (context, input) => {
      if (passesBy(context.caller)) return doors.inventory.available(context, input);
      const found = await stocks.many(context, input.skus.filter(mayExist));
      return { items: found.filter((item) => item !== undefined) };
    },
    setStock: (context, input) =>
      dropping(
        () => doors.inventory.setStock(context, input),
        () => stocks.drop([input.sku], context),
      ),
  };

  return {
    doors: { ...doors, catalog, shop, search, inventory },
    heard: (events) => {
      const of = (type: string) => events.filter((event) => event.type === type);
      const changed = of("catalog.changed").map(({ aggregate }) => aggregate as Id<"product">);
      if (changed.length > 0) void products.drop([...new Set(changed)]);
    },
  };
}

/** How far the clocks of machines may be apart. */
const clockSkewMs = 60_000;

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

/** What is kept, for how long, read how. */
function openSources(doors: Doors, reading: Reading) {
  const { catalog, shop, inventory } = doors;
  const anybody = (context: Context): Context => ({ ...context, caller: { kind: "anonymous" } });
  /** Of whole answers, one by one; a refusal is cheap and not kept. */
  const answers = <Input, Output>(
    name: string,
    call: (context: Context, input: Input) => Promise<Output>,
    kind: Partial<Kind<Input, Output>> = {},
  ) =>
    reading.source<Input, Output>({
      ...timed,
      name,
      domain: "search",
      batch: 1,
      loadsAtOnce: 8,
      key: canonical,
      load: (context, asked) => Promise.all(asked.map((input) => call(anybody(context), input))),
      isKept: (answer) => !isRefusal(answer),
      ...kind,
    });
  return {
    // Prices. A change drops them; the time bounds what a crash between a change and its event may leave.
    products: reading.source<Id<"product">, Product>({
      ...named,
      name: "product",
      domain: "catalog",
      ttlMs: 30_000,
      key: (id) => id,
      load: async (context, ids) => {
        const found = expectDone(await catalog.getMany(context, { ids: [...ids] }));
        // Drafts are known to their shop's staff, who pass this by.
        const published = new Map(found.filter((p) => p.status === "published").map((p) => [p.id, p]));
        return ids.map((id) => published.get(id));
      },
    }),
    shops: reading.source<Id<"shop">, Shop>({
      ...named,
      name: "shop",
      domain: "shop",
      ttlMs: 60_000,
      key: (id) => id,
      load: async (context, ids) => {
        const found = new Map(
          expectDone(await shop.getMany(anybody(context), { ids: [...ids] })).map((s) => [s.id, s]),
        );
        return ids.map((id) => found.get(id));
      },
    }),
    categories: answers<"all", Exclude<Awaited<ReturnType<typeof catalog.categories>>, { refusal: string }>>(
      "categories",
      async (context) => expectDone(await catalog.categories(context, {})),
      { shared: true, domain: "catalog", ttlMs: 120_000 },
    ),
    lists: answers("list", doors.search.list),
    finds: answers("find", doors.search.find),
    // Titles without prices.
    suggestions: answers("suggest", doors.search.suggest, { ttlMs: 5_000 }),
    // To be shown only: a reservation asks inventory itself.
    stocks: reading.source<Id<"sku">, { sku: Id<"sku">; available: number }>({
      ...named,
      ...timed,
      name: "stock",
      domain: "inventory",
      key: (id) => id,
      load: async (context, ids) => {
        const asked = await inventory.available(anybody(context), { skus: [...ids] });
        const found = new Map(expectDone(asked).items.map((item) => [item.sku, item]));
        return ids.map((id) => found.get(id));
      },
    }),
  };
}

/** One text for one question, in whichever order its parts were given. */
function canonical(input: unknown): string {
  if (typeof input !== "object" || input === null) return String(input);
  const parts = Object.entries(input).filter(([, value]) => value !== undefined);
  return JSON.stringify(parts.sort(([a], [b]) => (a < b ? -1 : 1)));
}
