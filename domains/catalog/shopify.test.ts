import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { ProductDraft } from "./api.ts";
import { minorOf } from "./price.ts";
import { Incoherent } from "./product.ts";
import { type Reading, readShopify } from "./shopify.ts";
import type { Terms } from "./shopify-product.ts";

const terms: Terms = {
  currency: "USD",
  categoryOf: (type) => (type === "Unknown" ? undefined : "shirts"),
};

async function read(text: string | Buffer, over: Partial<Terms> = {}): Promise<Reading> {
  const reading = await readShopify([Buffer.from(text)], { ...terms, ...over });
  assert.ok(!(reading instanceof Incoherent), (reading as Incoherent).reason);
  return reading;
}

/** The columns of an export of 2026, in its order. */
const exported = [
  ...["Handle", "Title", "Body (HTML)", "Vendor", "Product Category", "Type", "Tags", "Published"],
  ...[
    "Option1 Name",
    "Option1 Value",
    "Option1 Linked To",
    "Option2 Name",
    "Option2 Value",
    "Option2 Linked To",
  ],
  ...["Option3 Name", "Option3 Value", "Option3 Linked To", "Variant SKU", "Variant Grams"],
  ...["Variant Inventory Tracker", "Variant Inventory Qty", "Variant Inventory Policy"],
  ...[
    "Variant Fulfillment Service",
    "Variant Price",
    "Variant Compare At Price",
    "Variant Requires Shipping",
  ],
  ...["Variant Taxable", "Variant Barcode", "Image Src", "Image Position", "Image Alt Text", "Gift Card"],
  ...["SEO Title", "SEO Description", "Fabric (product.metafields.shopify.fabric)", "Variant Image"],
  ...["Variant Weight Unit", "Variant Tax Code", "Cost per item", "Status"],
];
type Row = Record<string, string>;

const quoted = (text: string) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
const csvOf = (rows: readonly Row[], columns: readonly string[] = exported, eol = "\n") =>
  [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ""))]
    .map((fields) => fields.map(quoted).join(",") + eol)
    .join("");

/** A draft as Shopify would export it. */
function rowsOf(handle: string, draft: ProductDraft): Row[] {
  const names = Object.keys(draft.skus[0]?.options ?? {});
  const images = draft.images ?? [];
  const first: Row = {
    Title: draft.title,
    "Body (HTML)": draft.description ?? "",
    Vendor: draft.brand ?? "",
    Tags: (draft.tags ?? []).join(", "),
    Type: "Shirts",
    Published: String(draft.status === "published"),
    Status: draft.status === "published" ? "active" : (draft.status ?? ""),
    "Fabric (product.metafields.shopify.fabric)": (draft.attributes?.["Fabric"] ?? []).join("; "),
  };
  for (const [i, name] of (names.length > 0 ? names : ["Title"]).entries())
    first[`Option${i + 1} Name`] = name;
  return Array.from({ length: Math.max(draft.skus.length, images.length) }, (_, i) => {
    const sku = draft.skus[i];
    const image = images[i];
    const row: Row = { Handle: handle, ...(i === 0 && first) };
    if (image)
      Object.assign(row, {
        "Image Src": image.url,
        "Image Position": `${i + 1}`,
        "Image Alt Text": image.alt,
      });
    if (!sku) return row;
    const values = names.length > 0 ? names.map((name) => sku.options?.[name] ?? "") : ["Default Title"];
    for (const [n, value] of values.entries()) row[`Option${n + 1} Value`] = value;
    row["Variant SKU"] = sku.code;
    row["Variant Price"] = (sku.price.amount / 100).toFixed(2);
    row["Variant Compare At Price"] = sku.compareAt ? (sku.compareAt.amount / 100).toFixed(2) : "";
    row["Variant Grams"] = String(sku.weightGrams ?? "");
    row["Variant Inventory Qty"] = String(sku.stock ?? "");
    row["Variant Image"] = images[sku.image ?? -1]?.url ?? "";
    return row;
  });
}

