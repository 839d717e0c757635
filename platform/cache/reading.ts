import type { Clock } from "#kernel/clock";
import { type Context, newContext } from "#kernel/context";
import { bucketCount, randomBucket, randomToken } from "#kernel/id";
import {
  type Cache,
  type CacheEvent,
  type Counted,
  dropsRememberedMs,
  type Entry,
  type Fill,
  type Found,
  lastPart,
} from "./api.ts";
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
  /** How long it may be kept; each for a time of its own up to this: read together, they do not expire together. */
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

/** A load is nobody's: it may take so long, whoever waits. Drops are remembered for longer. */
const loadMs = 5_000;
const noPositions: Positions = { before: async () => undefined, reaches: () => false };

/** The reading side: one load per key and process, answers that there is nothing, early refreshes, batches. */
export const openReading = (settings: ReadingSettings): Reading => ({
  source: (kind) => new CachedSource(settings, kind),
});

interface Wanted<Asked> {
  readonly key: string;
  readonly asked: Asked;
  readonly found: Found;
}

class CachedSource<Asked, Value> implements Source<Asked, Value> {
  readonly #kind: Kind<Asked, Value>;
  readonly #cache: Cache;
  readonly #clock: Clock;
  readonly #positions: Positions;
  readonly #counted: (what: CacheEvent, howMany?: number) => void;
  readonly #loadOne: (wanted: Wanted<Asked>) => Promise<Entry>;
  /** Looks and loads under way. Each can be joined until its key is dropped. */
  readonly #flights = new Map<string, Promise<Entry>>();
  readonly #refreshing = new Set<string>();

