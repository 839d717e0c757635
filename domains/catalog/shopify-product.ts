import { Compile } from "typebox/compile";
import { type ProductDraft, productDraftSchema } from "./api.ts";
import { minorOf } from "./price.ts";
import type { Columns } from "./shopify-columns.ts";

/** What is wrong with a row, or with the product that begins there. */
export interface BadRow {
  readonly line: number;
  readonly handle: string | null;
  readonly reason: string;
}

export interface ShopifyRow {
  readonly line: number;
  readonly fields: readonly string[];
}

/** How a file's words are turned into the marketplace's. */
export interface Terms {
  readonly currency: string;
  /** The category of a product by its type and Shopify's own category; undefined if none is known. */
  categoryOf(type: string, productCategory: string): string | undefined;
}

type SkuDraft = ProductDraft["skus"][number];

const draftCheck = Compile(productDraftSchema);
const maxStock = 1_000_000;
/** As many values of an attribute, and characters of each, as one can filter by. */
const maxValues = 50;
const maxValueLength = 100;

/** The product that the rows of one handle make, or everything that is wrong with them. */
export function draftOf(
  handle: string,
  rows: readonly ShopifyRow[],
  columns: Columns,
  terms: Terms,
): ProductDraft | BadRow[] {
  const bad: BadRow[] = [];
  const refuse = (line: number, reason: string) => void bad.push({ line, handle, reason });
  const [first] = rows;
  if (!first) throw new Error("a product has a row");
  for (const { line, fields } of rows) {
    if (fields.some((field) => field.includes("\ufffd")))
      refuse(line, "It is not UTF-8: save the file as CSV UTF-8.");
  }
  const of = (column: Parameters<Columns["read"]>[1]) => columns.read(first.fields, column);
  if (of("title") === "") refuse(first.line, "The first row of a product must have its title.");
  const category = terms.categoryOf(of("type"), of("productCategory"));
  if (category === undefined) {
    const called = of("type") || of("productCategory");
    refuse(
      first.line,
      called
        ? `No category is called ${called}. Name one for it (categories, --map "${called}=SLUG") or for all others (category, --category SLUG).`
        : "It has no type. Name a category for such products (category, --category SLUG).",
    );
  }
  const images = imagesOf(rows, columns);
  const skus = skusOf(handle, rows, { columns, terms, images }, refuse);
  if (bad.length > 0) return bad;
  if (skus.length === 0) return [{ line: first.line, handle, reason: "None of its rows has a price." }];
  const draft: ProductDraft = {
    title: of("title"),
    description: of("body"),
    category: category ?? "",
    brand: of("vendor"),
    tags: listOf(of("tags"), ","),
    attributes: attributesOf(first, skus, columns),
    images,
    status: statusOf(of("status"), of("published")),
    skus,
  };
  const [error] = draftCheck.Check(draft) ? [] : draftCheck.Errors(draft);
  if (!error) return draft;
  return [{ line: first.line, handle, reason: `${error.instancePath.slice(1)} ${error.message}.` }];
}

/** An export has `Status` and, from the time before there was one, `Published`. */
function statusOf(status: string, published: string): NonNullable<ProductDraft["status"]> {
  const word = status.toLowerCase();
  if (word === "archived") return "archived";
  if (word === "draft" || published.toLowerCase() === "false") return "draft";
  return "published";
}

interface Reading {
  readonly columns: Columns;
  readonly terms: Terms;
  /** The product's pictures; a variant's own that is not among them is added. */
  readonly images: Image[];
}

type Image = NonNullable<ProductDraft["images"]>[number];
type Refuse = (line: number, reason: string) => void;

function skusOf(handle: string, rows: readonly ShopifyRow[], r: Reading, refuse: Refuse): SkuDraft[] {
  const { columns } = r;
  const names = optionColumns.map(([name]) => columns.read(rows[0]?.fields ?? [], name));
  const codes = new Set<string>();
  return rows.flatMap(({ line, fields }) => {
    const isVariant =
      columns.read(fields, "price") || columns.read(fields, "option1Value") || columns.read(fields, "sku");
    if (!isVariant) {
      if (columns.read(fields, "image") === "") refuse(line, "It has neither a price nor a picture.");
      return [];
    }
    const sku = skuOf(handle, fields, names, r);
    if (typeof sku === "string") {
      refuse(line, sku);
      return [];
    }
    if (codes.has(sku.code)) refuse(line, `Two variants have the SKU ${sku.code}.`);
    codes.add(sku.code);
    return [sku];
  });
}

const optionColumns = [
  ["option1Name", "option1Value"],
  ["option2Name", "option2Value"],
  ["option3Name", "option3Value"],
] as const;

