import { Type } from "typebox";
import { findingsSchema } from "#kernel/audit";
import { type Door, door } from "#kernel/door";
import { idOf, moneySchema, pageInput, pageOf, timeSchema } from "#kernel/schema";

export const balanceSchema = Type.Object({
  shop: idOf("shop"),
  /** Paid by buyers, not received yet: the marketplace holds it. */
  escrow: moneySchema,
  /** Received by buyers, after the fee: the shop's to have paid out. */
  payable: moneySchema,
  updatedAt: Type.Union([Type.Null(), timeSchema]),
});

/**
 * The double-entry ledger: money captured is held in escrow until the buyer has received, then split into the
 * shop's and the marketplace's. Every entry sums to zero and is applied once.
 */
export const settlementDoor = door({
  name: "settlement",
  refusals: {
    "settlement.not_yours": [403, "You do not work for this shop"],
  },
  events: {
    /**
     * Money on its way from an order's bucket to its shop's. Told by the version before only: the order's own events
     * reach both buckets.
     */
    sent: Type.Object({
      order: idOf("order"),
      shop: idOf("shop"),
      kind: Type.Union([Type.Literal("escrow_in"), Type.Literal("escrow_out"), Type.Literal("payable")]),
      amount: moneySchema,
    }),
  },
  operations: {
    balance: {
      kind: "query",
      retriable: true,
      who: ["merchant"],
      summary: "What a shop has coming",
      description:
        "`escrow`: paid by buyers and not received yet, held by the marketplace, fee included. `payable`: " +
        "received, less the fee, and the shop's to have paid out (payouts themselves are not there yet). " +
        "The fee is `feeBasisPoints` of the shop, in 1/10,000 of the items' prices without shipping, by " +
        "the rate that held when the order was placed.",
      http: "GET /shops/{shop}/balance",
      input: Type.Object({ shop: idOf("shop") }),
      output: balanceSchema,
      refusals: ["settlement.not_yours"],
    },
    /** Entries with their legs, in the order of their ids, for the audit. */
    facts: {
      kind: "query",
      retriable: true,
      who: ["domain"],
      summary: "Ledger entries, a page at a time",
      input: Type.Object({ ...pageInput }),
      output: pageOf(
        Type.Object({
          id: idOf("entry"),
          kind: Type.String(),
          /** The order or the shop whose bucket it lies in. */
          cause: Type.String(),
          order: Type.Union([Type.Null(), idOf("order")]),
          payment: Type.Union([Type.Null(), idOf("payment")]),
          at: Type.Integer(),
          legs: Type.Array(
            Type.Object({ account: Type.String(), amount: Type.Integer(), currency: Type.String() }),
          ),
        }),
      ),
      refusals: [],
    },
    audit: {
      kind: "query",
      retriable: true,
      who: ["domain"],
      summary: "Check the ledger's own invariants",
      input: Type.Object({}),
      output: findingsSchema,
      refusals: [],
    },
  },
});
export type SettlementDoor = Door<typeof settlementDoor>;