  constructor(settings: ReadingSettings, kind: Kind<Asked, Value>) {
    if (kind.ttlMs > longestTtlMs) throw new Error(`${kind.name} is kept for longer than drops are owed`);
    this.#kind = kind;
    this.#cache = kind.shared ? settings.shared : settings.own;
    this.#clock = settings.clock;
    this.#positions = settings.positions ?? noPositions;
    this.#counted = (what, howMany = 1) => settings.counted(kind.name, what, howMany);
    this.#loadOne = openLoads({ atOnce: kind.loadsAtOnce, batch: kind.batch }, (wanted) =>
      this.#load(wanted),
    );
    this.#cache.onDropped((keys) => {
      for (const key of keys) this.#flights.delete(key);
    });
  }

  async one(context: Context, asked: Asked): Promise<Value | undefined> {
    const key = this.#keyOf(asked);
    const there = this.#atOnce(context, key, asked);
    if (there) return answerOf(there);
    const flight = this.#flights.get(key);
    if (flight !== undefined) return answerOf(await this.#joined(context, asked, flight));
    const [own] = this.#fly(context, [{ key, asked }]);
    return answerOf(await own);
  }

  async many(context: Context, asked: readonly Asked[]): Promise<(Value | undefined)[]> {
    const answers = new Map<string, Entry | Promise<Entry | undefined>>();
    const missing: { key: string; asked: Asked }[] = [];
    for (const each of asked) {
      const key = this.#keyOf(each);
      if (answers.has(key)) continue;
      const flight = this.#flights.get(key);
      const there = this.#atOnce(context, key, each) ?? (flight && this.#joined(context, each, flight));
      if (!there) missing.push({ key, asked: each });
      answers.set(key, there ?? nobody);
    }
    const own = missing.length > 0 ? this.#fly(context, missing) : [];
    for (const [i, flight] of own.entries()) answers.set(missing[i]?.key ?? "", flight);
    const entries = await Promise.all(asked.map((each) => answers.get(this.#keyOf(each))));
    return entries.map(answerOf<Value>);
  }

  async drop(asked: readonly Asked[], context?: Context): Promise<void> {
    const keys = asked.map((each) => this.#keyOf(each));
    for (const key of keys) this.#flights.delete(key);
    this.#counted("drop", keys.length);
    await this.#cache.drop(keys, context?.readToken.get(this.#kind.domain));
  }

  #keyOf(asked: Asked): string {
    return `${this.#kind.name}:${this.#kind.key(asked)}`;
  }

  /** What can be answered at once. */
  #atOnce(context: Context, key: string, asked: Asked): Entry | undefined {
    const peeked = this.#cache.peek?.(key);
    if (!peeked || !this.#satisfies(context, peeked.entry)) return undefined;
    this.#counted(peeked.entry.value === null ? "hit_negative" : "hit_near");
    if (peeked.due) this.#lookAgain(context, key, asked);
    return peeked.entry;
  }

  /** Another's flight may have begun before what this caller has seen: then the caller's own read decides. */
  async #joined(context: Context, asked: Asked, flight: Promise<Entry>): Promise<Entry | undefined> {
    const entry = await flight;
    if (this.#satisfies(context, entry)) return entry;
    this.#counted("passed_by");
    const [own] = this.#fly(context, [{ key: this.#keyOf(asked), asked }]);
    return own;
  }

  /** Looks for all at once and loads what is missing. */
  #fly(context: Context, wanted: readonly { key: string; asked: Asked }[]): Promise<Entry>[] {
    const looked = this.#cache.getMany(wanted.map(({ key }) => key));
    return wanted.map(({ key, asked }, i) => {
      const flight = looked.then((all) => {
        const found = this.#freshOf(context, all[i]);
        if (!found.entry) {
          this.#counted("miss");
          return this.#loadOne({ key, asked, found });
        }
        this.#counted(found.entry.value === null ? "hit_negative" : "hit_far");
        if (this.#isInLastPart(found.entry)) this.#refresh({ key, asked, found });
        return found.entry;
      });
      this.#flights.set(key, flight);
      const over = () => {
        if (this.#flights.get(key) === flight) this.#flights.delete(key);
      };
      flight.then(over, over);
      return flight;
    });
  }

  async #load(wanted: readonly Wanted<Asked>[]): Promise<Entry[]> {
    const at = this.#clock.now();
    const context = this.#ownContext(at, wanted);
    this.#counted("load");
    try {
      const position = this.#seeing(context, await this.#positions.before(this.#kind.domain));
      const asked = wanted.map((each) => each.asked);
      const values = await this.#kind.load(context, asked);
      const entries = values.map((value) => this.#entryOf(value, at, position));
      if (this.#clock.now() - at < dropsRememberedMs - loadMs) {
        void this.#cache.setMany(wanted.flatMap((each, i) => fillOf(each, entries[i])));
      }
      return entries;
    } catch (error) {
      this.#counted("load_error");
      throw error;
    }
  }

  /** Asks for nobody, and for data no older than what the cache was told to forget. */
  #ownContext(nowMs: number, wanted: readonly Wanted<Asked>[]): Context {
    const { domain } = this.#kind;
    const context = newContext({
      caller: { kind: "domain", domain: "cache" },
      deadline: nowMs + loadMs,
      trace: randomToken(),
    });
    for (const { found } of wanted) {
      const { since } = found;
      const token = context.readToken.get(domain);
      if (since !== undefined && (token === undefined || !this.#positions.reaches(token, since))) {
        context.readToken.set(domain, since);
      }
    }
    return context;
  }

  /** The position to keep an answer under: the read is told to be that far, whichever server it goes to. */
  #seeing(context: Context, before: string | undefined): string | undefined {
    const { domain } = this.#kind;
    const needed = context.readToken.get(domain);
    if (before === undefined || (needed !== undefined && this.#positions.reaches(needed, before))) {
      return before && needed;
    }
    if (needed === undefined || this.#positions.reaches(before, needed))
      context.readToken.set(domain, before);
    return before;
  }

  #entryOf(value: Value | undefined, at: number, position: string | undefined): Entry {
    const { absentMs, ttlMs, isKept } = this.#kind;
    if (value === undefined) return { value: null, position, at, until: at + absentMs };
    if (isKept && !isKept(value)) return { value, position, at, until: at };
    // Between 75 and 100 in a hundred of the time it may be kept.
    const share = 0.75 + (0.25 * randomBucket()) / bucketCount;
    return { value, position, at, until: at + Math.round(ttlMs * share) };
  }

  /** What is there, unless the caller has seen more: then it must be read anew, no older than that. */
  #freshOf(context: Context, found: Found | undefined): Found {
    if (!found) return { entry: undefined, lease: undefined };
    const needed = context.readToken.get(this.#kind.domain);
    if (needed === undefined || (found.entry && this.#satisfies(context, found.entry))) return found;
    const { since } = found;
    const later = since !== undefined && this.#positions.reaches(since, needed) ? since : needed;
    return { entry: undefined, lease: found.lease, since: later };
  }

  #satisfies(context: Context, { position }: Entry): boolean {
    const needed = context.readToken.get(this.#kind.domain);
    return needed === undefined || (position !== undefined && this.#positions.reaches(position, needed));
  }

  #isInLastPart({ at, until }: Entry): boolean {
    return this.#kind.shared && until - this.#clock.now() < (until - at) * lastPart;
  }

  /** Looks again before what is there may no longer be served. */
  #lookAgain(context: Context, key: string, asked: Asked): void {
    if (this.#flights.has(key)) return;
    if (this.#kind.shared) {
      for (const flight of this.#fly(context, [{ key, asked }])) flight.catch(() => undefined);
    } else {
      void this.#cache.getMany([key]).then(([found]) => found && this.#refresh({ key, asked, found }));
    }
  }

  #refresh(wanted: Wanted<Asked>): void {
    if (this.#refreshing.has(wanted.key)) return;
    this.#refreshing.add(wanted.key);
    this.#counted("refresh");
    const over = () => this.#refreshing.delete(wanted.key);
    this.#loadOne(wanted).then(over, over);
  }
}

const fillOf = ({ key, found }: Wanted<unknown>, entry: Entry | undefined): Fill[] =>
  entry && entry.until > entry.at ? [{ key, entry, lease: found.lease }] : [];

/** Stands for a key until it has its own flight. */
const nobody = Promise.resolve(undefined);

const answerOf = <Value>(entry: Entry | undefined): Value | undefined =>
  entry === undefined || entry.value === null ? undefined : (entry.value as Value);
