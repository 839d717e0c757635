import { setTimeout as pause } from "node:timers/promises";
import { expectDone, isRefusal, type Refusal } from "#kernel/refusal";

const patienceMs = 30_000;

/**
 * The answer of somebody who comes back when told that the shop is busy, or when a connection was closed under the
 * question, as those through a proxy are that has just been killed; any other refusal is a mistake of ours. For
 * questions that may be asked twice.
 */
export async function patiently<T>(ask: () => Promise<T>): Promise<Exclude<T, Refusal>> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    try {
      const outcome = await ask();
      const busy = isRefusal(outcome) && (outcome as Refusal).refusal === "request.overloaded";
      if (!busy || performance.now() > deadline) return expectDone(outcome);
    } catch (error) {
      if (!isCutOff(error) || performance.now() > deadline) throw error;
    }
    await pause(100);
  }
}

const isCutOff = (error: unknown): boolean =>
  ["UND_ERR_SOCKET", "ECONNRESET", "ECONNREFUSED"].includes((error as NodeJS.ErrnoException).code ?? "");
