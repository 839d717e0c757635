/** What is not known. */
const unknown = "–";

const thousands = (value: number): string => Math.round(value).toLocaleString("en");

/** A rate or a count: one digit after the point while it is small. */
export function figure(value: number | null): string {
  if (value === null) return unknown;
  if (value === 0) return "0";
  if (value < 0.1) return value < 0.01 ? "<0.01" : value.toFixed(2);
  return value < 10 ? value.toFixed(1) : thousands(value);
}

/** A number of things. */
export const count = (value: number | null): string => (value === null ? unknown : thousands(value));

/** Milliseconds, without the unit. */
export function milliseconds(value: number | null): string {
  if (value === null) return unknown;
  return value < 10 ? value.toFixed(1) : thousands(value);
}

/** Megabytes, with the unit. */
export const megabytes = (bytes: number | null): string =>
  bytes === null ? unknown : `${thousands(bytes / 1024 ** 2)} MB`;

/** Processors as a share of one: 150 % is one and a half. */
export function share(processors: number | null): string {
  if (processors === null) return unknown;
  const percent = processors * 100;
  return `${percent > 0 && percent < 9.95 ? percent.toFixed(1) : Math.round(percent)} %`;
}

/** A time of the day, in UTC, as logs have it. */
export const timeOfDay = (iso: string): string => iso.slice(11, 19);

/** How long ago, in one unit. */
export function ago(iso: string, now: string): string {
  const seconds = Math.max(0, Math.round((Date.parse(now) - Date.parse(iso)) / 1_000));
  if (seconds < 90) return `${seconds} s ago`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min ago`;
  return seconds < 48 * 3_600
    ? `${Math.round(seconds / 3_600)} h ago`
    : `${Math.round(seconds / 86_400)} days ago`;
}
