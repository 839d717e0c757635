import { openRedisCounts } from "#platform/cache/drivers/redis-counts";
import { type Limiter, openLimiter } from "#platform/http/limiter";
import { ofKind } from "#topology/model";
import type { ServerSettings } from "./settings.ts";

export const limitWindowMs = 60_000;

/**
 * Counts what clients ask, together with the other processes of the shop where there are any and Redis is; elsewhere
 * each admits its share. Memcached is not used for it: what it pushes out first are small values.
 */
export function openLimits(
  { cache, clock, place }: Pick<ServerSettings, "cache" | "clock" | "place">,
  counted: (what: "error" | "passed_by") => void,
): Limiter {
  const processes = processesBeside(place);
  const isShared = processes > 1 && cache?.redis !== undefined;
  return openLimiter({
    clock,
    windowMs: limitWindowMs,
    processes,
    ...(isShared ? { counts: openRedisCounts(cache.redis, { counted }) } : {}),
  });
}

/** How many processes, this one among them, are open to the same clients. */
function processesBeside({ topology, process }: ServerSettings["place"]): number {
  const applications = ofKind(topology, "application");
  const own = applications.find(({ name }) => name === process);
  const beside = applications.filter(({ opens }) => own?.opens.some((each) => opens.includes(each)));
  return Math.max(1, beside.length);
}
