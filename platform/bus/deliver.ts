import type { Clock } from "#kernel/clock";
import type { Event } from "#kernel/event";
import type { Id } from "#kernel/id";
import type { Transaction, Writer } from "#platform/database/api";
import type { Reaction } from "./api.ts";
import { type Arrival, claim, inbox, type Run, type Waiting } from "./boxes.ts";

/** A domain as it hears. */
export interface Hearer {
  readonly domain: string;
  readonly writer: Writer;
  /** By their sources. */
  readonly reactions: ReadonlyMap<string, Reaction>;
  /** Aggregates that could not be applied, and until when they are left alone. */
  readonly resting: Map<Id<string>, number>;
  /** Watches over what is applied; absent: nobody does. */
  readonly traced?: Traced | undefined;
}

/** Does the work that applies so many events of a source. */
export type Traced = <T>(source: string, events: number, work: () => Promise<T>) => Promise<T>;

export interface DeliverySettings {
  readonly clock: Clock;
  readonly log: (message: string, error: unknown) => void;
}

/** What failed to apply rests this long, so that one bad event costs little and blocks its own aggregate only. */
const restMs = 5_000;
/** Events that are carried or applied together. */
export const batch = 200;

/**
 * Brings what a source told to a hearer. The copy into the inbox, what comes of it and the end of the copy are one
 * transaction, so nothing of the copy is ever written; only what cannot be applied now is, and waits there. When this
 * ends, each event is applied or waits, durably. Answers whether something waits.
 */
export async function deliver(hearer: Hearer, source: string, told: readonly Event[]): Promise<boolean> {
  const reaction = hearer.reactions.get(source);
  if (!reaction) return false;
  const arriving = arrivalsOf(reaction, told);
  if (arriving.length === 0) return false;
  // What fails is tried again from the inbox, event by event, and told of there.
  const apply = () => applyStraight(hearer.writer, reaction, source, arriving);
  const applied = hearer.traced ? hearer.traced(source, arriving.length, apply) : apply();
  const left = await applied.catch(() => arriving);
  if (left.length > 0) await inbox.fill(hearer.writer, source, left);
  return left.length > 0;
}

/** Applies in a transaction, or where one statement is all there is to send, by that alone. */
function applyStraight(
  writer: Writer,
  reaction: Reaction,
  source: string,
  arriving: readonly Arrival[],
): Promise<readonly Arrival[]> {
  return reaction.oneStatement && !reaction.ordered
    ? applyNow(onlyOnce(writer, reaction), reaction, source, arriving)
    : writer.transaction((transaction) => applyNow(transaction, reaction, source, arriving));
}

/** A second statement would commit apart from the first: that is a mistake of the reaction. */
function onlyOnce(writer: Writer, { source }: Reaction): Transaction {
  let sent = 0;
  const count = () => {
    sent += 1;
    if (sent > 1) throw new Error(`a reaction to ${source} sends more than the one statement it promised`);
  };
  return {
    all: async (statement, parameters) => {
      count();
      return writer.all(statement, parameters);
    },
    one: async (statement, parameters) => {
      count();
      return writer.one(statement, parameters);
    },
    open: true,
  };
}

/** Where order matters, the types that are not heard count too. */
function arrivalsOf(reaction: Reaction, told: readonly Event[]): Arrival[] {
  return told
    .filter((event) => reaction.ordered || reaction.hears.includes(event.type))
    .flatMap((event) => [...new Set(reaction.buckets(event))].map((bucket) => ({ bucket, event })));
}

/** Applies what is next; what is not stays over. */
async function applyNow(
  transaction: Transaction,
  reaction: Reaction,
  source: string,
  arriving: readonly Arrival[],
): Promise<readonly Arrival[]> {
  if (!reaction.ordered) {
    await reaction.apply(transaction, arriving);
    return [];
  }
  const { runs, gaps } = runsOf(arriving);
  const claimed = new Set(await claim(transaction, source, runs));
  await applyHeard(transaction, reaction, [...claimed].flatMap(arrivalsIn));
  return [...runs.filter((run) => !claimed.has(run)).flatMap(arrivalsIn), ...gaps];
}

