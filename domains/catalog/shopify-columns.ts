import { Incoherent } from "./product.ts";

/**
 * The columns of Shopify's product CSV that a product is made of. Its export has called them by the first
 * name since 2010; the second is that of the template it hands out since 2024. Case, spaces and signs do
 * not count.
 */
const names = {
  handle: ["handle", "urlhandle"],
  title: ["title"],
  body: ["bodyhtml", "description"],
  vendor: ["vendor"],
  productCategory: ["productcategory", "standardproducttype"],
  type: ["type", "customproducttype"],
  tags: ["tags"],
  published: ["published", "publishedononlinestore"],
  status: ["status"],
  option1Name: ["option1name"],
  option1Value: ["option1value"],
  option2Name: ["option2name"],
  option2Value: ["option2value"],
  option3Name: ["option3name"],
  option3Value: ["option3value"],
  sku: ["variantsku", "sku"],
  grams: ["variantgrams", "weightvaluegrams"],
  quantity: ["variantinventoryqty", "inventoryquantity"],
  price: ["variantprice", "price"],
  compareAt: ["variantcompareatprice", "compareatprice"],
  image: ["imagesrc", "productimageurl"],
  imagePosition: ["imageposition"],
  imageAlt: ["imagealttext"],
  variantImage: ["variantimage", "variantimageurl"],
} as const;
export type Column = keyof typeof names;

const needed = { handle: "Handle", title: "Title", price: "Variant Price" } as const;

/** `Fabric (product.metafields.shopify.fabric)`: what a shop adds to products of its own accord. */
const metafield = /^(?<name>[^(]{1,50}?)\s*\(product\.metafields\./i;

/** Where a file has what. */
export interface Columns {
  readonly count: number;
  /** The text of a row in a column; empty where the file has no such column. */
  read(fields: readonly string[], column: Column): string;
  /** The names of metafields with their texts in a row. */
  metafields(fields: readonly string[]): readonly (readonly [string, string])[];
}

/** Reads the first line of a file. Columns that are not known are left alone. */
export function columnsOf(header: readonly string[]): Columns | Incoherent {
  const plain = header.map((title) => title.toLowerCase().replace(/[^a-z0-9]/g, ""));
  const at = new Map<Column, number>();
  for (const [column, known] of Object.entries(names)) {
    const index = plain.findIndex((title) => known.includes(title as never));
    if (index >= 0) at.set(column as Column, index);
  }
  const missing = Object.entries(needed).filter(([column]) => !at.has(column as Column));
  if (missing.length > 0) {
    const wanted = missing.map(([, title]) => title).join(", ");
    const found = header.join(",");
    // A picture, a workbook, or text in an encoding of its own: nobody can read it, and a terminal would obey it.
    const isText = !/[^\P{Cc}\t\r\n]|\ufffd/u.test(found);
    return new Incoherent(
      isText
        ? `The first line names no column ${wanted}. Shopify's export does, with commas between: ${found.slice(0, 80)}`
        : "The first line is no text in UTF-8. Give the CSV file that Shopify exports.",
    );
  }
  const extra = header.flatMap((title, index) => {
    const name = metafield.exec(title)?.groups?.["name"];
    return name ? [{ name, index }] : [];
  });
  return {
    count: header.length,
    read: (fields, column) => fields[at.get(column) ?? -1]?.trim() ?? "",
    metafields: (fields) => extra.map(({ name, index }) => [name, fields[index]?.trim() ?? ""] as const),
  };
}
