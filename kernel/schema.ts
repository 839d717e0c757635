import { type TSchema, Type } from "typebox";
import { type Id, idPattern } from "./id.ts";
import { maxAmount } from "./money.ts";

/** The schema of an id of one kind. */
export const idOf = <const Kind extends string>(kind: Kind) =>
  Type.Unsafe<Id<Kind>>(Type.String({ pattern: idPattern, description: `The id of a ${kind}` }));

/** The schema of a page of a listing: `next` continues it, null ends it. */
export const pageOf = <Item extends TSchema>(item: Item) =>
  Type.Object({ items: Type.Array(item), next: Type.Union([Type.String(), Type.Null()]) });

/** What a listing in the order of ids takes: the mark of a page is the last id on it. */
export const pageInput = {
  cursor: Type.Optional(Type.String({ pattern: idPattern, description: "`next` of the page before" })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 24 })),
};

/** The schema of an amount of money. */
export const moneySchema = Type.Object(
  {
    amount: Type.Integer({ minimum: -maxAmount, maximum: maxAmount, description: "In the smallest unit" }),
    currency: Type.String({ pattern: "^[A-Z]{3}$" }),
  },
  { examples: [{ amount: 1999, currency: "USD" }] },
);

/** The schema of a price: money that is not negative. */
export const priceSchema = Type.Object(
  {
    amount: Type.Integer({ minimum: 0, maximum: maxAmount }),
    currency: Type.String({ pattern: "^[A-Z]{3}$" }),
  },
  { examples: [{ amount: 1999, currency: "USD" }] },
);

/** The schema of a time: ISO 8601, UTC. */
export const timeSchema = Type.String({ format: "date-time" });
