import { type CsvGroup, groupCsv } from "#platform/files/csv-groups";
import type { ProductDraft } from "./api.ts";
import { Incoherent } from "./product.ts";
import { type Columns, columnsOf } from "./shopify-columns.ts";
import { type BadRow, draftOf, type ShopifyRow, type Terms } from "./shopify-product.ts";

/** What stands in a file: whole products, and every row that keeps one from being whole. */
export interface Reading {
  /** Rows below the first line. */
  readonly rows: number;
  readonly products: readonly { handle: string; line: number; draft: ProductDraft }[];
  /** In the order of lines. The products they belong to are not among `products`. */
  readonly bad: readonly BadRow[];
  /** How many products were left out. */
  readonly refused: number;
}

/** 100 variants and 250 pictures have 250 rows; what has more than this is not one product. */
const maxRows = 1_000;

/**
 * Reads Shopify's product CSV: several rows a product, the first with its title, the others with a variant, a
 * picture or both. A product is read whole or not at all: a bad row leaves its product out, and what cannot
 * be read leaves out the products on both sides of it. Incoherent if the first line names no columns of a
 * product.
 */
export async function readShopify(
  csv: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  terms: Terms,
): Promise<Reading | Incoherent> {
  let columns: Columns | Incoherent | undefined;
  const rowsOf = new Map<CsvGroup, ShopifyRow[]>();
  const grouped = await groupCsv(csv, {
    called: "handle",
    keyOf: (header) => {
      const named = columnsOf(header);
      columns = named;
      return named instanceof Incoherent ? undefined : (fields) => named.read(fields, "handle");
    },
    each: (group, { line, fields }) => {
      const rows = rowsOf.get(group) ?? [];
      if (rows.length === 0) rowsOf.set(group, rows);
      if (rows.length < maxRows) rows.push({ line, fields });
    },
  });
  const bad: BadRow[] = grouped.losses.map(({ key, ...loss }) => ({ ...loss, handle: key }));
  if (!columns) return new Incoherent(bad[0]?.reason ?? "The file is empty.");
  if (columns instanceof Incoherent) return columns;
  const products: { handle: string; line: number; draft: ProductDraft }[] = [];
  for (const group of grouped.groups) {
    const { key: handle, line } = group;
    const draft = productOf(group, rowsOf.get(group) ?? [], columns, terms);
    if (Array.isArray(draft)) bad.push(...draft);
    else products.push({ handle, line, draft });
  }
  bad.sort((a, b) => a.line - b.line);
  return { rows: grouped.rows, products, bad, refused: grouped.keys - products.length };
}

function productOf(
  group: CsvGroup,
  rows: readonly ShopifyRow[],
  columns: Columns,
  terms: Terms,
): ProductDraft | BadRow[] {
  const { key: handle, line } = group;
  if (group.rows > maxRows) return [{ line, handle, reason: `More than ${maxRows} rows have this handle.` }];
  const torn = rows
    .filter(({ fields }) => fields.length !== columns.count)
    .map((row): BadRow => {
      const reason = `It has ${row.fields.length} fields, and the first line ${columns.count}.`;
      return { line: row.line, handle, reason };
    });
  return torn.length > 0 ? torn : draftOf(handle, rows, columns, terms);
}
