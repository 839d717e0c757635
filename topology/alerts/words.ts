import type { AlertRule } from "./rule.ts";

/** A sentence of a rule with the labels and the figure in their places. */
export const inWords = (
  sentence: string,
  labels: Readonly<Record<string, string>>,
  value: number,
  shows: AlertRule["shows"],
): string =>
  sentence.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    name === "value" ? written(value, shows) : (labels[name] ?? "?"),
  );

function written(value: number, shows: AlertRule["shows"]): string {
  if (shows === "share") return `${short(value * 100)} %`;
  if (shows === "bytes") return `${short(value / 1e6)} MB`;
  if (shows === "number") return short(value);
  if (value >= 2 * 86_400) return `${Math.floor(value / 86_400)} days`;
  if (value >= 2 * 3_600) return `${Math.floor(value / 3_600)} hours`;
  return value >= 120 ? `${Math.floor(value / 60)} minutes` : `${short(value)} s`;
}

const short = (value: number): string => String(Number(value.toPrecision(3)));
