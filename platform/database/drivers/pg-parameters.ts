import type { Parameter } from "../api.ts";

/** A parameter as the text that the server reads. */
export function textOf(value: Parameter): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "string") return value;
  if (typeof value === "object")
    return value instanceof Date ? value.toISOString() : arrayOf(value as readonly Parameter[]);
  return String(value);
}

function arrayOf(values: readonly Parameter[]): string {
  let text = "{";
  for (let i = 0; i < values.length; i++) {
    if (i > 0) text += ",";
    text += elementOf(values[i] as Parameter);
  }
  return `${text}}`;
}

function elementOf(value: Parameter): string {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (value === null || value === undefined) return "NULL";
  if (Array.isArray(value)) return arrayOf(value);
  const text = typeof value === "string" ? value : (value as Date).toISOString();
  return isPlain(text) ? text : `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
}

/** Digits alone: an id. Anything else may mean something to the server. */
function isPlain(text: string): boolean {
  const { length } = text;
  if (length === 0 || length > 19) return false;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code < 48 || code > 57) return false;
  }
  return true;
}
