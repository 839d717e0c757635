import type { Clock } from "#kernel/clock";
import type { Passwords } from "./password.ts";
import type { Sessions } from "./sessions.ts";
import type { AccountStore } from "./store.ts";

/** What account stands on. */
export interface AccountDeps {
  readonly store: AccountStore;
  readonly clock: Clock;
  readonly passwords: Passwords;
  readonly sessions: Sessions;
}
