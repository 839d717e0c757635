import type { Id } from "#kernel/id";
import type { Key } from "./token.ts";

/** What carts held when they were last shown by this process: a guess at what must be asked about, never an answer. */
export interface Recent {
  skus(key: Key): readonly Id<"sku">[];
  remember(key: Key, skus: readonly Id<"sku">[]): void;
}

/** Some 100 bytes a line: below 10 MB in all, whatever the carts hold. */
const mostSkus = 100_000;

/** Keeps the carts that were shown last. */
export function openRecent(): Recent {
  const carts = new Map<string, readonly Id<"sku">[]>();
  let kept = 0;
  const forget = (id: string) => {
    kept -= carts.get(id)?.length ?? 0;
    carts.delete(id);
  };
  return {
    skus: ({ id }) => carts.get(id) ?? [],
    remember: ({ id }, skus) => {
      forget(id);
      if (skus.length === 0) return;
      carts.set(id, skus);
      kept += skus.length;
      for (const oldest of carts.keys()) {
        if (kept <= mostSkus) break;
        forget(oldest);
      }
    },
  };
}
