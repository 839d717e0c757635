import { type Static, Type } from "typebox";
import { findingsSchema } from "#kernel/audit";
import { type Door, door } from "#kernel/door";
import { idOf, pageInput, pageOf } from "#kernel/schema";

export const levelSchema = Type.Object({
  sku: idOf("sku"),
  onHand: Type.Integer(),
  reserved: Type.Integer(),
  available: Type.Integer(),
  version: Type.Integer(),
});
export type Level = Static<typeof levelSchema>;

export const reservationSchema = Type.Object({
  id: idOf("reservation"),
  sku: idOf("sku"),
  quantity: Type.Integer({ minimum: 1, maximum: 999 }),
});

/**
 * Stock per SKU: on hand = received − sold, reserved ≤ on hand, never negative. It never releases by time:
 * release and commit follow from order's events (docs/decisions/0004-one-arbiter.md).
 */
export const inventoryDoor = door({
  name: "inventory",
  refusals: {
    "inventory.sku_not_found": [404, "No stock is kept of that SKU"],
    "inventory.not_yours": [403, "You do not work for this shop"],
    "inventory.below_reserved": [409, "Fewer than orders have reserved"],
    "inventory.changed_meanwhile": [409, "Somebody else changed the stock"],
    "inventory.out_of_stock": [409, "Not enough in stock"],
  },
  events: {},
  operations: {
    /** What can be bought now of up to 100 SKUs; unknown ones are left out. May be shown, decides nothing. */
    available: {
      kind: "query",
      retriable: true,
      who: ["anyone"],
      summary: "What can be bought now",
      description:
        "On hand less what orders have reserved. It may be shown, and promises nothing: a checkout " +
        "decides.",
      http: "GET /stock",
      input: Type.Object({ skus: Type.Array(idOf("sku"), { minItems: 1, maxItems: 100 }) }),
      output: Type.Object({
        items: Type.Array(Type.Object({ sku: idOf("sku"), available: Type.Integer() })),
      }),
      refusals: [],
      example: { skus: ["06ykwz8m5t0g2"] },
    },
    level: {
      kind: "query",
      retriable: true,
      who: ["merchant"],
      summary: "The stock of a SKU, for its shop's staff",
      description:
        "`available` is `onHand` less `reserved`. A reservation ends when its order is paid (sold) or " +
        "closed (given back).",
      http: "GET /skus/{sku}/stock",
      input: Type.Object({ sku: idOf("sku") }),
      output: levelSchema,
      refusals: ["inventory.sku_not_found", "inventory.not_yours"],
    },
    setStock: {
      kind: "command",
      retriable: true,
      who: ["merchant"],
      summary: "Say how many of a SKU are on hand",
      description:
        "The whole number on hand, reserved pieces among them; never fewer than are reserved. Send the " +
        "`version` that was read to be refused when somebody else has counted meanwhile.",
      http: "PUT /skus/{sku}/stock",
      input: Type.Object({
        sku: idOf("sku"),
        onHand: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
        version: Type.Optional(Type.Integer({ description: "Refused if the stock has moved on from it" })),
      }),
      output: levelSchema,
      refusals: [
        "inventory.sku_not_found",
        "inventory.not_yours",
        "inventory.below_reserved",
        "inventory.changed_meanwhile",
      ],
      example: { onHand: 40 },
    },
    /**
     * Reserves line by line; the answer of a reservation is the same however often it is asked for. All or
     * nothing is order's business. `checkout` tells the audit whose reservation it is.
     */
    reserve: {
      kind: "command",
      retriable: true,
      who: ["domain"],
      summary: "Reserve stock",
      input: Type.Object({
        checkout: idOf("checkout"),
        lines: Type.Array(reservationSchema, { minItems: 1, maxItems: 100 }),
      }),
      output: Type.Array(
        Type.Object({ id: idOf("reservation"), reserved: Type.Boolean(), available: Type.Integer() }),
      ),
      refusals: [],
    },
    /** Gives back; an unknown reservation leaves a tombstone that refuses a late reserve. */
    release: {
      kind: "command",
      retriable: true,
      who: ["domain"],
      summary: "Release reservations",
      input: Type.Object({
        checkout: idOf("checkout"),
        lines: Type.Array(reservationSchema, { minItems: 1, maxItems: 100 }),
      }),
      output: Type.Null(),
      refusals: [],
    },
    /** Reservations and what became of them, bucket by bucket in the order of their ids, for the audit. */
    facts: {
      kind: "query",
      retriable: true,
      who: ["domain"],
      summary: "Reservations, a page at a time",
      input: Type.Object({ ...pageInput }),
      output: pageOf(
        Type.Object({
          id: idOf("reservation"),
          sku: idOf("sku"),
          checkout: idOf("checkout"),
          quantity: Type.Integer(),
          state: Type.Union([
            Type.Literal("held"),
            Type.Literal("sold"),
            Type.Literal("released"),
            Type.Literal("returned"),
            Type.Literal("refused"),
          ]),
          changedAt: Type.Integer({ description: "Milliseconds since 1970" }),
        }),
      ),
      refusals: [],
    },
    /** What inventory can check alone, in one snapshot: every SKU whose numbers do not add up. */
    audit: {
      kind: "query",
      retriable: true,
      who: ["domain"],
      summary: "Check inventory's own invariants",
      input: Type.Object({}),
      output: findingsSchema,
      refusals: [],
    },
  },
});
export type InventoryDoor = Door<typeof inventoryDoor>;
