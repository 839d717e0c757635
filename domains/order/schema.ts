import { type Static, Type } from "typebox";
import { addressSchema } from "#domains/account/api";
import { idOf, moneySchema, priceSchema, timeSchema } from "#kernel/schema";

export const orderState = Type.Union(
  [
    Type.Literal("pending"),
    Type.Literal("paid"),
    Type.Literal("shipped"),
    Type.Literal("received"),
    Type.Literal("closed"),
    Type.Literal("refunded"),
  ],
  { description: "pending → paid → shipped → received; pending → closed; paid or shipped → refunded" },
);
export type OrderState = Static<typeof orderState>;

/** What is wanted; left out, the buyer's cart is meant. Repeated lines of one SKU are added up. */
export const linesAsked = Type.Optional(
  Type.Array(Type.Object({ sku: idOf("sku"), quantity: Type.Integer({ minimum: 1, maximum: 999 }) }), {
    minItems: 1,
    maxItems: 100,
  }),
);

export const lineSchema = Type.Object({
  sku: idOf("sku"),
  product: idOf("product"),
  title: Type.String(),
  slug: Type.String(),
  code: Type.String(),
  options: Type.Record(Type.String(), Type.String()),
  image: Type.Union([Type.Null(), Type.String()]),
  quantity: Type.Integer(),
  price: priceSchema,
  total: priceSchema,
});

const amounts = {
  items: priceSchema,
  shipping: priceSchema,
  discount: priceSchema,
  tax: priceSchema,
  total: priceSchema,
};

const shopQuoteSchema = Type.Object({
  shop: idOf("shop"),
  shopName: Type.String(),
  lines: Type.Array(lineSchema),
  ...amounts,
  /** What more must be bought there to ship free; left out where nothing would change. */
  freeShippingIn: Type.Optional(moneySchema),
});

export const quoteSchema = Type.Object({
  digest: Type.String({ description: "Stands for every price in it" }),
  shops: Type.Array(shopQuoteSchema),
  total: priceSchema,
  /** Lines that cannot be had in that quantity now, with what can. */
  short: Type.Array(Type.Object({ sku: idOf("sku"), available: Type.Integer() })),
});
export type Quote = Static<typeof quoteSchema>;
export type ShopQuote = Static<typeof shopQuoteSchema>;

export const orderSchema = Type.Object({
  id: idOf("order"),
  checkout: idOf("checkout"),
  shop: idOf("shop"),
  shopName: Type.String(),
  buyer: idOf("account"),
  state: orderState,
  lines: Type.Array(lineSchema),
  ...amounts,
  address: addressSchema,
  payBy: timeSchema,
  payment: Type.Union([Type.Null(), idOf("payment")]),
  shipment: Type.Union([Type.Null(), Type.Object({ carrier: Type.String(), trackingNumber: Type.String() })]),
  /** When it became each of the states it has been in. */
  history: Type.Array(Type.Object({ state: orderState, at: timeSchema })),
  version: Type.Integer(),
});
export type Order = Static<typeof orderSchema>;

export const checkoutSchema = Type.Object({
  id: idOf("checkout"),
  total: priceSchema,
  orders: Type.Array(orderSchema),
});
export type Checkout = Static<typeof checkoutSchema>;

/** Every event of an order tells its lines and amounts, so that each hearer knows which buckets it touches. */
export const orderEvent = Type.Object({
  order: idOf("order"),
  checkout: idOf("checkout"),
  buyer: idOf("account"),
  shop: idOf("shop"),
  state: orderState,
  /** Before this event; null for the first. */
  from: Type.Union([Type.Null(), orderState]),
  total: priceSchema,
  /** The marketplace's share, by the rate that held when it was placed. */
  fee: priceSchema,
  payment: Type.Union([Type.Null(), idOf("payment")]),
  /** Whether it was bought out of the buyer's cart, rather than line by line. */
  fromCart: Type.Optional(Type.Boolean()),
  lines: Type.Array(
    Type.Object({ reservation: idOf("reservation"), sku: idOf("sku"), quantity: Type.Integer() }),
  ),
});
export type OrderEvent = Static<typeof orderEvent>;
