import type { Hit } from "./api.ts";

/** Where a hit stands in its listing: a number that falls or rises, and its id as the database keeps it. */
export interface Place {
  readonly key: string;
  readonly product: string;
}

export interface Placed extends Place {
  readonly hit: Hit;
}

/** The same with the hit as its JSON, unread. */
export interface Shown extends Place {
  readonly card: string;
}

/** Which buckets matches were looked for in: all of them, a sample, or what the sample left over. */
export interface Scope {
  readonly from: number;
  readonly upTo: number;
}

export interface Found {
  readonly scope: Scope;
  /** Matches in the scope. */
  readonly found: number;
  readonly page: readonly Placed[];
  /** How often each facet's number came, among the matches of so many buckets. */
  readonly counts: ReadonlyMap<number, number>;
  readonly countedBuckets: number;
}

/** How matches are looked for. */
export interface Looking {
  /** Where to look; if it is not said, as widely as it takes to find enough. */
  readonly scope?: Scope | undefined;
  readonly after?: Place | undefined;
  readonly limit: number;
  /** With up to so many matches in the first 64th of the buckets, all are looked at. */
  readonly few: number;
  /** How many matches the facets are counted from; 0 counts none. */
  readonly facetsFrom: number;
}

/** How the database tells what it found; one row, one JSON text to read. */
export interface FoundRow {
  readonly upto: number;
  readonly found: number;
  readonly buckets: number;
  readonly counts: Record<string, number> | null;
  readonly page: [key: number, product: string, card: Hit][] | null;
}

export const foundOf = (row: FoundRow, from: number): Found => ({
  scope: { from, upTo: row.upto },
  found: row.found,
  page: (row.page ?? []).map(([key, product, hit]) => ({ hit, key: String(key), product })),
  counts: new Map(Object.entries(row.counts ?? {}).map(([id, n]) => [Number(id), n])),
  countedBuckets: row.buckets,
});
