import { type FlagName, flagNames, flagTable, isFlagName } from "./api.ts";

/** The document of settings that holds them. */
export const flagDocument = "flags";

export type FlagValues = Readonly<Record<FlagName, boolean>>;

export const defaultValues = Object.fromEntries(
  flagNames.map((name) => [name, flagTable[name].byDefault]),
) as FlagValues;

/**
 * The values a document gives, or why it gives none. What it does not name has its default. A name that nobody knows
 * changes nothing, but is told: it may be misspelt, or another release's.
 */
export function readFlags(
  text: string | undefined,
): { readonly values: FlagValues; readonly problem: string | null } | { readonly damage: string } {
  if (text === undefined) return { values: defaultValues, problem: null };
  const found = parsed(text);
  if (!found) return { damage: "It is no JSON object of flags, each true or false." };
  const wrong = Object.entries(found).filter(
    ([name, value]) => isFlagName(name) && typeof value !== "boolean",
  );
  if (wrong.length > 0) return { damage: `${namesOf(wrong)}: true or false, nothing else.` };
  const unknown = Object.entries(found).filter(([name]) => !isFlagName(name));
  const known = Object.entries(found).filter(([name]) => isFlagName(name));
  return {
    values: { ...defaultValues, ...(Object.fromEntries(known) as Partial<FlagValues>) },
    problem: unknown.length > 0 ? `No flag of this release is called ${namesOf(unknown)}.` : null,
  };
}

const namesOf = (entries: readonly [string, unknown][]) => entries.map(([name]) => name).join(", ");

/**
 * The document with one flag set. What else it says stays, also of flags that only another release knows; a damaged one
 * is made anew from the values that hold.
 */
export function withFlag(
  text: string | undefined,
  { name, on, holding }: { name: FlagName; on: boolean; holding: FlagValues },
): string {
  const isDamaged = "damage" in readFlags(text);
  const found = (text !== undefined && !isDamaged && parsed(text)) || (isDamaged ? holding : {});
  return `${JSON.stringify({ ...found, [name]: on }, undefined, 2)}\n`;
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
