/** An amount in the smallest unit of its currency (cents, fen); always a whole number. */
export interface Money {
  readonly amount: number;
  readonly currency: string;
}

/** The largest amount taken anywhere: ten billion units of a two-digit currency, far below 2^53. */
export const maxAmount = 1_000_000_000_000;

/** Money of a checked amount; a fraction or an overflow is a bug of the caller. */
export function money(amount: number, currency: string): Money {
  if (!Number.isSafeInteger(amount)) throw new Error(`an amount of money is a whole number, not ${amount}`);
  return { amount, currency };
}

/** The sum of amounts of one currency. An empty list sums to zero of the currency given. */
export function sum(parts: readonly Money[], currency: string): Money {
  let total = 0;
  for (const part of parts) {
    if (part.currency !== currency) throw new Error(`cannot add ${part.currency} to ${currency}`);
    total += part.amount;
  }
  return money(total, currency);
}

/** The price of a quantity. */
export const times = (price: Money, quantity: number): Money =>
  money(price.amount * quantity, price.currency);

/** A share in basis points (1/10,000), rounded half up, never more than the whole. */
export const share = (whole: Money, basisPoints: number): Money =>
  money(Math.min(whole.amount, Math.floor((whole.amount * basisPoints + 5_000) / 10_000)), whole.currency);
