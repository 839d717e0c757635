import { freeze } from "#kernel/door";
import type { Entry } from "./api.ts";

/**
 * How an entry travels: a stamp of 8 characters that differs each time it is written, `=`, and JSON. A drop leaves a
 * stamp, `-` and the position that must be reached to fill what was dropped.
 */
export const stampLength = 8;

/** What stands in a cache outside this process. */
export type Standing =
  | { readonly entry: Entry }
  | { readonly droppedSince: string | undefined }
  | { readonly unreadable: true };

/** 900,000 bytes: memcached takes 1 MiB with key and header unless told otherwise. */
export const largestBytes = 900_000;

/** Undefined if it is too large to be kept outside this process. */
export function encode(stamp: string, entry: Entry): string | undefined {
  const { value, position, at, until } = entry;
  const text = `${stamp}=${JSON.stringify([value, position ?? null, at, until])}`;
  return text.length * 3 <= largestBytes || Buffer.byteLength(text) <= largestBytes ? text : undefined;
}

export const encodeDrop = (stamp: string, position: string | undefined): string =>
  `${stamp}-${position ?? ""}`;

/** Reads what somebody wrote, perhaps another version of us: what does not read is not there. */
export function decode(text: string): Standing {
  const kind = text[stampLength];
  const rest = text.slice(stampLength + 1);
  if (kind === "-") return { droppedSince: rest || undefined };
  if (kind !== "=") return { unreadable: true };
  try {
    const [value, position, at, until] = JSON.parse(rest) as [unknown, string | null, number, number];
    if (typeof at !== "number" || typeof until !== "number") return { unreadable: true };
    return { entry: { value: freeze(value), position: position ?? undefined, at, until } };
  } catch {
    return { unreadable: true };
  }
}
