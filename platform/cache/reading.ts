import type { Clock } from "#kernel/clock";
import { type Context, newContext } from "#kernel/context";
import { bucketCount, randomBucket, randomToken } from "#kernel/id";
import { type Cache, type Counted, dropsRememberedMs, type Entry, type Found, lastPart } from "./api.ts";
import { openLoads } from "./loads.ts";
import { longestTtlMs } from "./remote.ts";

/** How far a domain's data has come, and whether that is far enough (DATA 17); kept by platform/database. */
export interface Positions {
  /** Asked before a read; undefined where the database does not say. */
  before(domain: string): Promise<string | undefined>;
  reaches(position: string, needed: string): boolean;
}

/** One kind of thing that is read through the cache. */
export interface Kind<Asked, Value> {
  /** The first part of its keys. */
  readonly name: string;
  /** Whose read tokens it must satisfy. */
  readonly domain: string;
  /** How long it may be kept; something shorter is drawn for each entry, so that what was read together does not expire together. */
  readonly ttlMs: number;
  /** How long it may be kept that there is no such thing. */
  readonly absentMs: number;
  /** Whether other processes may have it; if not, `ttlMs` alone says how old it may be. */
  readonly shared: boolean;
  /** How many are read by one `load`, and how many loads may run at once. */
  readonly batch: number;
  readonly loadsAtOnce: number;
  key(asked: Asked): string;
  /** Answers in order; undefined: there is no such thing. */
  load(context: Context, asked: readonly Asked[]): Promise<readonly (Value | undefined)[]>;
  /** Whether an answer may be kept; all may unless said. */
  isKept?(value: Value): boolean;
}

/** Reads through a cache. */
export interface Source<Asked, Value> {
  one(context: Context, asked: Asked): Promise<Value | undefined>;
  /** In order. What is not there costs one look at the cache and one load for all. */
  many(context: Context, asked: readonly Asked[]): Promise<(Value | undefined)[]>;
  /** What was asked has changed: nobody who asks here from now on gets what was, and others cease to. */
  drop(asked: readonly Asked[], context?: Context): Promise<void>;
}

export interface ReadingSettings {
  /** What processes share, with its near part. */
  readonly shared: Cache;
  /** The memory of this process alone. */
  readonly own: Cache;
  readonly clock: Clock;
  readonly counted: Counted;
  readonly positions?: Positions;
}

export interface Reading {
  source<Asked, Value>(kind: Kind<Asked, Value>): Source<Asked, Value>;
}

/** A load is nobody's: it may take so long, whoever waits. What took longer is not kept, and drops are remembered for longer. */
const loadMs = 5_000;
const noPositions: Positions = { before: async () => undefined, reaches: () => false };

/** The reading side: one load per key and process, answers that there is nothing, early refreshes, batches. */
export function openReading(settings: ReadingSettings): Reading {
  return { source: (kind) => openSource(settings, kind) };
}

interface Wanted<Asked> {
  readonly key: string;
  readonly asked: Asked;
  readonly found: Found;
}

