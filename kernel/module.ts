import type { Reaction } from "./event.ts";

/** Work that a domain does as time passes; safe to run in several processes at once and to run twice. */
export interface Job {
  readonly name: string;
  readonly everyMs: number;
  run(): Promise<void>;
}

/** A wired domain: its door, what it does when others tell something, what it does as time passes. */
export interface Module<AnyDoor, Transaction> {
  readonly door: AnyDoor;
  readonly reactions: readonly Reaction<Transaction>[];
  readonly jobs: readonly Job[];
}
