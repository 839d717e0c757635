import type { SearchStore } from "./store.ts";

/** So many are remembered; a shop of a million products has some thousand values to filter by. */
const kept = 50_000;

/** What the numbers of facets stand for. That never changes, so each is asked of the database once. */
export interface Lexemes {
  of(ids: readonly number[]): Promise<ReadonlyMap<number, string>>;
}

export function rememberedLexemes(store: SearchStore): Lexemes {
  const known = new Map<number, string>();
  return {
    of: async (ids) => {
      const unknown = ids.filter((id) => !known.has(id));
      if (unknown.length > 0) {
        const read = await store.lexemes(unknown);
        if (known.size + read.size > kept) known.clear();
        for (const [id, lexeme] of read) known.set(id, lexeme);
      }
      return known;
    },
  };
}