const unit = fc.constantFrom("a", "B", "9", "é", "亚", "😀", ",", '"', "\n", "\r\n", "<p>", "&", "-", "'");
const text = (maxLength: number) => fc.string({ unit, minLength: 1, maxLength }).map((each) => `x${each}x`);
const price = fc.integer({ min: 0, max: 9_999_999 });
const sku = (names: readonly string[], index: number, images: number) =>
  fc
    .record({
      below: price,
      over: price,
      grams: fc.integer({ min: 0, max: 9_999 }),
      stock: fc.nat(500),
      words: text(5),
    })
    .map(({ below, over, grams, stock, words }): ProductDraft["skus"][number] => ({
      code: `${index} ${words.replaceAll("'", "")}`,
      options: Object.fromEntries(names.map((name, i) => [name, i === 0 ? `v${index}` : words])),
      price: { amount: below, currency: "USD" },
      ...(over > below && { compareAt: { amount: over, currency: "USD" } }),
      weightGrams: grams,
      ...(index < images && { image: index }),
      stock,
    }));
const product = fc
  .record({
    variants: fc.integer({ min: 1, max: 6 }),
    options: fc.integer({ min: 0, max: 3 }),
    images: fc.nat(6),
  })
  .chain(({ variants, options, images }) => {
    const names = ["Size", "Colour, or shade", 'Length "cm"'].slice(0, options);
    return fc.record({
      title: text(20),
      description: text(60),
      brand: text(8),
      tags: fc.uniqueArray(
        text(4).map((tag) => tag.replaceAll(",", "")),
        { maxLength: 4 },
      ),
      fabric: fc.uniqueArray(fc.constantFrom("Linen", "Wool", "亚麻"), { minLength: 1 }),
      status: fc.constantFrom("draft" as const, "published" as const, "archived" as const),
      alt: text(8),
      images: fc.constant(images),
      skus: fc.tuple(...Array.from({ length: options > 0 ? variants : 1 }, (_, i) => sku(names, i, images))),
    });
  })
  .map(
    ({ fabric, alt, images, ...fields }): ProductDraft => ({
      ...fields,
      category: "shirts",
      attributes: { Fabric: fabric },
      images: Array.from({ length: images }, (_, i) => ({ url: `https://x.example/${i}.png`, alt })),
    }),
  );

test("any products written as Shopify's CSV are read as the same products, at their lines", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(product, { maxLength: 5 }),
      fc.constantFrom("\n", "\r\n"),
      fc.constantFrom("", "\ufeff"),
      async (drafts, eol, bom) => {
        const rows = drafts.map((draft, i) => rowsOf(`handle-${i}`, draft));
        const { products, bad, refused, rows: count } = await read(bom + csvOf(rows.flat(), exported, eol));
        assert.deepEqual(bad, []);
        assert.equal(refused, 0);
        assert.equal(count, rows.flat().length);
        for (const [i, draft] of drafts.entries()) {
          const before = csvOf(rows.slice(0, i).flat(), exported, eol);
          assert.equal(products[i]?.handle, `handle-${i}`);
          assert.equal(products[i]?.line, before.split("\n").length);
          const { attributes, ...found } = products[i]!.draft;
          const { attributes: meant, ...rest } = draft;
          assert.deepEqual(found, rest);
          assert.deepEqual(attributes?.["Fabric"], meant?.["Fabric"]);
          assert.deepEqual(attributes?.["Type"], ["Shirts"]);
        }
      },
    ),
    { numRuns: 200 },
  );
});

const plainRow = (handle: string, over: Row = {}): Row => ({
  Handle: handle,
  Title: `Shirt ${handle}`,
  Type: "Shirts",
  "Variant SKU": `${handle}-1`,
  "Variant Price": "49.00",
  ...over,
});

