import { setImmediate } from "node:timers/promises";
import { actsFor, type Context } from "#kernel/context";
import { isRefusal, refuse } from "#kernel/refusal";
import type { CatalogDoor, Category } from "./api.ts";
import { noCategory } from "./create.ts";
import type { CatalogDeps } from "./deps.ts";
import { importMany, vet } from "./import-many.ts";
import { Incoherent } from "./product.ts";
import { readShopify } from "./shopify.ts";
import type { BadRow } from "./shopify-product.ts";

type Input = Parameters<CatalogDoor["importCsv"]>[1];

/** As many products are written by one statement. */
const batch = 100;
const maxBad = 200;
/** What is imported well within the ten seconds of a request; `storey import` takes files of any size. */
const maxProducts = 2_000;
/** Parsed at once: a few milliseconds in which nobody else is answered. */
const pieceBytes = 65_536;

/**
 * Imports Shopify's product CSV into a shop. The same file again changes nothing, so a broken-off one is
 * sent again.
 */
export async function importCsv(d: CatalogDeps, c: Context, input: Input) {
  const { shop, csv, currency, dryRun = false, firstLine = 2 } = input;
  if (!actsFor(c.caller, shop)) return refuse("catalog.not_yours", "Ask somebody who works for this shop.");
  const [home, categories] = await Promise.all([d.shop.get(c, { id: shop }), d.store.categories(c)]);
  if (isRefusal(home)) return refuse("catalog.not_yours", "There is no shop with that id.");
  if (currency !== undefined && currency !== home.currency) {
    return refuse("catalog.invalid_csv", `The file is in ${currency}; this shop sells in ${home.currency}.`);
  }
  const named = [input.category, ...Object.values(input.categories ?? {})];
  const unknown = named.find((slug) => slug !== undefined && !categories.some((one) => one.slug === slug));
  if (unknown !== undefined) return noCategory(unknown);
  const terms = { currency: home.currency, categoryOf: categoryFinder(categories, input) };
  const reading = await readShopify(inPieces(csv), terms);
  if (reading instanceof Incoherent) return refuse("catalog.invalid_csv", reading.reason);
  if (reading.products.length > maxProducts) return tooMany(reading.products.length);
  const counts = { added: 0, changed: 0, unchanged: 0, refused: 0 };
  const bad: BadRow[] = [...reading.bad];
  for (let at = 0; at < reading.products.length; at += batch) {
    const products = reading.products.slice(at, at + batch);
    const outcomes = await (dryRun ? vet(d, c, { shop, products }) : importMany(d, c, { shop, products }));
    const lines = new Map(products.map(({ handle, line }) => [handle, line]));
    for (const { handle, outcome, reason } of outcomes) {
      counts[outcome]++;
      if (reason) bad.push({ line: lines.get(handle) ?? 0, handle, reason });
    }
  }
  return {
    rows: reading.rows,
    products: reading.products.length + reading.refused,
    ...counts,
    refused: reading.refused + counts.refused,
    badRows: bad.length,
    bad: bad
      .sort((a, b) => a.line - b.line)
      .slice(0, maxBad)
      .map(({ line, ...row }) => ({ line: line + firstLine - 2, ...row })),
  };
}

const tooMany = (products: number) =>
  refuse(
    "catalog.invalid_csv",
    `The file has ${products} products, and a request takes ${maxProducts}: send it in parts, or use storey import.`,
  );

async function* inPieces(csv: string): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(csv);
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    yield bytes.subarray(at, at + pieceBytes);
    await setImmediate();
  }
}

/**
 * Finds a product's category: by the words the caller gave, by the slug or name of one (Shopify's own
 * category from its last part to its first), or the one for all others.
 */
function categoryFinder(categories: readonly Category[], { category, categories: words = {} }: Input) {
  const known = new Map<string, string>();
  for (const { slug, name, nameZh } of categories) {
    for (const word of [nameZh, name, slug]) known.set(plain(word), slug);
  }
  for (const [word, slug] of Object.entries(words)) known.set(plain(word), slug);
  return (type: string, productCategory: string): string | undefined => {
    const parts = productCategory.split(">").reverse();
    const found = [type, productCategory, ...parts].map((word) => known.get(plain(word)));
    return found.find((slug) => slug !== undefined) ?? category;
  };
}

const plain = (word: string): string => word.trim().toLowerCase();
