import { type CacheSettings, type Caches, openCaches } from "#apps/server/caches";
import { compose, type Doors } from "#apps/server/compose";
import type { Product } from "#domains/catalog/api";
import { systemClock } from "#kernel/clock";
import { type Caller, type Context, newContext } from "#kernel/context";
import type { Id } from "#kernel/id";
import { expectDone } from "#kernel/refusal";
import type { Database, Reader, Store } from "#platform/database/api";
import { openMetrics } from "#platform/telemetry/metrics";
import { openTestDatabase } from "../support/database.ts";
import { password } from "../support/people.ts";

/** A shop without a server, with caches, whose reads of the database are counted. */
export interface CachedMarket {
  /** As the API and the pages have them. */
  readonly doors: Doors;
  /** The same without caches. */
  readonly plain: Doors;
  readonly caches: Caches;
  readonly seller: Context;
  readonly shop: Id<"shop">;
  readonly products: readonly Product[];
  /** Reads that `work` sent to the database, and how many were at work at once. */
  readsOf(work: () => Promise<unknown>): Promise<{ reads: number; mostAtOnce: number }>;
  /** Ends when every event has been heard. */
  quiet(): Promise<void>;
  close(): Promise<void>;
}

export const contextOf = (caller: Caller = { kind: "anonymous" }): Context =>
  newContext({
    caller,
    deadline: systemClock.now() + 30_000,
    trace: "test",
    idempotencyKey: crypto.randomUUID(),
  });

/** Opens one with so many products, one SKU each. */
export async function openCachedMarket(cache: CacheSettings, howMany: number): Promise<CachedMarket> {
  const test = await openTestDatabase();
  const counting = countReads(test.database);
  const caches = openCaches(cache, openMetrics(), systemClock);
  if (!caches) throw new Error("a cached market wants a cache");
  const parts = {
    database: counting.database,
    clock: systemClock,
    payWithinMs: 1_800_000,
    providers: {},
    log: () => undefined,
    counted: () => undefined,
  };
  const plain = compose(parts).doors;
  const { doors, bus } = compose({ ...parts, reading: caches.reading });
  const cups = { slug: "cups", parent: null, name: "Cups", nameZh: "杯子", position: 0, image: null };
  expectDone(
    await doors.catalog.putCategories(contextOf({ kind: "domain", domain: "test" }), { items: [cups] }),
  );
  const shop = await openShopOf(doors);
  const seller = await signIn(doors);
  const products: Product[] = [];
  for (let i = 0; i < howMany; i++) {
    const price = { amount: 1_000 + i, currency: "USD" };
    products.push(
      expectDone(
        await doors.catalog.create(
          { ...seller, idempotencyKey: crypto.randomUUID() },
          {
            shop,
            title: `Cup ${i}`,
            category: "cups",
            status: "published",
            skus: [{ code: "C", price, stock: 9 }],
          },
        ),
      ),
    );
  }
  await bus.quiet();
  return {
    doors,
    plain,
    caches,
    seller,
    shop,
    products,
    readsOf: counting.readsOf,
    quiet: () => bus.quiet(),
    close: async () => {
      await bus.stop();
      await caches.close();
      await test.close();
    },
  };
}

const email = "seller@example.com";

async function openShopOf(doors: Doors): Promise<Id<"shop">> {
  expectDone(await doors.account.register(contextOf(), { email, name: "Seller", password }));
  const opening = { name: "Cups", region: "Porto", shipping: { flat: 490, freeAbove: null } };
  return expectDone(await doors.shop.open(await signIn(doors), opening)).id;
}

async function signIn(doors: Doors): Promise<Context> {
  const { token } = expectDone(await doors.account.signIn(contextOf(), { email, password }));
  const found = expectDone(
    await doors.account.resolve(contextOf({ kind: "domain", domain: "test" }), { token }),
  );
  if (!found) throw new Error("nobody is signed in");
  return contextOf({ kind: "account", ...found });
}

function countReads(on: Database) {
  let reads = 0;
  let atWork = 0;
  let mostAtOnce = 0;
  const counted = async <T>(work: () => Promise<T>): Promise<T> => {
    reads++;
    mostAtOnce = Math.max(mostAtOnce, ++atWork);
    try {
      return await work();
    } finally {
      atWork--;
    }
  };
  const reader = (of: Reader): Reader => ({
    all: (statement, parameters) => counted(() => of.all(statement, parameters)),
    one: (statement, parameters) => counted(() => of.one(statement, parameters)),
  });
  const store = (of: Store): Store => ({
    ...of,
    read: (context, bucket) => reader(of.read(context, bucket)),
    readEach: (...asked) => counted(() => of.readEach(...asked)),
  });
  const database: Database = { ...on, store: (domain) => store(on.store(domain)) };
  const readsOf = async (work: () => Promise<unknown>) => {
    reads = 0;
    mostAtOnce = atWork;
    await work();
    return { reads, mostAtOnce };
  };
  return { database, readsOf };
}
