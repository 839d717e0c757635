import { LRUCache } from "lru-cache";
import type { Clock } from "#kernel/clock";
import { freeze, jsonOf } from "#kernel/door";
import { type Cache, dropsRememberedMs, type Entry, type Found, type Peeked } from "../api.ts";
import { openBrief } from "../brief.ts";

export interface InProcessSettings {
  readonly clock: Clock;
  /** What all entries together may take, roughly; the least recently asked for go first. */
  readonly bytes: number;
}

interface Kept {
  readonly entry: Entry;
  /** When somebody last knew that it was not dropped, in milliseconds since 1970. */
  knownAt: number;
}

/** A cache in this process that also says when what it holds was last known to hold. */
export interface InProcess extends Cache {
  peek(key: string): Peeked | undefined;
  kept(key: string): Readonly<Kept> | undefined;
  /** As `setMany`, of one entry that was known to hold at `knownAt`. */
  keep(key: string, entry: Entry, lease: string | undefined, knownAt: number): void;
  forget(keys: readonly string[], position?: string): void;
}

/** Answers that there is no such thing have a room of their own: made-up ids push out nothing that is asked for. */
const absentAtMost = 5_000;
const dropsAtMost = 20_000;
/** Who is kept for no longer has a room of their own as well, which is swept. */
const briefMs = 1_000;
const briefAtMost = 10_000;
/** What an entry takes beside its text. */
const overheadBytes = 300;

interface Drop {
  readonly order: number;
  readonly position: string | undefined;
}

/**
 * The memory of this process. Drops are numbered: what was read under an older number than that of the key's last
 * drop is not kept, also when the drop itself has been forgotten.
 */
export function openInProcess({ clock, bytes }: InProcessSettings): InProcess {
  const { present, brief, absent, all, roomFor } = openRooms(clock, bytes);
  let order = 0;
  let forgottenUpTo = 0;
  const drops = new LRUCache<string, Drop>({
    max: dropsAtMost,
    ttl: dropsRememberedMs,
    dispose: (drop, _key, reason) => {
      if (reason !== "set") forgottenUpTo = Math.max(forgottenUpTo, drop.order);
    },
  });

  function kept(key: string): Kept | undefined {
    const found = present.get(key) ?? brief.get(key) ?? absent.get(key);
    return found && found.entry.until > clock.now() ? found : undefined;
  }

  function keep(key: string, entry: Entry, lease: string | undefined, knownAt: number): void {
    const under = Number(lease ?? -1);
    if (under < (drops.get(key)?.order ?? forgottenUpTo)) return;
    const there = kept(key);
    if (there && there.entry.at > entry.at) return;
    if (there?.entry.at === entry.at && there.entry.until === entry.until) {
      there.knownAt = Math.max(there.knownAt, knownAt);
      return;
    }
    const room = roomFor(entry);
    for (const other of all) if (other !== room) other.delete(key);
    freeze(entry.value);
    room.set(key, { entry, knownAt });
  }

  function forget(keys: readonly string[], position?: string): void {
    order++;
    for (const key of keys) {
      for (const room of all) room.delete(key);
      drops.set(key, { order, position });
    }
  }

  const lease = () => String(order);
  const found = (key: string): Found => {
    const entry = kept(key)?.entry;
    return { entry, lease: lease(), since: entry?.position ?? drops.get(key)?.position };
  };
  return {
    kept,
    keep,
    forget,
    peek: (key) => {
      const there = kept(key);
      if (!there) return undefined;
      const { entry } = there;
      return { entry, due: clock.now() - entry.at > (entry.until - entry.at) * 0.6 };
    },
    getMany: async (keys) => keys.map(found),
    setMany: async (fills) => {
      for (const fill of fills) keep(fill.key, fill.entry, fill.lease, fill.entry.at);
    },
    drop: async (keys, position) => forget(keys, position),
    onDropped: () => undefined,
    state: () => ({
      away: false,
      entries: present.size + brief.size + absent.size,
      bytes: present.calculatedSize,
      owed: 0,
    }),
    close: async () => {
      for (const room of all) room.clear();
    },
  };
}

/** Where entries are: by how long they are kept, and whether they say that there is nothing. */
function openRooms(clock: Clock, bytes: number) {
  const present = new LRUCache<string, Kept>({
    max: 200_000,
    maxSize: bytes,
    maxEntrySize: Math.max(1, Math.floor(bytes / 8)),
    sizeCalculation: (kept, key) => sizeOf(kept.entry.value) + 2 * key.length + overheadBytes,
  });
  const brief = openBrief<Kept>({
    clock,
    untilOf: ({ entry }) => entry.until,
    sizeOf: () => 1,
    atMost: briefAtMost,
  });
  const absent = new LRUCache<string, Kept>({ max: absentAtMost });
  const roomFor = ({ value, at, until }: Entry) =>
    value === null ? absent : until - at <= briefMs ? brief : present;
  return { present, brief, absent, all: [present, brief, absent], roomFor };
}

/** Two bytes a character of its JSON: within a factor of two of what V8 takes, and never in need of care. */
const sizeOf = (value: unknown): number => 2 * (jsonOf(value) ?? JSON.stringify(value)).length;
