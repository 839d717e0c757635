import type { Bucket, Id } from "#kernel/id";
import { bucketOf } from "#kernel/id";

/** A wish for a number of pieces, named by whoever wishes, so that asking again changes nothing. */
export interface Line {
  readonly id: Id<"reservation">;
  readonly sku: Id<"sku">;
  readonly quantity: number;
}

/** How a reservation is carried on: a held one is released or sold, a sold one returned. */
export type Verb = "release" | "sell" | "return";

export interface Settled {
  readonly checkout: Id<"checkout">;
  readonly line: Line;
  readonly verb: Verb;
}

/** What becomes of an order's reservations when the order changes; undefined: nothing. */
export function verbFor(type: string, from: string | null): Verb | undefined {
  if (type === "order.closed") return "release";
  if (type === "order.paid") return "sell";
  // What was shipped is not on the shelf any more, so a refund does not bring it back.
  if (type === "order.refunded" && from === "paid") return "return";
  return undefined;
}

/** Lines by the bucket of their SKU: each group is one statement. */
export function byBucket<T extends { sku: Id<"sku"> }>(lines: readonly T[]): Map<Bucket, T[]> {
  const groups = new Map<Bucket, T[]>();
  for (const line of lines) {
    const bucket = bucketOf(line.sku);
    const group = groups.get(bucket);
    if (group) group.push(line);
    else groups.set(bucket, [line]);
  }
  return groups;
}
