import { type Static, Type } from "typebox";
import { type Door, door } from "#kernel/door";
import { idOf, pageInput, priceSchema } from "#kernel/schema";

/** A product as listings show it. Stock is asked of inventory, a page at a time. */
export const hitSchema = Type.Object({
  product: idOf("product"),
  shop: idOf("shop"),
  slug: Type.String(),
  title: Type.String(),
  brand: Type.String(),
  category: Type.String(),
  price: priceSchema,
  priceTo: Type.Optional(priceSchema),
  compareAt: Type.Optional(priceSchema),
  image: Type.Union([Type.Null(), Type.String()]),
  image2: Type.Union([Type.Null(), Type.String()]),
  skus: Type.Array(idOf("sku"), { description: "To ask stock for" }),
});
export type Hit = Static<typeof hitSchema>;

const facetValues = Type.Array(Type.Object({ value: Type.String(), count: Type.Integer() }));
export const facetsSchema = Type.Object({
  categories: facetValues,
  prices: Type.Array(
    Type.Object({
      from: Type.Integer(),
      to: Type.Union([Type.Null(), Type.Integer()]),
      count: Type.Integer(),
    }),
  ),
  attributes: Type.Array(Type.Object({ name: Type.String(), values: facetValues })),
});

const filters = {
  category: Type.Optional(Type.String({ maxLength: 80, description: "A slug; includes what lies below it" })),
  shop: Type.Optional(idOf("shop")),
  priceFrom: Type.Optional(Type.Integer({ minimum: 0 })),
  priceTo: Type.Optional(Type.Integer({ minimum: 0 })),
  attributes: Type.Optional(
    Type.Array(Type.String({ maxLength: 160, pattern: "^[^:]+:.+$" }), {
      maxItems: 20,
      description: "name:value; values of one name widen, names narrow",
    }),
  ),
  ...pageInput,
  cursor: Type.Optional(Type.String({ maxLength: 200, description: "`next` of the page before" })),
};
const sort = [Type.Literal("newest"), Type.Literal("price"), Type.Literal("-price")] as const;

const resultSchema = Type.Object({
  items: Type.Array(hitSchema),
  next: Type.Union([Type.String(), Type.Null()]),
  total: Type.Integer({
    description:
      "Hits in all, up to 10,000; of more than 1,000 that match a text, an estimate within a few percent",
  }),
  facets: Type.Optional(facetsSchema),
  /** What was searched for instead, when nothing matched what was typed. */
  corrected: Type.Optional(Type.String()),
  /** Words of what was typed that `corrected` does without. */
  dropped: Type.Optional(Type.Array(Type.String())),
});

/** Finding products: a projection of catalog's, rebuilt from it at any time. */
export const searchDoor = door({
  name: "search",
  refusals: {
    "search.bad_cursor": [400, "That page mark is not one of ours"],
  },
  events: {},
  operations: {
    list: {
      kind: "query",
      retriable: true,
      who: ["anyone"],
      summary: "Published products, filtered and sorted",
      description:
        "The newest first, or by price. `facets=true` counts what one can narrow down by. Answers may be " +
        "a second or two behind a merchant's change.",
      http: "GET /products",
      cacheSeconds: 30,
      input: Type.Object({
        ...filters,
        sort: Type.Optional(Type.Union([...sort], { default: "newest" })),
        facets: Type.Optional(Type.Boolean({ default: false, description: "Count facets too" })),
      }),
      output: resultSchema,
      refusals: ["search.bad_cursor"],
      example: { category: "shirts", sort: "price", limit: 24 },
    },
    find: {
      kind: "query",
      retriable: true,
      who: ["anyone"],
      summary: "Published products that match a text, in English or Chinese",
      description:
        "The best match first. A word that is misspelt is put right, and the answer says what was " +
        "searched for instead (`corrected`, `dropped`).",
      http: "GET /search",
      cacheSeconds: 30,
      input: Type.Object({
        q: Type.String({ minLength: 1, maxLength: 200 }),
        ...filters,
        sort: Type.Optional(Type.Union([Type.Literal("relevance"), ...sort], { default: "relevance" })),
        facets: Type.Optional(Type.Boolean({ default: true })),
      }),
      output: resultSchema,
      refusals: ["search.bad_cursor"],
      example: { q: "linen shirt", limit: 24 },
    },
    suggest: {
      kind: "query",
      retriable: true,
      who: ["anyone"],
      summary: "Up to 8 titles and categories that begin with, or contain, what is typed",
      description: "For showing while somebody types.",
      http: "GET /search/suggestions",
      cacheSeconds: 60,
      input: Type.Object({ q: Type.String({ minLength: 1, maxLength: 100 }) }),
      output: Type.Object({
        items: Type.Array(
          Type.Object({
            text: Type.String(),
            product: Type.Optional(idOf("product")),
            slug: Type.Optional(Type.String()),
          }),
        ),
      }),
      refusals: [],
      example: { q: "lin" },
    },
    /**
     * Pages through catalog's export and makes the projection anew; readers see the old one until the end.
     */
    rebuild: {
      kind: "command",
      retriable: true,
      who: ["operator", "domain"],
      summary: "Make anew what search finds by, from the catalogue",
      description:
        "Buyers find by the old one until the new one is whole. It answers when it is done, after some seconds for each " +
        "10,000 products; `storey search rebuild` does the same and shows how far it is.",
      http: "POST /operations/search/rebuild",
      input: Type.Object({}),
      output: Type.Object({ products: Type.Integer() }),
      refusals: [],
    },
  },
});
export type SearchDoor = Door<typeof searchDoor>;