test("every bad row is reported with its line and reason, and its whole product left out", async () => {
  const variant = { "Option1 Name": "Size", "Option1 Value": "M" };
  const cases: [Row[], RegExp[]][] = [
    [[plainRow("a", { Title: "" })], [/first row of a product must have its title/]],
    [[plainRow("a", { "Variant Price": "" })], [/no price/]],
    [[plainRow("a", { "Variant Price": "free" })], [/price "free" is not a number in USD/]],
    [[plainRow("a", { "Variant Price": "-1.00" })], [/price "-1.00" is not/]],
    [[plainRow("a", { "Variant Price": "1.299,00" })], [/price "1.299,00" is not/]],
    [[plainRow("a", { "Variant Price": "9.999" })], [/price "9.999" is not/]],
    [[plainRow("a", { "Variant Compare At Price": "x" })], [/compare-at price "x"/]],
    [[plainRow("a", { "Variant Grams": "heavy" })], [/weight "heavy"/]],
    [[plainRow("a", { "Variant Inventory Qty": "1.5" })], [/quantity "1.5"/]],
    [[plainRow("a", { "Variant Inventory Qty": "1000001" })], [/quantity "1000001"/]],
    [[plainRow("a", { Type: "Unknown" })], [/No category is called Unknown/]],
    [[plainRow("a", { Title: "x".repeat(256) })], [/title must not have more than 255 characters/]],
    [[plainRow("a", { Vendor: "caf\ufffd" })], [/not UTF-8/]],
    [[plainRow("a", { "Option1 Value": "M" })], [/option M has no name/]],
    [[plainRow("a", variant), { Handle: "a", "Variant Price": "1" }], [/no value for Size/]],
    [[plainRow("a", variant), { Handle: "a" }], [/neither a price nor a picture/]],
    [
      [
        plainRow("a", variant),
        { Handle: "a", "Option1 Value": "L", "Variant SKU": "a-1", "Variant Price": "1" },
      ],
      [/Two variants have the SKU a-1/],
    ],
    [
      [plainRow("a", { ...variant, "Option2 Name": "Size", "Option2 Value": "L" })],
      [/Two options have the same name/],
    ],
    [
      [plainRow("a", { "Variant Price": "x" }), { Handle: "a", "Variant Price": "y" }],
      [/price "x"/, /price "y"/],
    ],
  ];
  for (const [rows, reasons] of cases) {
    const file = csvOf([plainRow("before"), ...rows, plainRow("after")]);
    const { products, bad, refused } = await read(file);
    assert.deepEqual(
      products.map(({ handle }) => handle),
      ["before", "after"],
    );
    assert.equal(refused, 1);
    assert.equal(bad.length, reasons.length, JSON.stringify(bad));
    for (const [i, reason] of reasons.entries()) {
      assert.match(bad[i]?.reason ?? "", reason);
      assert.equal(bad[i]?.handle, "a");
      const last = reasons.length > 1 ? 3 + i : rows.length > 1 ? 4 : 3;
      assert.equal(bad[i]?.line, last, bad[i]?.reason);
    }
  }
});

test("what cannot be read leaves out the products on both sides, and nothing else", async () => {
  const lines = csvOf(["a", "b", "c", "d", "e"].map((handle) => plainRow(handle)))
    .trimEnd()
    .split("\n");
  const ruined: [(line: string) => string, string[], RegExp][] = [
    [(line) => line.replace("Shirt c", '"Shirt "c" fine"'), ["a", "e"], /quote/],
    [(line) => line.replace(/^c,/, ","), ["a", "e"], /no handle/],
    [(line) => line.replace("Shirt c", "Shirt, c"), ["a", "b", "d", "e"], /41 fields, and the first line 40/],
    [(line) => line.replace("Shirt c", '"Shirt c'), ["a"], /never closed/],
  ];
  for (const [ruin, handles, reason] of ruined) {
    const file = lines.map((line) => (line.startsWith("c,") ? ruin(line) : line)).join("\n");
    const { products, bad } = await read(file);
    assert.deepEqual(
      products.map(({ handle }) => handle),
      handles,
      reason.source,
    );
    const own = bad.find(({ line, reason: given }) => line === 4 && reason.test(given));
    assert.ok(own, JSON.stringify(bad));
  }
});

test("rows of one handle that do not stand together leave the product out, wherever they are", async () => {
  const handles = ["a", "b", "a", "c", "b", "b"];
  const { products, bad, refused } = await read(csvOf(handles.map((handle) => plainRow(handle))));
  assert.deepEqual(
    products.map(({ handle }) => handle),
    ["c"],
  );
  assert.equal(refused, 2);
  assert.deepEqual(
    bad.map(({ line, handle, reason }) => [line, handle, reason]),
    [
      [4, "a", "Its rows do not stand together: others begin at line 2."],
      [6, "b", "Its rows do not stand together: others begin at line 3."],
    ],
  );
});

