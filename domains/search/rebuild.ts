import { expectDone, Fault } from "#kernel/refusal";
import type { SearchDeps } from "./deps.ts";
import { entryOf } from "./entry.ts";
import { currentPaths, ownContext } from "./reactions.ts";

const productsPerPage = 100;

/**
 * Makes every row anew from catalog's products, in a generation of their own. Readers see the old one until
 * all are there; events that arrive meanwhile are applied to both. One that was begun later takes over.
 */
export async function rebuild(d: SearchDeps): Promise<{ products: number }> {
  const generation = await d.store.beginGeneration();
  const paths = await currentPaths(d);
  let products = 0;
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = expectDone(
      await d.catalog.export(ownContext(d), { limit: productsPerPage, ...(cursor && { cursor }) }),
    );
    const published = page.items.filter(({ status }) => status === "published");
    const isOurs = await d.store.fillGeneration(
      generation,
      published.map((product) => entryOf(product, paths)),
    );
    if (!isOurs) throw overtaken();
    products += published.length;
    d.counted("search_rebuilt", published.length);
    cursor = page.next;
  }
  if (!(await d.store.readGeneration(generation))) throw overtaken();
  d.counts.forget(() => true);
  await d.store.dropGenerationsBefore(generation);
  d.log(`search was rebuilt from ${products} products`);
  return { products };
}

const overtaken = () =>
  new Fault("search.rebuild_overtaken", "Another rebuild was begun after this one; it goes on.", {
    safeToRetry: true,
  });
