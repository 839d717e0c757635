import { addAbortListener } from "node:events";
import { CommandRefused, explain } from "./refusals.ts";

/**
 * Aborts at Ctrl-C or when a service manager ends us, so that what was begun is cleaned up instead of left behind. The
 * second signal changes nothing.
 */
export function interrupted(): AbortSignal {
  const abort = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => abort.abort(new Error("interrupted")));
  }
  return abort.signal;
}

/** For a command that starts instances of its own and sends visitors to them: ends when it has cleaned up. */
export async function cleaningUp(work: (stopped: AbortSignal) => Promise<void>): Promise<void> {
  const stopped = interrupted();
  try {
    await work(stopped);
  } catch (error) {
    if (!stopped.aborted) throw error;
    explain(new CommandRefused("interrupted", "Interrupted; what was begun is ended."));
    // Visitors who are still under way would keep this process for as long as they are patient.
    process.exit();
  }
}

/** What the work answers; throws as soon as somebody interrupts, so that what the work stands on can be ended. */
export async function unlessInterrupted<T>(stopped: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  using _ = addAbortListener(stopped, () => reject(stopped.reason));
  return await Promise.race([work, promise]);
}
