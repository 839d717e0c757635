import { type Static, Type } from "typebox";
import { type Door, door } from "#kernel/door";
import { idOf, pageInput, pageOf, priceSchema, timeSchema } from "#kernel/schema";

const optionValues = Type.Record(Type.String({ maxLength: 50 }), Type.String({ maxLength: 100 }), {
  description: "The option's name to the value chosen, such as Colour: Blue",
});

export const skuSchema = Type.Object({
  id: idOf("sku"),
  code: Type.String({ maxLength: 100, description: "The merchant's own number for it" }),
  options: optionValues,
  price: priceSchema,
  compareAt: Type.Optional(priceSchema),
  weightGrams: Type.Optional(Type.Integer({ minimum: 0 })),
  image: Type.Optional(Type.Integer({ minimum: 0, description: "Which of the product's images shows it" })),
});
export type Sku = Static<typeof skuSchema>;

const imageSchema = Type.Object({
  url: Type.String({
    maxLength: 2_000,
    description: "An address below /files/, or one of the merchant's own host",
  }),
  alt: Type.String({ maxLength: 500 }),
});

const status = Type.Union([Type.Literal("draft"), Type.Literal("published"), Type.Literal("archived")], {
  description:
    "draft: seen by the shop's staff alone, and what a new product is unless said; published: for sale; archived: taken off",
});

const productFields = {
  title: Type.String({ minLength: 1, maxLength: 255 }),
  description: Type.String({ maxLength: 50_000, description: "HTML; sanitised before it is stored" }),
  category: Type.String({ maxLength: 80, description: "The slug of a category" }),
  brand: Type.String({ maxLength: 100 }),
  tags: Type.Array(Type.String({ maxLength: 100 }), { maxItems: 250 }),
  attributes: Type.Record(
    Type.String({ maxLength: 50 }),
    Type.Array(Type.String({ maxLength: 100 }), { maxItems: 50 }),
    {
      description: "What one can filter by, such as Material: [Linen]",
    },
  ),
  images: Type.Array(imageSchema, { maxItems: 250 }),
  status,
};

export const productSchema = Type.Object({
  id: idOf("product"),
  shop: idOf("shop"),
  slug: Type.String(),
  ...productFields,
  options: Type.Array(
    Type.Object({
      name: Type.String({ maxLength: 50 }),
      values: Type.Array(Type.String({ maxLength: 100 })),
    }),
    { maxItems: 3, description: "Derived from the SKUs, in the order of their first appearance" },
  ),
  skus: Type.Array(skuSchema, { minItems: 1, maxItems: 100 }),
  version: Type.Integer({ description: "Rises with every change" }),
  createdAt: timeSchema,
  updatedAt: timeSchema,
});
export type Product = Static<typeof productSchema>;

/** A SKU as a merchant writes it: matched to one that exists by its code. */
export const skuDraftSchema = Type.Object({
  code: Type.String({ minLength: 1, maxLength: 100 }),
  options: Type.Optional(optionValues),
  price: priceSchema,
  compareAt: Type.Optional(priceSchema),
  weightGrams: Type.Optional(Type.Integer({ minimum: 0 })),
  image: Type.Optional(Type.Integer({ minimum: 0 })),
  stock: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 1_000_000,
      description: "What is on hand when the SKU is new; ignored later",
    }),
  ),
});

export const productDraftSchema = Type.Object({
  ...productFields,
  description: Type.Optional(productFields.description),
  brand: Type.Optional(productFields.brand),
  tags: Type.Optional(productFields.tags),
  attributes: Type.Optional(productFields.attributes),
  images: Type.Optional(productFields.images),
  status: Type.Optional(status),
  skus: Type.Array(skuDraftSchema, { minItems: 1, maxItems: 100 }),
});
export type ProductDraft = Static<typeof productDraftSchema>;

/** A product as an import names it: by the handle that its shop gave it. */
export const importedProductSchema = Type.Object({
  handle: Type.String({ minLength: 1, maxLength: 255 }),
  draft: productDraftSchema,
});

export const categorySchema = Type.Object({
  slug: Type.String({ pattern: "^[a-z0-9-]{1,80}$" }),
  parent: Type.Union([Type.Null(), Type.String()]),
  name: Type.String({ maxLength: 100 }),
  nameZh: Type.String({ maxLength: 100 }),
  position: Type.Integer(),
  image: Type.Union([Type.Null(), Type.String()]),
});
export type Category = Static<typeof categorySchema>;

