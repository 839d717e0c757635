import type { Hit } from "./api.ts";

/** Where a hit stands in its listing: a number that falls or rises, and its id as the database keeps it. */
export interface Place {
  readonly key: string;
  readonly product: string;
}

export interface Placed extends Place {
  readonly hit: Hit;
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
