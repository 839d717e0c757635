import type { Clock } from "#kernel/clock";
import type { Passwords } from "./password.ts";
import type { PasswordStore } from "./password-store.ts";
import type { Sessions } from "./sessions.ts";
import type { AccountStore } from "./store.ts";

/** What account stands on. */
export interface AccountDeps {
  readonly store: AccountStore & PasswordStore;
  readonly clock: Clock;
  readonly passwords: Passwords;
  readonly sessions: Sessions;
}
