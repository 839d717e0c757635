import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import type { Context } from "#kernel/context";
import { type Id, newId, randomBucket } from "#kernel/id";
import { isRefusal } from "#kernel/refusal";
import type { CatalogDoor, ProductDraft } from "./api.ts";
import type { CatalogDeps } from "./deps.ts";
import { type Content, contentOf, Incoherent, productOf, slugOf, stockOf } from "./product.ts";
import type { Change, Standing } from "./store.ts";

type Input = Parameters<CatalogDoor["importMany"]>[1];
type Named = Input["products"][number] & { readonly digest: string };
type Outcome = Exclude<Awaited<ReturnType<CatalogDoor["importMany"]>>, { refusal: string }>[number];

/** A product that another import changes at the same time is tried again, and then left to the other. */
const attempts = 4;
/** So many characters of HTML are sanitised at once, about 5 ms, before others are answered. */
const pauseAfter = 50_000;

/**
 * Adds or changes products by handle in a constant number of statements. Each is written whole or refused
 * with a reason; one whose draft is that of the last import is left as it is. Answers in the order asked.
 */
export async function importMany(d: CatalogDeps, c: Context, input: Input): Promise<Outcome[]> {
  const { shop, products } = input;
  const sorted = await sort(d, c, input);
  const outcomes = sorted.refused;
  let waiting = sorted.named;
  for (let attempt = 0; attempt < attempts && waiting.length > 0; attempt++) {
    waiting = await round(d, c, shop, sorted.currency, waiting, outcomes);
  }
  for (const { handle } of waiting) {
    outcomes.set(handle, refused(handle, "Others change it at the same time: import it again."));
  }
  return products.map((product) => {
    const outcome = sorted.again.has(product) ? undefined : outcomes.get(product.handle);
    return outcome ?? refused(product.handle, "The handle comes twice in one request.");
  });
}

/** What an import would refuse, and why; nothing is changed. */
export async function vet(d: CatalogDeps, c: Context, input: Input): Promise<Outcome[]> {
  const { currency, named, refused: outcomes } = await sort(d, c, input);
  for (const { handle, draft } of named) {
    const content = contentOf(draft, currency);
    if (content instanceof Incoherent) outcomes.set(handle, refused(handle, content.reason));
  }
  return [...outcomes.values()];
}

/** Tells what can be imported from what is refused at first sight, in two statements. */
async function sort(d: CatalogDeps, c: Context, { shop, products }: Input) {
  const slugs = [...new Set(products.map(({ draft }) => draft.category))];
  const [home, categories] = await Promise.all([
    d.shop.get(c, { id: shop }),
    d.store.categoriesAmong(c, slugs),
  ]);
  const outcomes = new Map<string, Outcome>();
  const named = new Map<string, Named>();
  const again = new Set<Input["products"][number]>();
  for (const product of products) {
    const { handle, draft } = product;
    if (named.has(handle) || outcomes.has(handle)) again.add(product);
    else if (isRefusal(home)) outcomes.set(handle, refused(handle, "There is no shop with that id."));
    else if (categories.has(draft.category)) named.set(handle, { ...product, digest: digestOf(draft) });
    else outcomes.set(handle, refused(handle, `There is no category ${draft.category}.`));
  }
  const currency = isRefusal(home) ? "" : home.currency;
  return { currency, named: [...named.values()], again, refused: outcomes };
}

const refused = (handle: string, reason: string): Outcome => ({
  handle,
  outcome: "refused",
  product: null,
  reason,
});

/** Imports what can be imported now, notes what became of it, and returns what another got in the way of. */
async function round(
  d: CatalogDeps,
  c: Context,
  shop: Id<"shop">,
  currency: string,
  products: readonly Named[],
  outcomes: Map<string, Outcome>,
): Promise<Named[]> {
  const now = d.clock.now();
  const ids = await d.store.claim(c, shop, drawIds(products, now));
  const standing = await d.store.standing([...ids.values()]);
  const changes: (Change & Named)[] = [];
  const waiting: Named[] = [];
  let cleaned = 0;
  for (const named of products) {
    const { handle, digest } = named;
    if (cleaned > pauseAfter) {
      cleaned = 0;
      await setImmediate();
    }
    const id = ids.get(handle);
    const before = id && standing.get(id);
    if (!id) waiting.push(named);
    else if (before && (before.shop !== shop || before.handle !== handle)) {
      await d.store.unclaim(c, shop, handle, id);
      waiting.push(named);
    } else if (before?.digest === digest) {
      outcomes.set(handle, { handle, outcome: "unchanged", product: id });
    } else {
      cleaned += named.draft.description?.length ?? 0;
      const content = contentOf(named.draft, currency);
      if (content instanceof Incoherent) outcomes.set(handle, refused(handle, content.reason));
      else changes.push({ ...named, ...changeOf(content, { id, shop, before }, handle, now) });
    }
  }
  const written = changes.length === 0 ? new Set<string>() : await d.store.saveEach(changes, now);
  if (written.size > 0) d.told();
  for (const { handle, draft, digest, product } of changes) {
    const outcome = product.version === 1 ? "added" : "changed";
    if (written.has(product.id)) outcomes.set(handle, { handle, outcome, product: product.id });
    else waiting.push({ handle, draft, digest });
  }
  return waiting;
}

/** An id for each handle should it be free; no two the same, which one in a thousand batches would have. */
function drawIds(products: readonly Named[], nowMs: number): Map<string, Id<"product">> {
  const drawn = new Set<Id<"product">>();
  while (drawn.size < products.length) drawn.add(newId<"product">(randomBucket(), nowMs));
  const ids = [...drawn];
  return new Map(products.flatMap(({ handle }, i) => (ids[i] ? [[handle, ids[i]] as const] : [])));
}

function changeOf(
  content: Content,
  { id, shop, before }: { id: Id<"product">; shop: Id<"shop">; before: Standing | undefined },
  handle: string,
  nowMs: number,
): Omit<Change, "digest" | "handle"> {
  const known = before?.skus ?? new Map<string, Id<"sku">>();
  const version = (before?.version ?? 0) + 1;
  return {
    product: productOf(content, { id, shop, slug: slugOf(handle), version, ids: known }, nowMs),
    known,
    stock: stockOf(content),
  };
}

/** What an import would make of the product. Stock is left out: it counts for new SKUs only. */
function digestOf(draft: ProductDraft): string {
  const skus = draft.skus.map(({ stock: _, ...sku }) => sku);
  return createHash("sha256")
    .update(JSON.stringify({ ...draft, skus }))
    .digest("base64url");
}
