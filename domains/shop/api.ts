import { type Static, Type } from "typebox";
import { type Door, door } from "#kernel/door";
import { idPattern } from "#kernel/id";
import { maxAmount } from "#kernel/money";
import { idOf, pageInput, pageOf, timeSchema } from "#kernel/schema";

export const shippingSchema = Type.Object({
  flat: Type.Integer({
    minimum: 0,
    maximum: maxAmount,
    description: "Charged per order, in the smallest unit",
  }),
  freeAbove: Type.Union([Type.Null(), Type.Integer({ minimum: 0, maximum: maxAmount })], {
    description: "Orders whose items cost this or more ship free; null: never",
  }),
});

const shopFields = {
  name: Type.String({ minLength: 1, maxLength: 80 }),
  description: Type.String({ maxLength: 2_000 }),
  region: Type.String({ maxLength: 80, description: "Where it ships from" }),
  shipping: shippingSchema,
};

export const shopSchema = Type.Object({
  id: idOf("shop"),
  slug: Type.String({ description: "For addresses people read; made from the name" }),
  ...shopFields,
  currency: Type.String({ pattern: "^[A-Z]{3}$" }),
  feeBasisPoints: Type.Integer({ description: "The marketplace's share of what was sold, in 1/10,000" }),
  createdAt: timeSchema,
});
export type Shop = Static<typeof shopSchema>;

/** Merchants' shops: what they are called, how they ship, what the marketplace takes. */
export const shopDoor = door({
  name: "shop",
  refusals: {
    "shop.not_found": [404, "No such shop"],
    "shop.not_yours": [403, "You do not work for this shop"],
  },
  events: {
    changed: Type.Object({ shop: idOf("shop") }),
  },
  operations: {
    open: {
      kind: "command",
      retriable: true,
      who: ["buyer"],
      summary: "Open a shop; the account that asks becomes its staff",
      description:
        "Anybody with an account may. The shop sells in one currency for good (USD unless said) and pays " +
        "the marketplace's fee on what was received.",
      http: "POST /shops",
      status: 201,
      idempotencyKey: "required",
      input: Type.Object({
        ...shopFields,
        description: Type.Optional(shopFields.description),
        currency: Type.Optional(Type.String({ pattern: "^[A-Z]{3}$", default: "USD" })),
      }),
      output: shopSchema,
      refusals: [],
      example: {
        name: "Harbour Linen",
        description: "Shirts from the coast",
        region: "Porto",
        shipping: { flat: 490, freeAbove: 5000 },
      },
    },
    change: {
      kind: "command",
      retriable: true,
      who: ["merchant"],
      summary: "Change a shop",
      description: "Fields left out stay. New shipping rates count for orders placed from then on.",
      http: "PATCH /shops/{id}",
      input: Type.Object({
        id: idOf("shop"),
        name: Type.Optional(shopFields.name),
        description: Type.Optional(shopFields.description),
        region: Type.Optional(shopFields.region),
        shipping: Type.Optional(shippingSchema),
      }),
      output: shopSchema,
      refusals: ["shop.not_found", "shop.not_yours"],
      example: { shipping: { flat: 0, freeAbove: null } },
    },
    get: {
      kind: "query",
      retriable: true,
      who: ["anyone"],
      summary: "A shop",
      description: "Its rates, its currency, and the marketplace's share.",
      http: "GET /shops/{id}",
      cacheSeconds: 60,
      input: Type.Object({ id: idOf("shop") }),
      output: shopSchema,
      refusals: ["shop.not_found"],
    },
    list: {
      kind: "query",
      retriable: true,
      who: ["anyone"],
      summary: "Shops, the newest first",
      description: "`next` of a page is the `cursor` of the one after it; null ends the list.",
      http: "GET /shops",
      cacheSeconds: 60,
      input: Type.Object({
        ...pageInput,
        cursor: Type.Optional(Type.String({ pattern: idPattern, description: "`next` of the page before" })),
      }),
      output: pageOf(shopSchema),
      refusals: [],
    },
    /** Up to 100 shops at once, in no order; unknown ones are left out. */
    getMany: {
      kind: "query",
      retriable: true,
      who: ["anyone"],
      summary: "Several shops",
      input: Type.Object({ ids: Type.Array(idOf("shop"), { maxItems: 100 }) }),
      output: Type.Array(shopSchema),
      refusals: [],
    },
  },
});
export type ShopDoor = Door<typeof shopDoor>;
