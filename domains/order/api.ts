import { Type } from "typebox";
import { paymentSchema } from "#domains/payment/api";
import { findingsSchema } from "#kernel/audit";
import { type Door, door } from "#kernel/door";
import { idOf, pageInput, pageOf } from "#kernel/schema";
import { checkoutSchema, linesAsked, orderEvent, orderSchema, orderState, quoteSchema } from "./schema.ts";

/** Quotes, checkouts and orders: what was promised, and the one arbiter of whether it was paid or closed. */
export const orderDoor = door({
  name: "order",
  refusals: {
    "order.not_found": [404, "No such order"],
    "order.checkout_not_found": [404, "No such checkout"],
    "order.not_yours": [403, "You do not work for this shop"],
    "order.nothing_to_buy": [422, "There is nothing to buy"],
    "order.sku_not_found": [422, "Something in it cannot be bought"],
    "order.address_not_found": [422, "No such address of yours"],
    "order.mixed_currencies": [422, "One checkout, one currency"],
    "order.price_changed": [409, "The price is no longer what was shown"],
    "order.out_of_stock": [409, "Not enough in stock"],
    "order.key_reused": [422, "That Idempotency-Key was used for another body"],
    "order.in_progress": [409, "The same checkout is still being placed"],
    "order.already_paid": [409, "That is paid already"],
    "order.closed": [409, "That order is closed"],
    "order.wrong_state": [409, "Not possible in the state the order is in"],
  },
  events: {
    placed: orderEvent,
    paid: orderEvent,
    closed: orderEvent,
    shipped: orderEvent,
    received: orderEvent,
    refunded: orderEvent,
  },
  operations: {
    quote: {
      kind: "query",
      retriable: true,
      who: ["buyer"],
      summary:
        "What it would cost, shop by shop; a checkout that names its digest is charged just that or refused",
      description:
        "`lines` left out mean the buyer's cart. It promises prices, not stock: `short` says what cannot " +
        "be had. `digest` stands for every price shown: a checkout that names it is charged just that, or " +
        "refused with `order.price_changed`.",
      http: "POST /quotes",
      input: Type.Object({ lines: linesAsked, address: Type.Optional(idOf("address")) }),
      output: quoteSchema,
      refusals: [
        "order.nothing_to_buy",
        "order.sku_not_found",
        "order.address_not_found",
        "order.mixed_currencies",
      ],
      example: { lines: [{ sku: "06ykwz8m5t0g2", quantity: 2 }], address: "06ykwz7c3a1d4" },
    },
    place: {
      kind: "command",
      retriable: true,
      who: ["buyer"],
      summary: "Place the orders: one per shop, stock reserved, to be paid once for all",
      description:
        "Stock is reserved, and kept until `payBy` (half an hour unless set otherwise); orders that are " +
        "not paid by then close themselves and give it back. The same key and body answer the same " +
        "checkout, however often they are sent.",
      http: "POST /checkouts",
      status: 201,
      idempotencyKey: "required",
      input: Type.Object({
        lines: linesAsked,
        address: idOf("address"),
        quote: Type.String({ maxLength: 64, description: "`digest` of the quote that was shown" }),
      }),
      output: checkoutSchema,
      refusals: [
        "order.nothing_to_buy",
        "order.sku_not_found",
        "order.address_not_found",
        "order.mixed_currencies",
        "order.price_changed",
        "order.out_of_stock",
        "order.key_reused",
        "order.in_progress",
      ],
      example: {
        lines: [{ sku: "06ykwz8m5t0g2", quantity: 2 }],
        address: "06ykwz7c3a1d4",
        quote: "digest of the quote",
      },
    },
    checkout: {
      kind: "query",
      retriable: true,
      who: ["buyer"],
      summary: "A checkout of one's own with its orders",
      description: "What is to be paid once, and its orders, one for each shop.",
      http: "GET /checkouts/{id}",
      input: Type.Object({ id: idOf("checkout") }),
      output: checkoutSchema,
      refusals: ["order.checkout_not_found"],
    },
    pay: {
      kind: "command",
      retriable: true,
      who: ["buyer"],
      summary: "Begin to pay a checkout; the answer says where",
      description:
        "The answer's `redirectUrl` is where the buyer pays. In a demo that is the sandbox, which takes " +
        "no money: a browser shows its page; a script sends the query of `redirectUrl` and `choice=pay` " +
        "(or `decline`, `late`, `twice`) as a form to `POST /sandbox/pay`. The orders become paid within " +
        "about a second, when the provider's callback has come: ask `GET /payments/{id}` until it is " +
        "`captured`, or `POST /payments/{id}/refreshes`.",
      http: "POST /payments",
      status: 201,
      idempotencyKey: "required",
      input: Type.Object({
        checkout: idOf("checkout"),
        provider: Type.String({ maxLength: 40, description: "Such as sandbox" }),
        returnUrl: Type.Optional(
          Type.String({ maxLength: 2_000, pattern: "^/[^/\\\\]", description: "A path of this shop" }),
        ),
      }),
      output: paymentSchema,
      refusals: [
        "order.checkout_not_found",
        "order.already_paid",
        "order.closed",
        "order.in_progress",
        "payment.unknown_provider",
      ],
      example: { checkout: "06ykwz9q8r3h6", provider: "sandbox" },
    },
    list: {
      kind: "query",
      retriable: true,
      who: ["buyer"],
      summary: "One's own orders, the newest first",
      description: "Of all shops, with their states.",
      http: "GET /orders",
      input: Type.Object({ ...pageInput }),
      output: pageOf(orderSchema),
      refusals: [],
    },
    get: {
      kind: "query",
      retriable: true,
      who: ["buyer"],
      summary: "An order, for its buyer and its shop's staff",
      description:
        "`history` says when it came into each state. Somebody else's order is answered like one that " +
        "does not exist.",
      http: "GET /orders/{id}",
      input: Type.Object({ id: idOf("order") }),
      output: orderSchema,
      refusals: ["order.not_found"],
    },
    ofShop: {
      kind: "query",
      retriable: true,
      who: ["merchant"],
      summary: "A shop's orders, the newest first",
      description: "`state=paid` are those that wait to be shipped.",
      http: "GET /shops/{shop}/orders",
      input: Type.Object({ shop: idOf("shop"), state: Type.Optional(orderState), ...pageInput }),
      output: pageOf(orderSchema),
      refusals: ["order.not_yours"],
      example: { state: "paid" },
    },
    cancel: {
      kind: "command",
      retriable: true,
      who: ["buyer"],
      summary: "Close an order that is not paid yet",
      description: "Its reserved stock is given back at once. A paid order is refunded instead.",
      http: "POST /orders/{id}/cancel",
      idempotencyKey: "required",
      input: Type.Object({ id: idOf("order") }),
      output: orderSchema,
      refusals: ["order.not_found", "order.wrong_state"],
    },
    ship: {
      kind: "command",
      retriable: true,
      who: ["merchant"],
      summary: "Say that an order is on its way, in one parcel",
      description: "Only a paid order. A buyer's refund is no longer possible then; the shop's is.",
      http: "POST /orders/{id}/shipments",
      status: 201,
      idempotencyKey: "required",
      input: Type.Object({
        id: idOf("order"),
        carrier: Type.String({ minLength: 1, maxLength: 80 }),
        trackingNumber: Type.String({ minLength: 1, maxLength: 80 }),
      }),
      output: orderSchema,
      refusals: ["order.not_found", "order.wrong_state"],
      example: { carrier: "Parcel Post", trackingNumber: "PP123456789" },
    },
    receive: {
      kind: "command",
      retriable: true,
      who: ["buyer"],
      summary: "Say that an order has arrived; its money leaves escrow",
      description:
        "The shop gets what was held for it, less the marketplace's fee. A received order can no longer " +
        "be refunded.",
      http: "POST /orders/{id}/receipt",
      idempotencyKey: "required",
      input: Type.Object({ id: idOf("order") }),
      output: orderSchema,
      refusals: ["order.not_found", "order.wrong_state"],
    },
    refund: {
      kind: "command",
      retriable: true,
      who: ["buyer"],
      summary: "Refund an order whole: the buyer before it is shipped, the shop until it is received",
      description:
        "All of it goes back to the buyer by the way it was paid, and the stock is on hand again unless " +
        "it was shipped.",
      http: "POST /orders/{id}/refunds",
      status: 201,
      idempotencyKey: "required",
      input: Type.Object({ id: idOf("order"), reason: Type.Optional(Type.String({ maxLength: 200 })) }),
      output: orderSchema,
      refusals: ["order.not_found", "order.wrong_state"],
      example: { reason: "The wrong size" },
    },
    /** Orders with everything the other domains' facts are held against, by bucket and id, for the audit. */
    facts: {
      kind: "query",
      retriable: true,
      who: ["domain"],
      summary: "Orders, a page at a time",
      input: Type.Object({ ...pageInput }),
      output: pageOf(
        Type.Object({
          id: idOf("order"),
          checkout: idOf("checkout"),
          shop: idOf("shop"),
          state: orderState,
          version: Type.Integer(),
          total: Type.Integer(),
          fee: Type.Integer(),
          currency: Type.String(),
          payment: Type.Union([Type.Null(), idOf("payment")]),
          changedAt: Type.Integer({ description: "Milliseconds since 1970" }),
          lines: Type.Array(
            Type.Object({ reservation: idOf("reservation"), sku: idOf("sku"), quantity: Type.Integer() }),
          ),
        }),
      ),
      refusals: [],
    },
    /** Checkouts that are being placed or were undone: what explains a reservation without an order. */
    checkoutFacts: {
      kind: "query",
      retriable: true,
      who: ["domain"],
      summary: "What became of these checkouts",
      input: Type.Object({ ids: Type.Array(idOf("checkout"), { maxItems: 100 }) }),
      output: Type.Array(
        Type.Object({
          id: idOf("checkout"),
          state: Type.Union([Type.Literal("placing"), Type.Literal("placed"), Type.Literal("undone")]),
          changedAt: Type.Integer(),
        }),
      ),
      refusals: [],
    },
    audit: {
      kind: "query",
      retriable: true,
      who: ["domain"],
      summary: "Check order's own invariants",
      input: Type.Object({}),
      output: findingsSchema,
      refusals: [],
    },
  },
});
export type OrderDoor = Door<typeof orderDoor>;
