import { readCsv } from "#platform/files/csv";
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

/** Consecutive rows of one handle. */
interface Group {
  readonly handle: string;
  readonly rows: ShopifyRow[];
  readonly bad: BadRow[];
  /** The line of something unreadable right before or after, which may have held rows of this product. */
  beside: number | undefined;
}

/** 100 variants and 250 pictures have 250 rows; what has more than this is not one product. */
const maxRows = 1_000;

/**
 * Reads Shopify's product CSV: several rows a product, the first with its title, the others with a variant,
 * a picture or both. A product is read whole or not at all: a bad row leaves its product out, and what
 * cannot be read leaves out the products on both sides of it. Incoherent if the first line names no columns
 * of a product.
 */
export async function readShopify(
  csv: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  terms: Terms,
): Promise<Reading | Incoherent> {
  const bad: BadRow[] = [];
  const groups: Group[] = [];
  let columns: Columns | undefined;
  let rows = 0;
  let unreadable: number | undefined;
  const lose = (line: number, reason: string) => {
    bad.push({ line, handle: null, reason });
    unreadable = line;
    const before = groups.at(-1);
    if (before) before.beside ??= line;
  };
  for await (const found of readCsv(csv)) {
    if ("problem" in found) {
      if (!columns) return new Incoherent(found.problem);
      lose(found.line, found.problem);
      continue;
    }
    const { fields, line } = found;
    if (!columns) {
      const named = columnsOf(fields);
      if (named instanceof Incoherent) return named;
      columns = named;
      continue;
    }
    if (fields.every((field) => field === "")) continue;
    rows++;
    const handle = columns.read(fields, "handle");
    if (handle === "") {
      lose(line, "It has no handle.");
      continue;
    }
    let group = groups.at(-1);
    if (!group || group.handle !== handle) {
      group = { handle, rows: [], bad: [], beside: unreadable };
      groups.push(group);
    }
    unreadable = undefined;
    take(group, { line, fields }, columns.count);
  }
  return columns ? { rows, ...whole(groups, bad, columns, terms) } : new Incoherent("The file is empty.");
}

function take(group: Group, row: ShopifyRow, columns: number): void {
  const { handle, rows, bad } = group;
  const { line, fields } = row;
  if (rows.length > maxRows) return;
  rows.push(row);
  if (fields.length !== columns) {
    bad.push({ line, handle, reason: `It has ${fields.length} fields, and the first line ${columns}.` });
  }
  if (rows.length > maxRows)
    bad.push({ line, handle, reason: `More than ${maxRows} rows have this handle.` });
}

/** The products that are whole, and what is bad about the others. */
function whole(
  groups: readonly Group[],
  bad: BadRow[],
  columns: Columns,
  terms: Terms,
): Omit<Reading, "rows"> {
  const products: { handle: string; line: number; draft: ProductDraft }[] = [];
  const firstLines = new Map<string, number>();
  const scattered = new Set<string>();
  for (const { handle, rows } of groups) {
    const line = rows[0]?.line ?? 0;
    const before = firstLines.get(handle);
    if (before === undefined) firstLines.set(handle, line);
    else {
      scattered.add(handle);
      bad.push({ line, handle, reason: `Its rows do not stand together: others begin at line ${before}.` });
    }
  }
  for (const { handle, rows, bad: own, beside } of groups) {
    const line = rows[0]?.line ?? 0;
    if (scattered.has(handle)) continue;
    const draft = own.length > 0 ? own : draftOf(handle, rows, columns, terms);
    if (Array.isArray(draft)) bad.push(...draft);
    else if (beside === undefined) products.push({ handle, line, draft });
    else
      bad.push({ line, handle, reason: `Line ${beside} beside it, which cannot be read, may belong to it.` });
  }
  const refused = firstLines.size - products.length;
  return { products, bad: bad.sort((a, b) => a.line - b.line), refused };
}