function openSource<Asked, Value>(s: ReadingSettings, kind: Kind<Asked, Value>): Source<Asked, Value> {
  const { clock, counted, positions = noPositions } = s;
  if (kind.ttlMs > longestTtlMs) throw new Error(`${kind.name} is kept for longer than drops are owed`);
  const cache = kind.shared ? s.shared : s.own;
  const keyOf = (asked: Asked) => `${kind.name}:${kind.key(asked)}`;
  const flights = new Map<string, Promise<Entry>>();
  const loadOne = openLoads({ atOnce: kind.loadsAtOnce, batch: kind.batch }, load);
  cache.onDropped((keys) => {
    for (const key of keys) flights.delete(key);
  });

  function satisfies(context: Context, { position }: Entry): boolean {
    const needed = context.readToken.get(kind.domain);
    return needed === undefined || (position !== undefined && positions.reaches(position, needed));
  }

  async function load(wanted: readonly Wanted<Asked>[]): Promise<Entry[]> {
    const at = clock.now();
    const context = ownContext(at, wanted);
    counted(kind.name, "load", 1);
    try {
      const position = await positions.before(kind.domain);
      const values = await kind.load(
        context,
        wanted.map(({ asked }) => asked),
      );
      const entries = values.map((value) => entryOf(value, at, position));
      if (clock.now() - at < dropsRememberedMs - loadMs)
        void cache.setMany(wanted.flatMap((each, i) => fillOf(each, entries[i])));
      return entries;
    } catch (error) {
      counted(kind.name, "load_error", 1);
      throw error;
    }
  }

  /** Asks for nobody, and for data no older than what the cache was told to forget. */
  function ownContext(nowMs: number, wanted: readonly Wanted<Asked>[]): Context {
    const context = newContext({
      caller: { kind: "domain", domain: "cache" },
      deadline: nowMs + loadMs,
      trace: randomToken(),
    });
    for (const { found } of wanted) {
      const { since } = found;
      const token = context.readToken.get(kind.domain);
      if (since !== undefined && (token === undefined || !positions.reaches(token, since))) {
        context.readToken.set(kind.domain, since);
      }
    }
    return context;
  }

  function entryOf(value: Value | undefined, at: number, position: string | undefined): Entry {
    if (value === undefined) return { value: null, position, at, until: at + kind.absentMs };
    const isKept = kind.isKept?.(value) ?? true;
    // Between 75 and 100 in a hundred of the time it may be kept.
    const share = 0.75 + (0.25 * randomBucket()) / bucketCount;
    return { value, position, at, until: isKept ? at + Math.round(kind.ttlMs * share) : at };
  }

  const fillOf = ({ key, found }: Wanted<Asked>, entry: Entry | undefined) =>
    entry && entry.until > entry.at ? [{ key, entry, lease: found.lease }] : [];

  /** What is there, unless the caller has seen more: then it must be read anew, no older than that. */
  function fresh(context: Context, found: Found | undefined): Found {
    if (!found) return { entry: undefined, lease: undefined };
    const needed = context.readToken.get(kind.domain);
    if (needed === undefined || (found.entry && satisfies(context, found.entry))) return found;
    const { since } = found;
    const later = since !== undefined && positions.reaches(since, needed) ? since : needed;
    return { entry: undefined, lease: found.lease, since: later };
  }

  /** Looks for all at once and loads what is missing; each key's flight can be joined until the key is dropped. */
  function fly(context: Context, wanted: readonly { key: string; asked: Asked }[]): Promise<Entry>[] {
    const looked = cache.getMany(wanted.map(({ key }) => key));
    return wanted.map(({ key, asked }, i) => {
      const flight = looked.then((all) => {
        const found = fresh(context, all[i]);
        if (!found.entry) {
          counted(kind.name, "miss", 1);
          return loadOne({ key, asked, found });
        }
        counted(kind.name, found.entry.value === null ? "hit_negative" : "hit_far", 1);
        if (isInLastPart(found.entry)) refresh({ key, asked, found });
        return found.entry;
      });
      flights.set(key, flight);
      const over = () => {
        if (flights.get(key) === flight) flights.delete(key);
      };
      flight.then(over, over);
      return flight;
    });
  }

  const refreshing = new Set<string>();
  function isInLastPart({ at, until }: Entry): boolean {
    return kind.shared && until - clock.now() < (until - at) * lastPart;
  }
  function refresh(wanted: Wanted<Asked>): void {
    if (refreshing.has(wanted.key)) return;
    refreshing.add(wanted.key);
    counted(kind.name, "refresh", 1);
    const over = () => refreshing.delete(wanted.key);
    loadOne(wanted).then(over, over);
  }

  /** Looks again before what is there may no longer be served. */
  function lookAgain(context: Context, key: string, asked: Asked): void {
    if (flights.has(key)) return;
    if (kind.shared) {
      for (const flight of fly(context, [{ key, asked }])) flight.catch(() => undefined);
    } else {
      void cache.getMany([key]).then(([found]) => found && refresh({ key, asked, found }));
    }
  }

  /** What can be answered at once. */
  function atOnce(context: Context, key: string, asked: Asked): Entry | undefined {
    const peeked = cache.peek?.(key);
    if (!peeked || !satisfies(context, peeked.entry)) return undefined;
    counted(kind.name, peeked.entry.value === null ? "hit_negative" : "hit_near", 1);
    if (peeked.due) lookAgain(context, key, asked);
    return peeked.entry;
  }

  /** Another's flight may have begun before what this caller has seen: then the caller's own read decides. */
  async function joined(context: Context, asked: Asked, flight: Promise<Entry>): Promise<Entry | undefined> {
    const entry = await flight;
    if (satisfies(context, entry)) return entry;
    counted(kind.name, "passed_by", 1);
    const [own] = fly(context, [{ key: keyOf(asked), asked }]);
    return own;
  }

  async function one(context: Context, asked: Asked): Promise<Value | undefined> {
    const key = keyOf(asked);
    const there = atOnce(context, key, asked);
    if (there) return answerOf(there);
    const flight = flights.get(key);
    if (flight !== undefined) return answerOf(await joined(context, asked, flight));
    const [own] = fly(context, [{ key, asked }]);
    return answerOf(await own);
  }

  async function many(context: Context, asked: readonly Asked[]): Promise<(Value | undefined)[]> {
    const answers = new Map<string, Entry | Promise<Entry | undefined>>();
    const missing: { key: string; asked: Asked }[] = [];
    for (const each of asked) {
      const key = keyOf(each);
      if (answers.has(key)) continue;
      const flight = flights.get(key);
      const there = atOnce(context, key, each) ?? (flight && joined(context, each, flight));
      if (!there) missing.push({ key, asked: each });
      answers.set(key, there ?? nobody);
    }
    for (const [i, own] of (missing.length > 0 ? fly(context, missing) : []).entries())
      answers.set(missing[i]?.key ?? "", own);
    const entries = await Promise.all(asked.map((each) => answers.get(keyOf(each))));
    return entries.map(answerOf<Value>);
  }

  return {
    one,
    many,
    drop: async (asked, context) => {
      const keys = asked.map(keyOf);
      for (const key of keys) flights.delete(key);
      counted(kind.name, "drop", keys.length);
      await cache.drop(keys, context?.readToken.get(kind.domain));
    },
  };
}

/** Stands for a key until it has its own flight. */
const nobody = Promise.resolve(undefined);

const answerOf = <Value>(entry: Entry | undefined): Value | undefined =>
  entry === undefined || entry.value === null ? undefined : (entry.value as Value);