async function applyHeard(transaction: Transaction, reaction: Reaction, next: readonly Arrival[]) {
  const heard = next.filter(({ event }) => reaction.hears.includes(event.type));
  if (heard.length > 0) await reaction.apply(transaction, heard);
}

const arrivalsIn = (run: Run): Arrival[] => run.events.map((event) => ({ bucket: run.bucket, event }));

/**
 * Versions of one aggregate that follow each other, in the order of keys so that two who claim the same never wait for
 * each other; behind a gap they stay over. A version that came twice is taken once.
 */
function runsOf(arriving: readonly Arrival[]): { runs: Run[]; gaps: Arrival[] } {
  const byAggregate = new Map<string, Arrival[]>();
  for (const arrival of arriving) {
    const key = `${String(arrival.bucket).padStart(4, "0")} ${arrival.event.aggregate}`;
    const known = byAggregate.get(key);
    if (known) known.push(arrival);
    else byAggregate.set(key, [arrival]);
  }
  const runs: Run[] = [];
  const gaps: Arrival[] = [];
  for (const key of [...byAggregate.keys()].sort()) {
    const all = (byAggregate.get(key) ?? []).sort((a, b) => a.event.version - b.event.version);
    const events: Event[] = [];
    for (const arrival of all) {
      const last = events.at(-1)?.version;
      if (last === undefined || arrival.event.version === last + 1) events.push(arrival.event);
      else if (arrival.event.version > last) gaps.push(arrival);
    }
    const [first] = all;
    if (first) runs.push({ bucket: first.bucket, aggregate: first.event.aggregate, events });
  }
  return { runs, gaps };
}

/**
 * Applies a batch of what waits; when it fails, its events one by one, so that the bad one is found and the rest go on.
 */
export async function applyWaiting(hearer: Hearer, { clock, log }: DeliverySettings): Promise<number> {
  if (hearer.reactions.size === 0) return 0;
  const now = clock.now();
  for (const [aggregate, until] of hearer.resting) if (until <= now) hearer.resting.delete(aggregate);
  try {
    return await applyBatch(hearer, batch);
  } catch (error) {
    if (hearer.resting.size === 0) log(`${hearer.domain} could not apply a batch of events`, error);
  }
  let applied = 0;
  for (let i = 0; i < batch; i++) {
    const tried: Waiting[] = [];
    try {
      const count = await applyBatch(hearer, 1, tried);
      if (count === 0) break;
      applied += count;
    } catch (error) {
      const [bad] = tried;
      if (!bad) throw error;
      log(`${hearer.domain} could not apply ${bad.event.type} of ${bad.event.aggregate}`, error);
      hearer.resting.set(bad.event.aggregate, now + restMs);
    }
  }
  return applied;
}

function applyBatch(hearer: Hearer, limit: number, tried: Waiting[] = []): Promise<number> {
  const { reactions, resting, writer } = hearer;
  const unordered = [...reactions.values()].filter((r) => !r.ordered).map((r) => r.source);
  return writer.transaction(async (transaction) => {
    const taken = await inbox.take(transaction, [...resting.keys()], unordered, limit);
    if (taken.length === 0) return 0;
    tried.push(...taken);
    const left = new Set<Event>();
    for (const [source, reaction] of reactions) {
      const fresh = taken.filter(
        (w) => w.source === source && (!reaction.ordered || w.event.version > w.applied),
      );
      if (fresh.length === 0) continue;
      // Somebody who brought the same has claimed it meanwhile: it is looked at again.
      if (reaction.ordered) {
        for (const { event } of await applyNow(transaction, reaction, source, fresh)) left.add(event);
      } else await applyHeard(transaction, reaction, fresh);
    }
    const done = taken.filter(({ event }) => !left.has(event));
    await inbox.drop(transaction, done);
    return done.length;
  });
}