/** What is sold: categories, products, their SKUs and prices. Prices are decided here and nowhere else. */
export const catalogDoor = door({
  name: "catalog",
  refusals: {
    "catalog.product_not_found": [404, "No such product"],
    "catalog.category_not_found": [422, "No such category"],
    "catalog.not_yours": [403, "You do not work for this shop"],
    "catalog.invalid_product": [422, "The product does not hold together"],
    "catalog.changed_meanwhile": [409, "Somebody else changed the product"],
    "catalog.invalid_csv": [422, "The file is not Shopify's product CSV"],
  },
  events: {
    /** The product as it now is must be asked for; SKUs are told so that stock rows can be made. */
    changed: Type.Object({
      product: idOf("product"),
      shop: idOf("shop"),
      status,
      skus: Type.Array(
        Type.Object({ sku: idOf("sku"), stock: Type.Integer({ description: "On hand at first" }) }),
      ),
    }),
  },
  operations: {
    categories: {
      kind: "query",
      retriable: true,
      who: ["anyone"],
      summary: "All categories, parents before children",
      description: "A category is named by its slug, which products and searches take.",
      http: "GET /categories",
      cacheSeconds: 300,
      input: Type.Object({}),
      output: Type.Object({ items: Type.Array(categorySchema) }),
      refusals: [],
    },
    putCategories: {
      kind: "command",
      retriable: true,
      who: ["operator", "domain"],
      summary: "Add or replace categories",
      description: "Those that are there are replaced by their slug, the others stay. None can be removed.",
      http: "PUT /categories",
      status: 204,
      input: Type.Object({ items: Type.Array(categorySchema, { maxItems: 1_000 }) }),
      output: Type.Null(),
      refusals: [],
      example: {
        items: [{ slug: "cups", parent: null, name: "Cups", nameZh: "杯子", position: 0, image: null }],
      },
    },
    get: {
      kind: "query",
      retriable: true,
      who: ["anyone"],
      summary: "A published product (drafts: its shop's staff only)",
      description:
        "With all its SKUs: what is bought is a SKU, not a product. What is on hand is asked for apart, " +
        "with `GET /stock`.",
      http: "GET /products/{id}",
      cacheSeconds: 30,
      input: Type.Object({ id: idOf("product") }),
      output: productSchema,
      refusals: ["catalog.product_not_found"],
    },
    /** Up to 100 products at once, whatever their status, for domains; unknown ones are left out. */
    getMany: {
      kind: "query",
      retriable: true,
      who: ["domain"],
      summary: "Several products",
      input: Type.Object({ ids: Type.Array(idOf("product"), { maxItems: 100 }) }),
      output: Type.Array(productSchema),
      refusals: [],
    },
    /** What cart and order must know of up to 100 SKUs; unknown and unpublished ones are left out. */
    skus: {
      kind: "query",
      retriable: true,
      who: ["domain"],
      summary: "SKUs with what is needed to sell them",
      input: Type.Object({ ids: Type.Array(idOf("sku"), { maxItems: 100 }) }),
      output: Type.Array(
        Type.Object({
          sku: idOf("sku"),
          product: idOf("product"),
          shop: idOf("shop"),
          title: Type.String(),
          slug: Type.String(),
          options: optionValues,
          code: Type.String(),
          price: priceSchema,
          image: Type.Union([Type.Null(), Type.String()]),
        }),
      ),
      refusals: [],
    },
    create: {
      kind: "command",
      retriable: true,
      who: ["merchant"],
      summary: "Add a product to a shop",
      description:
        "It begins as a draft, which nobody but the shop's staff can see or buy, unless `status` says " +
        "`published`. A SKU's `stock` is what is on hand at first.",
      http: "POST /shops/{shop}/products",
      status: 201,
      idempotencyKey: "required",
      input: Type.Object({ shop: idOf("shop"), ...productDraftSchema.properties }),
      output: productSchema,
      refusals: ["catalog.not_yours", "catalog.category_not_found", "catalog.invalid_product"],
      example: {
        title: "Harbour Linen Shirt",
        category: "shirts",
        status: "published",
        skus: [
          { code: "HLS-M", options: { Size: "M" }, price: { amount: 4900, currency: "USD" }, stock: 20 },
        ],
      },
    },
    change: {
      kind: "command",
      retriable: true,
      who: ["merchant"],
      summary: "Change a product; fields left out stay, SKUs are matched by code",
      description:
        '`{ "status": "published" }` opens a draft for sale, `archived` takes it off the shelves. SKUs ' +
        "that are sent replace all there are: one with a known code keeps its id and its stock.",
      http: "PATCH /products/{id}",
      input: Type.Object({
        id: idOf("product"),
        ...Type.Partial(productDraftSchema).properties,
        version: Type.Optional(Type.Integer({ description: "Refused if the product has moved on from it" })),
      }),
      output: productSchema,
      refusals: [
        "catalog.product_not_found",
        "catalog.not_yours",
        "catalog.category_not_found",
        "catalog.invalid_product",
        "catalog.changed_meanwhile",
      ],
      example: { status: "published" },
    },
    /** The products of one shop, drafts too for its staff; newest first. */
    ofShop: {
      kind: "query",
      retriable: true,
      who: ["anyone"],
      summary: "The products of a shop",
      description:
        "Published ones for everybody; drafts and archived ones too for the shop's staff. The newest " +
        "first.",
      http: "GET /shops/{shop}/products",
      input: Type.Object({ shop: idOf("shop"), ...pageInput }),
      output: pageOf(productSchema),
      refusals: [],
    },
    /** Adds or changes up to 100 products by handle; each whole or not at all, an unchanged one not again. */
    importMany: {
      kind: "command",
      retriable: true,
      who: ["domain"],
      summary: "Add or change products by handle",
      input: Type.Object({
        shop: idOf("shop"),
        products: Type.Array(importedProductSchema, { maxItems: 100 }),
      }),
      output: Type.Array(
        Type.Object({
          handle: Type.String(),
          outcome: Type.Union([
            Type.Literal("added"),
            Type.Literal("changed"),
            Type.Literal("unchanged"),
            Type.Literal("refused"),
          ]),
          product: Type.Union([Type.Null(), idOf("product")]),
          reason: Type.Optional(Type.String()),
        }),
      ),
      refusals: [],
    },
    /** Each product whole or not at all; the same file again changes nothing. */
    importCsv: {
      kind: "command",
      retriable: true,
      who: ["merchant", "domain"],
      summary: "Import products from Shopify's product CSV",
      description:
        "Up to 2,000 products a request, each whole or not at all; the same file again changes nothing. " +
        "Larger files: send them in parts (`firstLine`), or use `storey import`.",
      http: "POST /shops/{shop}/imports",
      bodyBytes: 12_000_000,
      idempotencyKey: "required",
      input: Type.Object({
        shop: idOf("shop"),
        csv: Type.String({ maxLength: 5_000_000, description: "The text of the file as Shopify exports it" }),
        category: Type.Optional(
          Type.String({ maxLength: 80, description: "The slug for products whose type names no category" }),
        ),
        categories: Type.Optional(
          Type.Record(Type.String(), Type.String({ maxLength: 80 }), {
            description: "A type of the file to the slug of a category, such as T-Shirt: shirts",
          }),
        ),
        currency: Type.Optional(
          Type.String({ pattern: "^[A-Z]{3}$", description: "Refused unless it is the shop's" }),
        ),
        dryRun: Type.Optional(
          Type.Boolean({ default: false, description: "Check only; nothing is changed" }),
        ),
        firstLine: Type.Optional(
          Type.Integer({
            minimum: 2,
            default: 2,
            description:
              "Of a file sent in pieces, each below the same first line: where this one stands in it",
          }),
        ),
      }),
      output: Type.Object({
        rows: Type.Integer({ description: "Below the first line" }),
        products: Type.Integer(),
        added: Type.Integer(),
        changed: Type.Integer(),
        unchanged: Type.Integer(),
        refused: Type.Integer({ description: "Products left out because of bad rows" }),
        badRows: Type.Integer(),
        bad: Type.Array(
          Type.Object({
            line: Type.Integer({ description: "Of the file, as an editor counts" }),
            handle: Type.Union([Type.Null(), Type.String()]),
            reason: Type.String(),
          }),
          { description: "The first 200" },
        ),
      }),
      refusals: ["catalog.not_yours", "catalog.invalid_csv", "catalog.category_not_found"],
      example: {
        csv: "Handle,Title,Type,Variant SKU,Variant Price\nlinen-shirt,Linen Shirt,Shirts,LS-1,49.00\n",
      },
    },
    /** Every product by id, whatever its status: what projections are rebuilt from. */
    export: {
      kind: "query",
      retriable: true,
      who: ["domain"],
      summary: "All products, a page at a time",
      input: Type.Object({ ...pageInput }),
      output: pageOf(productSchema),
      refusals: [],
    },
  },
});
export type CatalogDoor = Door<typeof catalogDoor>;
