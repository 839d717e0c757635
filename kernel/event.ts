import type { Static, TSchema } from "typebox";
import type { DoorSpec } from "./door.ts";
import type { Bucket, Id } from "./id.ts";

/**
 * What happened to one aggregate. Every change of an aggregate that is told at all is told under the next
 * version (1, 2, 3 …), so that a consumer can tell a repeat (ignored) from a gap (waited for).
 */
export interface Event<Body = unknown> {
  readonly id: Id<"event">;
  /** `order.placed`: the domain, a dot, the name in its door. */
  readonly type: string;
  readonly aggregate: Id<string>;
  readonly version: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly body: Body;
}

type Bodies<Spec extends DoorSpec> = {
  [Name in keyof Spec["events"] & string]: Event<Static<Spec["events"][Name] & TSchema>> & {
    readonly type: `${Spec["name"]}.${Name}`;
  };
};

/** Any event a door declares; `type` tells which, and with it the form of `body`. */
export type EventOf<Spec extends DoorSpec> = Bodies<Spec>[keyof Spec["events"] & string];

/**
 * How one domain hears another: `apply` gets the events of `source` that are of the types it hears, each with a bucket
 * of the consumer's own state that it touches, in the transaction that remembers them as applied.
 */
export interface Reaction<Transaction, Told extends Event = Event> {
  readonly source: string;
  /** The types it does something with; no other reaches `apply`. A type added later is heard from then on. */
  readonly hears: readonly Told["type"][];
  /**
   * True: an aggregate's events come in the order of their versions, each once, and a gap waits; for that the platform
   * keeps the version reached of every aggregate, for ever. False: they come in any order and may come again, and what
   * they leave behind must be the same however they come (keys of its own rows see to that); nothing is kept.
   */
  readonly ordered: boolean;
  /**
   * Where order does not matter: `apply` sends one statement at most, whatever it is given, so that it commits by
   * itself and needs no transaction around it.
   */
  readonly oneStatement?: true;
  /** Asked of every version of an aggregate, heard or not, where order matters, and the same for each of them. */
  buckets(event: Told): readonly Bucket[];
  /** Applies events of any number of aggregates to state in the bucket each is paired with. */
  apply(transaction: Transaction, events: readonly { bucket: Bucket; event: Told }[]): Promise<void>;
}
