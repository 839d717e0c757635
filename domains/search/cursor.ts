import { hash } from "node:crypto";
import type { Place, Scope } from "./found.ts";

/** Where a page ended, and in which buckets its matches were looked for. */
export interface Position extends Place, Scope {}

const form = /^(-?\d{1,19})[.](\d{1,19})[.](\d{1,4})[.](\d{1,4})[.]([\w-]{11})$/;

/**
 * A page mark holds a position and a digest of it together with what was asked, so that a mark of another
 * search, or one that was altered, is known as such. It is no secret: who forges one gets a page that they
 * could have asked for.
 */
export function markOf({ key, product, from, upTo }: Position, asked: string): string {
  const position = `${key}.${product}.${from}.${upTo}`;
  return Buffer.from(`${position}.${digestOf(position, asked)}`).toString("base64url");
}

/** The position a mark holds; undefined if it was not made by `markOf` for what is asked. */
export function positionOf(mark: string, asked: string): Position | undefined {
  const [, key, product, from, upTo, digest] = form.exec(Buffer.from(mark, "base64url").toString()) ?? [];
  if (key === undefined || product === undefined) return undefined;
  if (digest !== digestOf(`${key}.${product}.${from}.${upTo}`, asked)) return undefined;
  return { key, product, from: Number(from), upTo: Number(upTo) };
}

/** 66 bits: enough against accidents. */
const digestOf = (position: string, asked: string): string =>
  hash("sha256", `${position}\n${asked}`, "base64url").slice(0, 11);
