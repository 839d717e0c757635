import type { CatalogDoor, Product } from "#domains/catalog/api";
import type { InventoryDoor } from "#domains/inventory/api";
import type { SearchDoor } from "#domains/search/api";
import type { Shop, ShopDoor } from "#domains/shop/api";
import type { Context } from "#kernel/context";
import type { Id } from "#kernel/id";
import { expectDone, isRefusal } from "#kernel/refusal";
import type { Kind, Reading } from "#platform/cache/reading";

/** The doors that have caches before them. */
export interface Read {
  readonly catalog: CatalogDoor;
  readonly shop: ShopDoor;
  readonly search: SearchDoor;
  readonly inventory: InventoryDoor;
}

/** Of things with an id, which a change can name: kept long, by all processes, and dropped. */
const named = { shared: true, absentMs: 2_000, batch: 100, loadsAtOnce: 4 } as const;
/**
 * Of answers that no change can name (which lists show this product?), in this process alone. With the 150 ms of a
 * rendered answer, the half second of a proxy and what search takes to hear of a change, an old price shows for less
 * than a second. With 300 ms each it was 0.8 s on a busy machine, and their sum was more.
 */
const timed = { shared: false, absentMs: 150, ttlMs: 150 } as const;

const anybody = (context: Context): Context => ({ ...context, caller: { kind: "anonymous" } });

/** What is kept, for how long, and read how. */
export function openSources(doors: Read, reading: Reading) {
  const { catalog, search } = doors;
  type Categories = Exclude<Awaited<ReturnType<typeof catalog.categories>>, { refusal: string }>;
  return {
    products: reading.source(products(doors)),
    shops: reading.source(shops(doors)),
    stocks: reading.source(stocks(doors)),
    categories: reading.source(
      answers<"all", Categories>("categories", async (c) => expectDone(await catalog.categories(c, {})), {
        shared: true,
        domain: "catalog",
        ttlMs: 120_000,
      }),
    ),
    lists: reading.source(answers("list", search.list)),
    finds: reading.source(answers("find", search.find)),
    // Titles without prices.
    suggestions: reading.source(answers("suggest", search.suggest, { ttlMs: 5_000 })),
  };
}
export type Sources = ReturnType<typeof openSources>;

/** Prices. A change drops them; the time bounds what a crash between a change and its event may leave. */
const products = ({ catalog }: Read): Kind<Id<"product">, Product> => ({
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
});

const shops = ({ shop }: Read): Kind<Id<"shop">, Shop> => ({
  ...named,
  name: "shop",
  domain: "shop",
  ttlMs: 60_000,
  key: (id) => id,
  load: async (context, ids) => {
    const found = expectDone(await shop.getMany(anybody(context), { ids: [...ids] }));
    const byId = new Map(found.map((each) => [each.id, each]));
    return ids.map((id) => byId.get(id));
  },
});

/** To be shown only: a reservation asks inventory itself. */
const stocks = ({ inventory }: Read): Kind<Id<"sku">, { sku: Id<"sku">; available: number }> => ({
  ...named,
  ...timed,
  name: "stock",
  domain: "inventory",
  key: (id) => id,
  load: async (context, ids) => {
    const found = expectDone(await inventory.available(anybody(context), { skus: [...ids] }));
    const bySku = new Map(found.items.map((item) => [item.sku, item]));
    return ids.map((id) => bySku.get(id));
  },
});

/** Whole answers, one by one; a refusal is cheap and not kept. */
const answers = <Input, Output>(
  name: string,
  call: (context: Context, input: Input) => Promise<Output>,
  kind: Partial<Kind<Input, Output>> = {},
): Kind<Input, Output> => ({
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

/** One text for one question, in whichever order its parts were given. */
function canonical(input: unknown): string {
  if (typeof input !== "object" || input === null) return String(input);
  const parts = Object.entries(input).filter(([, value]) => value !== undefined);
  return JSON.stringify(parts.sort(([a], [b]) => (a < b ? -1 : 1)));
}
