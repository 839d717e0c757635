import { setTimeout as pause } from "node:timers/promises";
import type { Api } from "./api.ts";

/** Longer than a queue of events that a short run can leave. */
const withinMs = 60_000;

/**
 * Ends when no event waits in any box: work that a request only begins belongs to the CPU of that request.
 * Answers how long it took, in milliseconds; where /metrics is not to be seen, at once.
 */
export async function untilQuiet(api: Api): Promise<number> {
  const startedAt = performance.now();
  while (performance.now() - startedAt < withinMs) {
    const text = await api.text({ path: "/metrics" }).catch(() => "");
    const waiting = [...text.matchAll(/^storey_events_waiting\{[^}]*\} (\d+)/gm)];
    if (waiting.every(([, count]) => Number(count) === 0)) return performance.now() - startedAt;
    await pause(100);
  }
  return performance.now() - startedAt;
}
