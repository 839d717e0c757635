import { randomToken } from "#kernel/id";
import { type CircuitSettings, defaultCircuit, openCircuit } from "../circuit.ts";
import type { Counts } from "../counts.ts";
import { plainKey } from "../remote.ts";
import { connectRedis, type RedisPlace } from "./redis-client.ts";

/**
 * Each key is a hash with a field for each process. ARGV: the process, then for each key its count and its
 * milliseconds. Answers the sums; -1 where a server that is full takes nothing.
 */
const tell = `
  local sums = {}
  for i = 1, #KEYS do
    local done = redis.pcall('HSET', KEYS[i], ARGV[1], ARGV[i * 2])
    if type(done) == 'table' and done.err then
      sums[i] = -1
    else
      redis.call('PEXPIRE', KEYS[i], ARGV[i * 2 + 1])
      local sum = 0
      for _, count in ipairs(redis.call('HVALS', KEYS[i])) do sum = sum + count end
      sums[i] = sum
    end
  end
  return sums`;

/** So many keys take Redis about 1 ms, in which nobody else is answered. */
const keysAtOnce = 250;

/** In Redis, one round trip for 250 keys, behind a circuit of its own. `counted` hears of what went wrong. */
export function openRedisCounts(
  place: RedisPlace,
  with_: { counted(what: "error" | "passed_by"): void; circuit?: Partial<CircuitSettings> },
): Counts {
  const self = randomToken().slice(0, 12);
  const circuit = openCircuit({ ...defaultCircuit, ...with_.circuit }, with_.counted);
  let client = connectRedis(place);
  let closed = false;

  async function tellSome(own: Parameters<Counts["tell"]>[0]): Promise<readonly (number | undefined)[]> {
    const keys = own.map(({ key }) => plainKey(`${place.prefix ?? ""}count:`, key));
    const counts = own.flatMap(({ count, ttlMs }) => [String(count), String(ttlMs)]);
    const wasOpen = circuit.isOpen;
    const sums = await circuit.run(() => client.eval(tell, { keys, arguments: [self, ...counts] }));
    if (!closed && !wasOpen && circuit.isOpen) {
      // What hangs on the connection will not come.
      client.destroy();
      client = connectRedis(place);
    }
    return own.map((_, i) => {
      const sum = Array.isArray(sums) ? Number(sums[i]) : -1;
      return sum < 0 ? undefined : sum;
    });
  }

  return {
    tell: async (own) => {
      const sums: (number | undefined)[] = [];
      for (let from = 0; from < own.length; from += keysAtOnce) {
        sums.push(...(await tellSome(own.slice(from, from + keysAtOnce))));
      }
      return sums;
    },
    close: async () => {
      closed = true;
      client.destroy();
    },
  };
}