/** A variant, or why its row makes none. Options are named in the product's first row only. */
function skuOf(
  handle: string,
  fields: readonly string[],
  names: readonly string[],
  r: Reading,
): SkuDraft | string {
  const read = (column: Parameters<Columns["read"]>[1]) => r.columns.read(fields, column);
  const options = optionsOf(
    names,
    optionColumns.map(([, value]) => read(value)),
  );
  if (typeof options === "string") return options;
  const { currency } = r.terms;
  const price = minorOf(read("price"), currency);
  if (price === undefined) return unreadable("price", read("price"), `in ${currency}, such as 1299.00`);
  const compareAt = read("compareAt") === "" ? 0 : minorOf(read("compareAt"), currency);
  if (compareAt === undefined) return unreadable("compare-at price", read("compareAt"), `in ${currency}`);
  const grams = read("grams") === "" ? undefined : Math.round(Number(read("grams")));
  if (grams !== undefined && !(grams >= 0)) return unreadable("weight", read("grams"), "in grams");
  const stock = read("quantity") === "" ? undefined : Number(read("quantity"));
  if (stock !== undefined && !(Number.isSafeInteger(stock) && stock <= maxStock)) {
    return unreadable("quantity", read("quantity"), "of pieces, at most 1,000,000");
  }
  const image = imageOf(read("variantImage"), r.images);
  return {
    // Spreadsheets are kept from taking a number for a number by an apostrophe before it.
    code:
      read("sku").replace(/^'/, "") || [handle, ...Object.values(options)].join("-").slice(0, maxValueLength),
    options,
    price: { amount: price, currency },
    ...(compareAt > price && { compareAt: { amount: compareAt, currency } }),
    ...(grams !== undefined && { weightGrams: grams }),
    ...(image !== undefined && { image }),
    // Below zero is what Shopify has sold before it had it.
    ...(stock !== undefined && { stock: Math.max(0, stock) }),
  };
}

const unreadable = (what: string, text: string, form: string) =>
  text === "" ? `It has no ${what}.` : `Its ${what} ${JSON.stringify(text)} is not a number ${form}.`;

function optionsOf(names: readonly string[], values: readonly string[]): Record<string, string> | string {
  const chosen = names
    .map((name, i) => [name, values[i] ?? ""] as const)
    .filter((pair) => pair.some((text) => text));
  const [only] = chosen;
  if (chosen.length === 1 && only?.[1] === "Default Title") return {};
  for (const [name, value] of chosen) {
    if (name === "") return `The option ${value} has no name in the product's first row.`;
    if (value === "") return `It has no value for ${name}.`;
  }
  if (new Set(chosen.map(([name]) => name)).size < chosen.length) return "Two options have the same name.";
  return Object.fromEntries(chosen);
}

function imageOf(url: string, images: Image[]): number | undefined {
  if (url === "") return undefined;
  const at = images.findIndex((image) => image.url === url);
  return at >= 0 ? at : images.push({ url, alt: "" }) - 1;
}

/** The pictures of all rows in the order of their positions, each once. */
function imagesOf(rows: readonly ShopifyRow[], columns: Columns): Image[] {
  const placed = rows.flatMap(({ fields }, i) => {
    const url = columns.read(fields, "image");
    const position = Number.parseInt(columns.read(fields, "imagePosition"), 10);
    const alt = columns.read(fields, "imageAlt");
    return url === "" ? [] : [{ url, alt, position: Number.isNaN(position) ? i + 1 : position }];
  });
  const images = new Map<string, Image>();
  for (const { url, alt } of placed.toSorted((a, b) => a.position - b.position)) {
    if (!images.has(url)) images.set(url, { url, alt });
  }
  return [...images.values()];
}

/**
 * What one can filter by: the maker, the type, what the options offer and what the shop noted of its own
 * accord.
 */
function attributesOf(
  first: ShopifyRow,
  skus: readonly SkuDraft[],
  columns: Columns,
): Record<string, string[]> {
  const found: (readonly [string, readonly string[]])[] = [
    ["Brand", [columns.read(first.fields, "vendor")]],
    ["Type", [columns.read(first.fields, "type")]],
    ...columns.metafields(first.fields).map(([name, text]) => [name, listOf(text, ";")] as const),
  ];
  for (const name of Object.keys(skus[0]?.options ?? {})) {
    found.push([name, skus.map(({ options }) => options?.[name] ?? "")]);
  }
  const attributes = found.map(([name, values]) => {
    const usable = values.filter((value) => value !== "" && value.length <= maxValueLength);
    return [name, [...new Set(usable)].slice(0, maxValues)] as const;
  });
  return Object.fromEntries(attributes.filter(([, values]) => values.length > 0));
}

/** A list within a field; each thing once, as it is written first. */
const listOf = (text: string, separator: string): string[] => [
  ...new Set(
    text
      .split(separator)
      .map((part) => part.trim())
      .filter((part) => part !== ""),
  ),
];
