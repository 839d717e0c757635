import type { Event, Reaction as KernelReaction } from "#kernel/event";
import type { Module as KernelModule } from "#kernel/module";
import type { Transaction } from "#platform/database/api";

/** A transaction handed through a reaction to its store. */
export type { Transaction };

/** How a domain hears another; see kernel/event.ts. */
export type Reaction<Told extends Event = Event> = KernelReaction<Transaction, Told>;

/** A wired domain with reactions on this platform. */
export type Module<AnyDoor> = KernelModule<AnyDoor, Transaction>;

/** Carries events from the outbox of who tells to the inbox of who hears, and from there into their state. */
export interface Bus {
  /** The domain has committed events: they need not wait for the next look (once a second). */
  told(domain: string): void;
  /** As told; ends when those who hear the domain in this process have heard, or the time is over. */
  heard(domain: string, withinMs: number): Promise<void>;
  start(): void;
  /** Ends when nothing that can be delivered is left: for tests, and for an orderly end. */
  quiet(): Promise<void>;
  /** Finishes the batch in hand and begins no other. */
  stop(): Promise<void>;
  /** What waits, by domain. */
  lag(): Promise<readonly Waiting[]>;
}

/** What waits in one box of a domain. */
export interface Waiting {
  readonly domain: string;
  readonly box: "inbox" | "outbox";
  /** How many rows. */
  readonly waiting: number;
  /** When the oldest was told, in milliseconds since 1970; 0 where none waits. */
  readonly since: number;
  readonly oldestMs: number;
}
