import { type Static, Type } from "typebox";
import { type Door, door } from "#kernel/door";
import { idOf, moneySchema, priceSchema } from "#kernel/schema";

export const cartLineSchema = Type.Object({
  sku: idOf("sku"),
  product: idOf("product"),
  shop: idOf("shop"),
  slug: Type.String(),
  title: Type.String(),
  options: Type.Record(Type.String(), Type.String()),
  image: Type.Union([Type.Null(), Type.String()]),
  quantity: Type.Integer(),
  price: priceSchema,
  /** What it cost when it was put in, if that has changed. */
  priceBefore: Type.Optional(priceSchema),
  available: Type.Integer({ description: "What can be bought now" }),
});
export type CartLine = Static<typeof cartLineSchema>;

export const cartSchema = Type.Object({
  lines: Type.Array(cartLineSchema),
  /** SKUs that can no longer be bought at all; they are shown once and then gone. */
  gone: Type.Array(idOf("sku")),
  total: moneySchema,
  count: Type.Integer({ description: "Pieces in all" }),
  /** For a guest who had no cart yet: send it as the cookie `cart` or the header `Cart-Token`. */
  token: Type.Optional(Type.String()),
});
export type Cart = Static<typeof cartSchema>;

const quantity = Type.Integer({ minimum: 1, maximum: 999 });

/** What somebody means to buy. Shows changes of price and stock, reserves nothing, decides nothing. */
export const cartDoor = door({
  name: "cart",
  refusals: {
    "cart.sku_not_found": [404, "That cannot be bought"],
    "cart.full": [409, "A cart holds 100 different things"],
    "cart.mixed_currencies": [409, "A cart holds one currency"],
  },
  events: {},
  operations: {
    get: {
      kind: "query",
      retriable: true,
      who: ["anyone"],
      summary: "The cart of the guest or buyer who asks",
      description:
        "A guest has one by the token that the first `PUT` answers (cookie `cart` or header " +
        "`Cart-Token`), a buyer by the session. Prices are today's; `priceBefore` says what has changed.",
      http: "GET /cart",
      input: Type.Object({}),
      output: cartSchema,
      refusals: [],
    },
    put: {
      kind: "command",
      retriable: true,
      who: ["anyone"],
      summary: "Say how many of a SKU are wanted",
      description: "The number replaces what was there. Nothing is reserved: that is done by a checkout.",
      http: "PUT /cart/items/{sku}",
      input: Type.Object({ sku: idOf("sku"), quantity }),
      output: cartSchema,
      refusals: ["cart.sku_not_found", "cart.full", "cart.mixed_currencies"],
      example: { quantity: 2 },
    },
    remove: {
      kind: "command",
      retriable: true,
      who: ["anyone"],
      summary: "Take a SKU out",
      description: "A SKU that is not in it is fine too.",
      http: "DELETE /cart/items/{sku}",
      input: Type.Object({ sku: idOf("sku") }),
      output: cartSchema,
      refusals: [],
    },
    merge: {
      kind: "command",
      retriable: true,
      who: ["buyer"],
      summary:
        "Move a guest's cart into the buyer's, the larger quantity winning; once, however often it is asked",
      description: "After signing in, with the guest's token. It can be repeated.",
      http: "POST /cart/merges",
      input: Type.Object({ token: Type.String({ maxLength: 100 }) }),
      output: cartSchema,
      refusals: [],
      example: { token: "the token of the guest's cart" },
    },
    /** A buyer's lines, for order, without prices: order asks catalog itself. */
    contents: {
      kind: "query",
      retriable: true,
      who: ["domain"],
      summary: "What is in a buyer's cart",
      input: Type.Object({ account: idOf("account") }),
      output: Type.Array(Type.Object({ sku: idOf("sku"), quantity: Type.Integer() })),
      refusals: [],
    },
  },
});
export type CartDoor = Door<typeof cartDoor>;
