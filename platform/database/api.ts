import type { Context } from "#kernel/context";
import type { Bucket } from "#kernel/id";

/** A statement by name: prepared once per connection. Names are unique within a domain. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** Declares a statement. `$1` is the bucket wherever the statement touches a split table. */
export const sql = (name: string, text: string): Statement => ({ name, text });

/**
 * What a statement may be given. Ids go as decimal text (`toBigint`), times as Date, documents as JSON text.
 */
export type Parameter = string | number | boolean | null | Date | readonly Parameter[];

/** Reads; may be answered by a replica that has seen what the context's read token names. */
export interface Reader {
  all<Row>(statement: Statement, parameters: readonly Parameter[]): Promise<Row[]>;
  one<Row>(statement: Statement, parameters: readonly Parameter[]): Promise<Row | undefined>;
}

/** Reads and writes where the bucket is owned; each statement commits by itself: one round trip. */
export interface Writer extends Reader {
  /**
   * Runs several statements as one. Prefer one statement with CTEs or a function: it costs half
   * (libraries.md, 11). `work` is run again where a server refused it that no longer takes writes: nothing was done.
   */
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
}

/** A transaction in progress. */
export interface Transaction extends Reader {
  readonly open: true;
}

/** Buckets `from` to `to`, both included. */
export interface BucketRange {
  readonly from: Bucket;
  readonly to: Bucket;
}
export const allBuckets: BucketRange = { from: 0, to: 1023 };

/**
 * A domain's data. The access mode is in the type, and every access names its bucket, so that the same code
 * runs on one server, on replicas and on shards (docs/decisions/0003-buckets-and-ids.md).
 */
export interface Store {
  read(context: Context, bucket: Bucket): Reader;
  /**
   * One statement per server: `parameters` is called with the keys that live on it, their buckets first. Callers who
   * come in one turn of the event loop share it, and so do those who come while such statements are under way: the
   * `parameters` of the first get the keys of all, so a key holds what differs between them. Every row says in `at`
   * which key it answers, counted from 1; a caller gets the rows of its own keys alone, counted among its own.
   */
  readEach<Key, Row extends { readonly at: number }>(
    context: Context,
    keys: readonly Key[],
    bucketOf: (key: Key) => Bucket,
    statement: Statement,
    parameters: (buckets: readonly Bucket[], keys: readonly Key[]) => readonly Parameter[],
  ): Promise<Row[]>;
  write(context: Context, bucket: Bucket): Writer;
  /**
   * As `readEach`, where the buckets are owned: for keys that need not change together, each server's committed by
   * itself. A hundred who want the same row pay one commit.
   */
  writeEach<Key, Row extends { readonly at: number }>(
    context: Context,
    keys: readonly Key[],
    bucketOf: (key: Key) => Bucket,
    statement: Statement,
    parameters: (buckets: readonly Bucket[], keys: readonly Key[]) => readonly Parameter[],
  ): Promise<Row[]>;
  /**
   * For relays, sweepers, audits and lists over all buckets: runs on the server that owns the range, range by
   * range.
   */
  sweep(range: BucketRange): Writer & {
    /** Reads in one repeatable-read snapshot. */
    snapshot<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
  };
}

/** The part of the database that a process holds: a store per domain, closed together. */
export interface Database {
  store(domain: string): Store;
  /** Open connections per domain, and how many callers wait for one. */
  load(): readonly { domain: string; open: number; idle: number; waiting: number }[];
  ready(): Promise<void>;
  /** Where replicas answer reads. Undefined: every read sees what was written before it. */
  readonly positions?: Positions;
  /** The servers of a cluster, as this process sees them. */
  servers?(): readonly ServerState[];
  close(): Promise<void>;
}

/** How far a domain's data has come, as opaque texts, for caches and for what travels with a caller. */
export interface Positions {
  /** Asked before a read that names it: every server that would be asked now is so far at least. */
  before(domain: string): Promise<string | undefined>;
  /** How far what is committed reaches. */
  now(domain: string): Promise<string | undefined>;
  /** Whether who has seen `position` has seen what was at `needed`. */
  reaches(position: string, needed: string): boolean;
}

export interface ServerState {
  /** Its address. */
  readonly name: string;
  readonly role: "primary" | "replica";
  readonly answers: boolean;
  /** A replica that gets no reads: dead, behind, or left on another timeline. */
  readonly leftOut: boolean;
  /** For how long the primary has been further, in milliseconds. */
  readonly lagMs: number;
  /** Reads that this process sent to it because they may go to a replica, or because none would do. */
  readonly reads: number;
  /** How often this process saw another server take over. */
  readonly failovers: number;
}

/** The key of a row was taken by another: the caller draws a new id and tries again. */
export class KeyTaken extends Error {
  readonly constraint: string;
  constructor(constraint: string) {
    super(`a row with that key exists (${constraint})`);
    this.name = "KeyTaken";
    this.constraint = constraint;
  }
}
