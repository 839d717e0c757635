import { createHash } from "node:crypto";
import type { Clock } from "#kernel/clock";
import { randomToken } from "#kernel/id";
import { type Cache, type Counted, dropsRememberedMs, type Fill, type Found, type Line } from "./api.ts";
import { type CircuitSettings, defaultCircuit, openCircuit } from "./circuit.ts";
import { decode, encode, encodeDrop, stampLength } from "./entry.ts";

/** What a server of a cache must be able to do; each is one round trip, and rejects when it cannot be done. */
export interface Wire {
  getMany(keys: readonly string[]): Promise<readonly (Standing | undefined)[]>;
  /** Puts each where what stands is what `lease` says; an empty lease: where nothing stands. */
  putMany(puts: readonly { key: string; text: string; lease: string; ttlMs: number }[]): Promise<void>;
  /** Puts `text` over whatever stands, and tells those who listen; at least takes away what stands. */
  dropMany(keys: readonly string[], text: string, ttlMs: number): Promise<void>;
  listen(heard: (keys: readonly string[]) => void): void;
  line(): Line | undefined;
  /** The circuit has opened: what hangs on the connection will not come. */
  gaveUp(): void;
  close(): Promise<void>;
}

interface Standing {
  readonly text: string;
  readonly lease: string;
}

export interface RemoteSettings {
  /** Under which its events are counted. */
  readonly name: string;
  readonly clock: Clock;
  readonly counted: Counted;
  readonly circuit?: Partial<CircuitSettings>;
}

/** How often it is tried to tell a server what it has missed. */
const retryMs = 250;
/** What was dropped longer ago has expired by itself: no entry is kept for longer (reading.ts). */
export const longestTtlMs = 300_000;
const owedAtMost = 50_000;

const newStamp = (): string => randomToken().slice(0, stampLength);
const away: Found = { entry: undefined, lease: undefined };

/** A cache on a server: behind a circuit, and never read while it has not heard what was dropped. */
export function remoteCache(wire: Wire, settings: RemoteSettings): Cache {
  const { clock, counted } = settings;
  const circuit = openCircuit({ ...defaultCircuit, ...settings.circuit }, (what) =>
    counted(settings.name, what, 1),
  );
  const owed = new Map<string, { position: string | undefined; at: number }>();
  const paying = setInterval(() => void pay(), retryMs);
  paying.unref();
  let closed = false;

  async function run<T>(work: () => Promise<T>): Promise<T | undefined> {
    const wasOpen = circuit.isOpen;
    const answer = await circuit.run(work);
    // What was under way when it was closed fails too, and must not open it again.
    if (!closed && !wasOpen && circuit.isOpen) wire.gaveUp();
    return answer;
  }

  async function tell(keys: readonly string[], position: string | undefined): Promise<boolean> {
    const done = await run(async () => {
      await wire.dropMany(keys, encodeDrop(newStamp(), position), dropsRememberedMs);
      return true;
    });
    return done === true;
  }

  async function pay(): Promise<void> {
    const now = clock.now();
    for (const [key, { at }] of owed) if (now - at > longestTtlMs) owed.delete(key);
    while (owed.size > 0) {
      const [{ position } = { position: undefined }] = owed.values();
      const some = [...owed].filter(([, each]) => each.position === position).slice(0, 500);
      const keys = some.map(([key]) => key);
      if (!(await tell(keys, position))) return;
      for (const [key, each] of some) if (owed.get(key) === each) owed.delete(key);
    }
  }

  function foundOf(standing: Standing | undefined): Found {
    if (!standing) return { entry: undefined, lease: "" };
    const { lease } = standing;
    const read = decode(standing.text);
    if ("droppedSince" in read) return { entry: undefined, lease, since: read.droppedSince };
    if ("unreadable" in read) return { entry: undefined, lease };
    const { entry } = read;
    return { entry: entry.until > clock.now() ? entry : undefined, lease, since: entry.position };
  }

  return {
    getMany: async (keys) => {
      if (keys.length === 0) return [];
      const standing = owed.size === 0 ? await run(() => wire.getMany(keys)) : undefined;
      return standing ? standing.map(foundOf) : keys.map(() => away);
    },
    setMany: async (fills) => {
      const puts = owed.size === 0 ? fills.flatMap((fill) => putOf(fill, clock)) : [];
      if (puts.length > 0) await run(() => wire.putMany(puts));
    },
    drop: async (keys, position) => {
      if (keys.length === 0 || (await tell(keys, position))) return;
      const at = clock.now();
      for (const key of keys) owed.set(key, { position, at });
      for (const key of owed.keys()) if (owed.size > owedAtMost) owed.delete(key);
    },
    onDropped: (heard) => wire.listen(heard),
    line: () => wire.line(),
    state: () => ({ away: circuit.isOpen || owed.size > 0, entries: 0, bytes: 0, owed: owed.size }),
    close: async () => {
      closed = true;
      clearInterval(paying);
      await wire.close();
    },
  };
}

function putOf({ key, entry, lease }: Fill, clock: Clock) {
  const ttlMs = entry.until - clock.now();
  const text = lease === undefined || ttlMs <= 0 ? undefined : encode(newStamp(), entry);
  return text === undefined || lease === undefined ? [] : [{ key, text, lease, ttlMs: Math.ceil(ttlMs) }];
}

/** Keys as every server takes them: 250 bytes at most without spaces; others by their hash. */
export const plainKey = (prefix: string, key: string): string =>
  /^[!-~]{1,200}$/.test(key)
    ? `${prefix}${key}`
    : `${prefix}#${createHash("sha256").update(key).digest("base64url")}`;
