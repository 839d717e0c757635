import { isoTime } from "#kernel/clock";
import { fromBigint } from "#kernel/id";
import type { Account, Address } from "./api.ts";

/** An account as its table has it. */
export interface AccountRow {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly operator: boolean;
  readonly shops: string[];
  readonly created_at: Date;
}

/** The account of a row. */
export const accountOf = (row: AccountRow): Account => ({
  id: fromBigint(row.id),
  email: row.email,
  name: row.name,
  operator: row.operator,
  shops: row.shops.map((shop) => fromBigint<"shop">(shop)),
  createdAt: isoTime(row.created_at.getTime()),
});

export type Fields = Omit<Address, "id">;

/** An address as its table has it. */
export interface AddressRow {
  readonly id: string;
  readonly fields: Fields;
}

/** The address of a row. */
export const addressOf = (row: AddressRow): Address => ({ id: fromBigint(row.id), ...row.fields });
