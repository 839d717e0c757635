import { type Static, Type } from "typebox";
import { findingsSchema } from "#kernel/audit";
import { type Door, door } from "#kernel/door";
import { idOf, pageInput, pageOf, priceSchema, timeSchema } from "#kernel/schema";

/** Which part of a payment pays for which order; the parts of a payment sum to its amount. */
export const allocationSchema = Type.Object({ order: idOf("order"), amount: priceSchema });

export const paymentSchema = Type.Object({
  id: idOf("payment"),
  checkout: idOf("checkout"),
  provider: Type.String(),
  amount: priceSchema,
  state: Type.Union([Type.Literal("pending"), Type.Literal("captured"), Type.Literal("failed")]),
  refunded: priceSchema,
  redirectUrl: Type.String({ description: "Where the buyer pays, while it is pending" }),
  createdAt: timeSchema,
});
export type Payment = Static<typeof paymentSchema>;

/** Every event of a payment tells its parts, so that each hearer knows which buckets it touches. */
const paymentEvent = Type.Object({
  payment: idOf("payment"),
  checkout: idOf("checkout"),
  provider: Type.String(),
  amount: priceSchema,
  allocations: Type.Array(allocationSchema),
});

/** Payment attempts and what providers say of them; refunds; nothing about whether an order may be paid. */
export const paymentDoor = door({
  name: "payment",
  refusals: {
    "payment.not_found": [404, "No such payment"],
    "payment.unknown_provider": [404, "No such payment provider"],
    "payment.bad_signature": [401, "The callback is not signed by the provider"],
    "payment.bad_callback": [422, "The callback makes no sense"],
    "payment.wrong_amount": [422, "The callback is about another amount"],
  },
  events: {
    started: paymentEvent,
    captured: paymentEvent,
    failed: paymentEvent,
    /** `amount` of it went back to the buyer for `order`. */
    refunded: Type.Object({ ...paymentEvent.properties, order: idOf("order"), refunded: priceSchema }),
  },
  operations: {
    /**
     * Begins an attempt, or returns the pending one of that checkout, provider and amount. Asked by order
     * only.
     */
    start: {
      kind: "command",
      retriable: true,
      who: ["domain"],
      summary: "Begin a payment",
      input: Type.Object({
        checkout: idOf("checkout"),
        account: idOf("account"),
        provider: Type.String({ maxLength: 40 }),
        allocations: Type.Array(allocationSchema, { minItems: 1, maxItems: 100 }),
        returnUrl: Type.String({ maxLength: 2_000 }),
      }),
      output: paymentSchema,
      refusals: ["payment.unknown_provider"],
    },
    get: {
      kind: "query",
      retriable: true,
      who: ["buyer"],
      summary: "A payment of one's own",
      description:
        "`pending` until the provider has told what became of it; then `captured` or `failed`. A failed " +
        "one can be followed by another.",
      http: "GET /payments/{id}",
      input: Type.Object({ id: idOf("payment") }),
      output: paymentSchema,
      refusals: ["payment.not_found"],
    },
    /** What a provider tells. `raw` is the body to the letter, since the signature is over it. */
    callback: {
      kind: "command",
      retriable: true,
      who: ["anyone"],
      summary: "A provider's signed callback",
      description:
        "Not for clients: providers send it, signed by `<provider>-signature` over the body to the " +
        "letter. Repeats change nothing.",
      http: "POST /payments/callbacks/{provider}",
      rawBody: true,
      input: Type.Object({
        provider: Type.String({ maxLength: 40 }),
        raw: Type.String({ maxLength: 65_536 }),
        signature: Type.String({ maxLength: 500 }),
      }),
      output: Type.Object({ received: Type.Boolean() }),
      refusals: [
        "payment.unknown_provider",
        "payment.bad_signature",
        "payment.bad_callback",
        "payment.wrong_amount",
        "payment.not_found",
      ],
    },
    /**
     * Asks the provider what became of a pending attempt: for the browser's return, which may come before the
     * callback.
     */
    refresh: {
      kind: "command",
      retriable: true,
      who: ["buyer", "domain"],
      summary: "Ask the provider what became of a payment",
      description: "For a buyer who is back from the provider before its callback is here.",
      http: "POST /payments/{id}/refreshes",
      input: Type.Object({ id: idOf("payment") }),
      output: paymentSchema,
      refusals: ["payment.not_found"],
    },
    /** Gives what was captured for one order back to the buyer; once per order, however often it is asked. */
    refund: {
      kind: "command",
      retriable: true,
      who: ["domain"],
      summary: "Refund the part that paid an order",
      input: Type.Object({
        payment: idOf("payment"),
        order: idOf("order"),
        reason: Type.String({ maxLength: 200 }),
      }),
      output: Type.Null(),
      refusals: ["payment.not_found"],
    },
    facts: {
      kind: "query",
      retriable: true,
      who: ["domain"],
      summary: "Payments with their parts, a page at a time",
      input: Type.Object({ ...pageInput }),
      output: pageOf(
        Type.Object({
          id: idOf("payment"),
          checkout: idOf("checkout"),
          state: Type.String(),
          currency: Type.String(),
          version: Type.Integer(),
          changedAt: Type.Integer(),
          allocations: Type.Array(
            Type.Object({
              order: idOf("order"),
              amount: Type.Integer(),
              refund: Type.Union([Type.Literal("none"), Type.Literal("due"), Type.Literal("done")]),
            }),
          ),
        }),
      ),
      refusals: [],
    },
    audit: {
      kind: "query",
      retriable: true,
      who: ["domain"],
      summary: "Check payment's own invariants",
      input: Type.Object({}),
      output: findingsSchema,
      refusals: [],
    },
  },
});
export type PaymentDoor = Door<typeof paymentDoor>;
