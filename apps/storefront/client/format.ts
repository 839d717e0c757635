import { parseTime } from "#kernel/clock";
import type { Money } from "#kernel/money";

const currencies = new Map<string, Intl.NumberFormat>();

function formatOf(currency: string): Intl.NumberFormat {
  const known = currencies.get(currency);
  if (known) return known;
  const made = new Intl.NumberFormat("en-US", { style: "currency", currency });
  currencies.set(currency, made);
  return made;
}

/** An amount as people read it. The currency says how many digits its smallest unit stands for. */
export function priceText({ amount, currency }: Money): string {
  const format = formatOf(currency);
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

const dayFormat = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeZone: "UTC" });
const momentFormat = new Intl.DateTimeFormat("en-GB", {
  dateStyle: "medium",
  timeStyle: "short",
  timeZone: "UTC",
});

/** A time for readers without scripts: in UTC, and saying so; the script puts the reader's own in its place. */
export const timeText = (iso: string, precision: "day" | "moment"): string =>
  precision === "day" ? dayFormat.format(parseTime(iso)) : `${momentFormat.format(parseTime(iso))} UTC`;

export const plus = (a: Money, b: Money): Money => ({ amount: a.amount + b.amount, currency: a.currency });

/** "Colour: Navy, Size: M", everywhere in the same order, whatever the order they were kept in. */
export const optionWords = (options: Readonly<Record<string, string>>): string =>
  Object.entries(options)
    .sort(([a], [b]) => a.localeCompare(b, "en"))
    .map(([name, value]) => `${name}: ${value}`)
    .join(", ");

/** What a text is written in, if not English: browsers choose the shapes of characters by it, readers a voice. */
export function langOf(text: string): "zh" | "ja" | undefined {
  if (!/\p{Script=Han}/u.test(text)) return undefined;
  return /[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text) ? "ja" : "zh";
}

/** "1 thing", "2 things". */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;
