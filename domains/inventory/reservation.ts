import type { Id } from "#kernel/id";

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

/** Each reservation once. A sale and a return of it, in whichever order, leave what the return leaves by itself. */
export function namedOnce(settled: readonly Settled[]): Settled[] {
  const last = new Map<Id<"reservation">, Settled>();
  for (const each of settled) {
    if (last.get(each.line.id)?.verb !== "return") last.set(each.line.id, each);
  }
  return [...last.values()];
}
