import { createHash } from "node:crypto";

/** Where a page ended: the sort key and the id of its last hit, as the database keeps them. */
export interface Position {
  readonly key: string;
  readonly product: string;
}

const form = /^(-?\d{1,19})[.](\d{1,19})[.]([\w-]{11})$/;

/**
 * A page mark holds a position and a digest of it together with what was asked, so that a mark of another search, or
 * one that was altered, is known as such. It is no secret: who forges one gets a page that they could have asked for.
 */
export function markOf({ key, product }: Position, asked: string): string {
  return Buffer.from(`${key}.${product}.${digestOf(key, product, asked)}`).toString("base64url");
}

/** The position a mark holds; undefined if it was not made by `markOf` for what is asked. */
export function positionOf(mark: string, asked: string): Position | undefined {
  const [, key, product, digest] = form.exec(Buffer.from(mark, "base64url").toString()) ?? [];
  if (key === undefined || product === undefined) return undefined;
  return digest === digestOf(key, product, asked) ? { key, product } : undefined;
}

/** 66 bits: enough against accidents. */
const digestOf = (...parts: readonly string[]): string =>
  createHash("sha256").update(parts.join("\n")).digest("base64url").slice(0, 11);
