import type { Clock } from "#kernel/clock";
import type { Cache } from "../api.ts";
import { stampLength } from "../entry.ts";
import { plainKey, type RemoteSettings, remoteCache, type Wire } from "../remote.ts";
import { connectRedis, type RedisPlace } from "./redis-client.ts";
import { openLine } from "./redis-line.ts";

/** ARGV: for each key the stamp that must stand there, the text, and its milliseconds. */
const put = `
  for i = 1, #KEYS do
    if redis.call('GETRANGE', KEYS[i], 0, ${stampLength - 1}) == ARGV[i * 3 - 2] then
      redis.pcall('SET', KEYS[i], ARGV[i * 3 - 1], 'PX', ARGV[i * 3])
    end
  end`;
/** ARGV: the text, its milliseconds, the channel, what to tell there. A full server takes no text: nothing stands. */
const drop = `
  for i = 1, #KEYS do
    local done = redis.pcall('SET', KEYS[i], ARGV[1], 'PX', ARGV[2])
    if done.err then redis.call('DEL', KEYS[i]) end
  end
  redis.pcall('PUBLISH', ARGV[3], ARGV[4])`;

/** Redis 6.2 or newer, or one that speaks as it does. What one process drops, the others hear at once. */
export function openRedis(place: RedisPlace, settings: RemoteSettings): Cache {
  return remoteCache(redisWire(place, settings.clock), settings);
}

function redisWire(place: RedisPlace, clock: Clock): Wire {
  const prefix = place.prefix ?? "";
  const channel = `${prefix}dropped`;
  const hearers: ((keys: readonly string[]) => void)[] = [];
  let client = connectRedis(place);
  const line = openLine({
    listener: connectRedis(place),
    commands: () => client,
    channel,
    clock,
    heard: (keys) => {
      for (const heard of hearers) heard(keys);
    },
  });
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
      const told = JSON.stringify([line.self, ...keys]);
      await client.eval(drop, { keys: named(keys), arguments: [text, String(ttlMs), channel, told] });
    },
    listen: (heard) => void hearers.push(heard),
    line: line.line,
    gaveUp: () => {
      client.destroy();
      client = connectRedis(place);
    },
    close: async () => {
      client.destroy();
      line.close();
    },
  };
}
