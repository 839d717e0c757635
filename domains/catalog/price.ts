const written = /^(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.(?<fraction>\d*))?$/;

/** How many digits stand behind the point in a currency: 2 of USD, none of JPY. */
const digitsOf = (currency: string): number =>
  new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;

/**
 * The smallest units of a price as Shopify writes it, `1299`, `1,299.00` or `12.5`; undefined for anything
 * else, and for fractions that the currency does not have. Zeros behind the last digit are no fraction.
 */
export function minorOf(text: string, currency: string): number | undefined {
  const found = written.exec(text);
  if (!found) return undefined;
  const digits = digitsOf(currency);
  const fraction = (found.groups?.["fraction"] ?? "").replace(/0+$/, "");
  if (fraction.length > digits) return undefined;
  const whole = text.split(".")[0]?.replaceAll(",", "") ?? "";
  const minor = Number(whole + fraction.padEnd(digits, "0"));
  return Number.isSafeInteger(minor) ? minor : undefined;
}