test("a product of too many rows is refused and does not fill the memory", async () => {
  const rows = Array.from({ length: 3_000 }, (_, i) => ({
    Handle: "a",
    "Image Src": `https://x.example/${i}`,
  }));
  const { products, bad } = await read(csvOf([plainRow("a"), ...rows, plainRow("b")]));
  assert.deepEqual(
    products.map(({ handle }) => handle),
    ["b"],
  );
  assert.deepEqual(
    bad.map(({ line }) => line),
    [2],
  );
});

test("columns may be missing, in any order, of the older or the newer names", async () => {
  const { products } = await read("Variant Price,Title,Handle\n49,Shirt,shirt\n");
  assert.deepEqual(products[0]?.draft, {
    title: "Shirt",
    description: "",
    category: "shirts",
    brand: "",
    tags: [],
    attributes: {},
    images: [],
    status: "published",
    skus: [{ code: "shirt", options: {}, price: { amount: 4900, currency: "USD" } }],
  });
  const newer = await read("Title,URL handle,Price,Compare-at price,Status\nShirt,shirt,49.5,60,Draft\n");
  assert.deepEqual(newer.products[0]?.draft.skus[0]?.compareAt, { amount: 6000, currency: "USD" });
  assert.equal(newer.products[0]?.draft.status, "draft");
  for (const file of ["", "\n\n", "Handle,Title\na,b\n", "Handle;Title;Variant Price\n", '"Handle,Title\n']) {
    assert.ok((await readShopify([Buffer.from(file)], terms)) instanceof Incoherent, JSON.stringify(file));
  }
});

test("pictures come in the order of their positions, each once, a variant's own among them", async () => {
  const { products, bad } = await read(
    csvOf([
      plainRow("a", {
        "Image Src": "https://x.example/2.png",
        "Image Position": "2",
        "Option1 Name": "Size",
        "Option1 Value": "M",
        "Variant Image": "https://x.example/own.png",
      }),
      { Handle: "a", "Image Src": "https://x.example/1.png", "Image Position": "1", "Image Alt Text": "One" },
      { Handle: "a", "Image Src": "https://x.example/2.png", "Image Position": "3" },
      {
        Handle: "a",
        "Option1 Value": "L",
        "Variant SKU": "'0012",
        "Variant Price": "1,299.00",
        "Variant Inventory Qty": "-3",
        "Variant Image": "https://x.example/1.png",
      },
    ]),
  );
  assert.deepEqual(bad, []);
  const draft = products[0]?.draft;
  assert.deepEqual(draft?.images, [
    { url: "https://x.example/1.png", alt: "One" },
    { url: "https://x.example/2.png", alt: "" },
    { url: "https://x.example/own.png", alt: "" },
  ]);
  assert.deepEqual(
    draft?.skus.map(({ image }) => image),
    [2, 0],
  );
  assert.deepEqual(
    [draft?.skus[1]?.code, draft?.skus[1]?.price.amount, draft?.skus[1]?.stock],
    ["0012", 129_900, 0],
  );
  assert.deepEqual(draft?.attributes?.["Size"], ["M", "L"]);
});

test("a price is read to the smallest unit of its currency, or not at all", () => {
  const cases: [string, string, number | undefined][] = [
    ["1299", "USD", 129_900],
    ["1,299.00", "USD", 129_900],
    ["1,299,000.5", "USD", 129_900_050],
    ["0.29", "USD", 29],
    ["0", "USD", 0],
    ["49.", "USD", 4_900],
    ["49.9900", "USD", 4_999],
    ["49.999", "USD", undefined],
    ["1500", "JPY", 1_500],
    ["1500.00", "JPY", 1_500],
    ["1500.5", "JPY", undefined],
    ["1.234", "KWD", 1_234],
    ["1,29", "USD", undefined],
    ["12,99.00", "USD", undefined],
    ["$49", "USD", undefined],
    ["4e3", "USD", undefined],
    [".5", "USD", undefined],
    ["", "USD", undefined],
    ["9".repeat(20), "USD", undefined],
  ];
  for (const [written, currency, minor] of cases) assert.equal(minorOf(written, currency), minor, written);
});
