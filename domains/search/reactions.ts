import type { Category, catalogDoor, Product } from "#domains/catalog/api";
import { lastWord, newContext } from "#kernel/context";
import type { EventOf } from "#kernel/event";
import { bucketOf, type Id, randomToken } from "#kernel/id";
import { expectDone } from "#kernel/refusal";
import type { Reaction } from "#platform/bus/api";
import { isShort } from "./count.ts";
import type { SearchDeps } from "./deps.ts";
import { entryOf, type Paths, pathsOf } from "./entry.ts";

/** `catalog.getMany` takes so many ids. */
const idsPerCall = 100;
const deadlineMs = 30_000;

/**
 * How search asks catalog, when nobody waits for the answer. An event may be here before a replica has what it tells
 * of, and what is indexed then stays until the product is changed again.
 */
export const ownContext = (d: SearchDeps) =>
  newContext({
    caller: { kind: "domain", domain: "search" },
    deadline: d.clock.now() + deadlineMs,
    readToken: new Map([["catalog", lastWord]]),
    trace: randomToken(),
  });

export async function currentCategories(d: SearchDeps): Promise<readonly Category[]> {
  return expectDone(await d.catalog.categories(ownContext(d), {})).items;
}

export async function currentPaths(d: SearchDeps): Promise<Paths> {
  return pathsOf(await currentCategories(d));
}

/** Events say which products changed; what they are now is asked for, once for all events of a batch. */
export const followCatalog = (d: SearchDeps): Reaction => ({
  source: "catalog",
  hears: ["catalog.changed"] satisfies EventOf<typeof catalogDoor>["type"][],
  ordered: true,
  buckets: (event) => [bucketOf((event as EventOf<typeof catalogDoor>).body.product)],
  apply: async (transaction, arrivals) => {
    const told = arrivals.map(({ event }) => (event as EventOf<typeof catalogDoor>).body.product);
    const [products, paths] = await Promise.all([fetch(d, [...new Set(told)]), currentPaths(d)]);
    await d.store.apply(
      transaction,
      products.map((product) => entryOf(product, paths)),
    );
    d.counts.forget(isShort);
  },
});

async function fetch(d: SearchDeps, ids: readonly Id<"product">[]): Promise<Product[]> {
  const products: Product[] = [];
  for (let from = 0; from < ids.length; from += idsPerCall) {
    const some = ids.slice(from, from + idsPerCall);
    products.push(...expectDone(await d.catalog.getMany(ownContext(d), { ids: some })));
  }
  return products;
}
