import type { Hit } from "./api.ts";

/** A hit and where it stands in its listing: a number that falls or rises, and the id as the database keeps it. */
export interface Placed {
  readonly hit: Hit;
  readonly key: string;
  readonly product: string;
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
