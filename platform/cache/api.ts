/**
 * What was read, kept for those who ask next. A cache may be late, lose anything at any time and be away; it never
 * fails: no operation here rejects, and what it could not do is answered as not there.
 */
export interface Entry {
  /** What JSON can say, frozen. Null is an answer too: there is no such thing (a negative entry). */
  readonly value: unknown;
  /** How far the database had come before it was read, where it says so: compared with what a reader has seen. */
  readonly position?: string | undefined;
  /** When the read began, in milliseconds since 1970. */
  readonly at: number;
  /** Until when it may be served, in milliseconds since 1970. */
  readonly until: number;
}

/**
 * What was there when somebody looked. It must be given back with what is then put there: what was dropped meanwhile
 * is not filled with what was read before. Undefined: nothing can be put there now.
 */
export type Lease = string | undefined;

export interface Found {
  readonly entry: Entry | undefined;
  readonly lease: Lease;
  /** Whoever reads in order to fill this must read no older than this position. */
  readonly since?: string | undefined;
}

export interface Fill {
  readonly key: string;
  readonly entry: Entry;
  readonly lease: Lease;
}

/** What a cache knows at once, without waiting. */
export interface Peeked {
  readonly entry: Entry;
  /** It may be served, and somebody should look again before it may not. */
  readonly due: boolean;
}

export interface Cache {
  /** Up to 100 keys in one round trip, answered in their order. */
  getMany(keys: readonly string[]): Promise<readonly Found[]>;
  setMany(fills: readonly Fill[]): Promise<void>;
  /**
   * Forgets, everywhere where the cache can be reached, before it ends; what cannot be reached is told as soon as it
   * can, and not read until then. `position` is how far the change reaches that made it forget.
   */
  drop(keys: readonly string[], position?: string): Promise<void>;
  /** What is in this process. */
  peek?(key: string): Peeked | undefined;
  /** Calls for keys that others dropped. */
  onDropped(heard: (keys: readonly string[]) => void): void;
  /** Between when and when it is certain that every drop has been heard; undefined: it is not. */
  line?(): Line | undefined;
  /** Whether it cannot be reached just now, what it holds here, and how many drops it still owes. */
  state(): CacheState;
  close(): Promise<void>;
}

/** In milliseconds since 1970. */
export interface Line {
  readonly since: number;
  readonly upTo: number;
}

export interface CacheState {
  readonly away: boolean;
  readonly entries: number;
  readonly bytes: number;
  readonly owed: number;
}

/** In the last part of its life an entry that is asked for is read anew, while readers are given what is there. */
export const lastPart = 0.15;

/** How many keys one `getMany` may name. */
export const keysAtOnce = 100;

/** For how long a drop is remembered: longer than any read that may want to fill what was dropped. */
export const dropsRememberedMs = 15_000;

/** What a cache tells of its work, to be counted: of what kind of thing or of which server. */
export type Counted = (of: string, what: CacheEvent, howMany: number) => void;
export type CacheEvent =
  | "hit_near"
  | "hit_far"
  | "hit_negative"
  | "miss"
  | "load"
  | "load_error"
  | "refresh"
  | "drop"
  | "error"
  | "passed_by";
