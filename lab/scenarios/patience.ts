import { setTimeout as pause } from "node:timers/promises";
import { expectDone, isRefusal, type Refusal } from "#kernel/refusal";

const patienceMs = 30_000;

/** The answer of somebody who comes back when told that the shop is busy; any other refusal is a mistake of ours. */
export async function patiently<T>(ask: () => Promise<T>): Promise<Exclude<T, Refusal>> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const outcome = await ask();
    const busy = isRefusal(outcome) && (outcome as Refusal).refusal === "request.overloaded";
    if (!busy || performance.now() > deadline) return expectDone(outcome);
    await pause(100);
  }
}
