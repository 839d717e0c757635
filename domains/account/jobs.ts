import type { Job } from "#kernel/module";
import type { AccountDeps } from "./deps.ts";

/** For how long an idempotency key is remembered: no client repeats a request a month later. */
const keysMs = 30 * 24 * 3_600_000;

/** Removes what time has ended: sessions, lock-outs, idempotency keys, what is remembered of removed addresses. */
export const sweepExpired = (d: AccountDeps): Job => ({
  name: "account.sweep_expired",
  everyMs: 60_000,
  run: async () => {
    const now = d.clock.now();
    await d.store.sweep(now, now - keysMs);
  },
});
