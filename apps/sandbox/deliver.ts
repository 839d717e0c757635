import { request } from "undici";
import type { Clock } from "#kernel/clock";
import type { Signer } from "./sign.ts";
import type { Callback, SandboxStore } from "./store.ts";

const timeoutMs = 3_000;
const batch = 16;
/** How often rows are looked for that another process wrote, or a clock that was put back hid. */
const lookEveryMs = 5_000;
const giveUpMs = 3 * 24 * 3_600_000;

/** Tells the shop what is due, again and again until it answers 2xx. */
export interface Delivery {
  /** Something is due sooner than was known. */
  poke(): void;
  /** Finishes what it has in hand; what is left is delivered by the next one. */
  stop(): Promise<void>;
}

/** Begins to deliver. What must be remembered is in the database, so it may be killed at any moment. */
export function deliver(with_: {
  store: SandboxStore;
  clock: Clock;
  signer: Signer;
  callbackUrl: string;
  log(message: string, error?: unknown): void;
}): Delivery {
  const { store, clock, signer, callbackUrl, log } = with_;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let again = false;
  let stopped = false;

  async function turn(): Promise<void> {
    const due = await store.claim(clock.now(), batch);
    await Promise.all(due.map(post));
  }

  async function post({ id, body, tries, madeAt }: Callback): Promise<void> {
    try {
      const answer = await request(callbackUrl, {
        method: "POST",
        headers: { "content-type": "application/json", "sandbox-signature": signer.sign(body) },
        body,
        signal: AbortSignal.timeout(timeoutMs),
      });
      await answer.body.dump();
      if (answer.statusCode >= 200 && answer.statusCode < 300) {
        await store.drop(id);
        return;
      }
      log(`${callbackUrl} answered ${answer.statusCode} to a callback (try ${tries}); it is told again`);
    } catch (error) {
      log(`a callback did not reach ${callbackUrl} (try ${tries}); it is told again`, error);
    }
    if (clock.now() - madeAt > giveUpMs) await store.drop(id);
  }

  async function run(): Promise<void> {
    let waitMs = lookEveryMs;
    try {
      do {
        again = false;
        await turn();
      } while (again && !stopped);
      const next = await store.nextDue();
      if (next !== undefined) waitMs = Math.min(Math.max(0, next - clock.now()), lookEveryMs);
    } catch (error) {
      log("callbacks could not be looked up; they are again in five seconds", error);
    }
    if (!stopped) timer = setTimeout(poke, waitMs);
  }

  function poke(): void {
    clearTimeout(timer);
    again = true;
    if (stopped) return;
    running ??= run().finally(() => {
      running = undefined;
      // A poke that came after the last turn began to end, and before this line, would be lost.
      if (again) poke();
    });
  }

  poke();
  return {
    poke,
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
