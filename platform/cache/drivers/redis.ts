import { createClient } from "@redis/client";
import { randomToken } from "#kernel/id";
import type { Cache } from "../api.ts";
import { stampLength } from "../entry.ts";
import { plainKey, type RemoteSettings, remoteCache, type Wire } from "../remote.ts";

export interface RedisPlace {
  readonly host: string;
  readonly port: number;
  readonly password?: string | undefined;
  /** The certificate of the authority that signed the server's; without it the connection is not encrypted. */
  readonly tls?: { readonly ca: string } | undefined;
  /** Keeps several shops on one server apart. */
  readonly prefix?: string | undefined;
}

/** ARGV: for each key the stamp that must stand there, the text, and its milliseconds. */
const put = `
  for i = 1, #KEYS do
    if redis.call('GETRANGE', KEYS[i], 0, ${stampLength - 1}) == ARGV[i * 3 - 2] then
      redis.pcall('SET', KEYS[i], ARGV[i * 3 - 1], 'PX', ARGV[i * 3])
    end
  end`;
/** ARGV: the text, its milliseconds, the channel, what to tell there. A full server takes no text: then nothing stands. */
const drop = `
  for i = 1, #KEYS do
    local done = redis.pcall('SET', KEYS[i], ARGV[1], 'PX', ARGV[2])
    if done.err then redis.call('DEL', KEYS[i]) end
  end
  redis.pcall('PUBLISH', ARGV[3], ARGV[4])`;

/** Redis 6.2 or newer, or one that speaks as it does. What one process drops, the others hear at once. */
export function openRedis(place: RedisPlace, settings: RemoteSettings): Cache {
  return remoteCache(redisWire(place), settings);
}

const open = (place: RedisPlace) => {
  const { host, port, tls } = place;
  const common = { host, port, connectTimeout: 1_000, reconnectStrategy: reconnectMs };
  const client = createClient({
    ...(place.password ? { password: place.password } : {}),
    socket: tls ? { ...common, tls: true as const, ca: tls.ca } : common,
    // What is asked while there is no connection is answered from elsewhere, not kept for later.
    disableOfflineQueue: true,
    commandsQueueMaxLength: 20_000,
    disableClientInfo: true,
  });
  // An error event that nobody hears ends the process; what was asked fails by itself, and the circuit counts that.
  client.on("error", () => undefined);
  client.connect().catch(() => undefined);
  return client;
};

/** Twice a second, not in step with others. */
const reconnectMs = (retries: number): number => 300 + ((retries * 137) % 400);

function redisWire(place: RedisPlace): Wire {
  const prefix = place.prefix ?? "";
  const channel = `${prefix}dropped`;
  const self = randomToken();
  let client = open(place);
  const hearers: ((keys: readonly string[]) => void)[] = [];
  let listener: ReturnType<typeof open> | undefined;

  const hear = (message: string) => {
    const [from, ...keys] = JSON.parse(message) as string[];
    if (from !== self) for (const heard of hearers) heard(keys);
  };
  function listenOn(on: ReturnType<typeof open>): typeof on {
    // The client subscribes again by itself after a break; the first time it must be connected.
    on.once("ready", () => on.subscribe(channel, hear).catch(() => undefined));
    return on;
  }

  const named = (keys: readonly string[]) => keys.map((key) => plainKey(prefix, key));
  return {
    getMany: async (keys) => {
      const texts = await client.mGet(named(keys));
      return texts.map((text) => (text === null ? undefined : { text, lease: text.slice(0, stampLength) }));
    },
    putMany: async (puts) => {
      await client.eval(put, {
        keys: named(puts.map(({ key }) => key)),
        arguments: puts.flatMap(({ lease, text, ttlMs }) => [lease, text, String(ttlMs)]),
      });
    },
    dropMany: async (keys, text, ttlMs) => {
      const told = JSON.stringify([self, ...keys]);
      await client.eval(drop, { keys: named(keys), arguments: [text, String(ttlMs), channel, told] });
    },
    listen: (heard) => {
      hearers.push(heard);
      listener ??= listenOn(open(place));
    },
    gaveUp: () => {
      client.destroy();
      client = open(place);
    },
    close: async () => {
      client.destroy();
      listener?.destroy();
    },
  };
}
