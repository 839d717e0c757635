import type { Signer } from "./sign.ts";

/** What a shop's link asks a buyer to pay. */
export interface Bill {
  /** The shop's name for it. */
  readonly reference: string;
  /** In the smallest unit of the currency. */
  readonly amount: number;
  readonly currency: string;
  /** The path of the shop that the buyer goes back to. */
  readonly back: string;
}

/** What became of a bill. A bill that nobody has paid or declined is not known here at all. */
export interface Charge {
  readonly id: string;
  readonly reference: string;
  readonly amount: number;
  readonly currency: string;
  readonly state: "captured" | "declined";
}

/** A charge as shops are told of it, by callback and when they ask. */
export const told = ({ id, reference, state, amount, currency }: Charge): string =>
  JSON.stringify({ reference, state, amount, currency, charge: id });

const reference = /^[\w-]{1,100}$/;
const amount = /^\d{1,13}$/;
const currency = /^[A-Z]{3}$/;
/** A path of the shop, never the start of another address (`//host`, `/\host`). */
const path = /^\/(?!\/)[^\s\\]{0,2000}$/;

/** Reads what a link or a form asks for; undefined unless the shop has signed just that. */
export function readBill(signer: Signer, fields: URLSearchParams): Bill | undefined {
  const texts = ["reference", "amount", "currency", "return"].map((name) => fields.get(name) ?? "");
  const [ref = "", sum = "", code = "", back = ""] = texts;
  if (!reference.test(ref) || !amount.test(sum) || !currency.test(code) || !path.test(back)) return undefined;
  if (!signer.isDigest(["pay", ...texts].join("\n"), fields.get("signature") ?? "")) return undefined;
  return { reference: ref, amount: Number(sum), currency: code, back };
}
