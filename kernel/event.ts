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
 * How one domain hears another. The platform delivers every event of `source` to each bucket named by `buckets`
 * once and in the order of versions; `apply` runs in the transaction that remembers it as applied.
 */
export interface Reaction<Transaction, AnyEvent extends Event = Event> {
  readonly source: string;
  /** The buckets of the consumer's own state that the event touches. The same for every version of an aggregate. */
  buckets(event: AnyEvent): readonly Bucket[];
  /** Applies events of any number of aggregates to state in the bucket each is paired with. */
  apply(transaction: Transaction, events: readonly { bucket: Bucket; event: AnyEvent }[]): Promise<void>;
}
