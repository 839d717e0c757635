import { isoTime } from "#kernel/clock";
import type { Context } from "#kernel/context";
import { bucketOf, type Id, newId, timeOf } from "#kernel/id";
import { refuse } from "#kernel/refusal";
import { lowerCase, sessionMs } from "./account.ts";
import type { AccountDoor } from "./api.ts";
import type { AccountDeps } from "./deps.ts";
import { decoyHash } from "./password.ts";
import { newToken, readToken } from "./token.ts";

/** Asked for in place of an account that does not exist. */
const nobody = "0000000000000" as Id<"account">;

/**
 * Begins a session. An address that nobody has costs the same statements and the same hash as a wrong
 * password, is counted and locked the same, and is answered the same.
 */
export async function signIn(d: AccountDeps, c: Context, input: Parameters<AccountDoor["signIn"]>[1]) {
  const email = lowerCase(input.email);
  const start = d.clock.now();
  const { owner, lockedUntil } = await d.store.lookUp(c, email, start);
  if (lockedUntil) return locked(lockedUntil - start);
  const found = await d.store.credentials(c, owner?.account ?? nobody, email);
  const right = await d.passwords.matches(found?.passwordHash ?? decoyHash, input.password, c.deadline);
  // Decided after the check, whatever the first look said: of a hundred guesses sent at once, ten are
  // answered.
  const now = d.clock.now();
  const until = right ? await d.store.forgive(c, email, now) : await d.store.countWrong(c, email, now);
  if (until) return locked(until - now);
  if (!right || !owner || !found) return wrong();
  // A registration that stopped before its last step is finished by whoever knows its password.
  if (!owner.finished && !(await d.store.finish(c, email, owner.account))) return wrong();
  const expires = now + sessionMs;
  return {
    token: await begin(d, c, found.account.id, now, expires),
    account: found.account,
    expiresAt: isoTime(expires),
  };
}

async function begin(d: AccountDeps, c: Context, account: Id<"account">, now: number, expires: number) {
  for (;;) {
    const token = newToken(newId(bucketOf(account), now));
    if (await d.store.addSession(c, account, token, expires)) return token.text;
  }
}

const wrong = () =>
  refuse("account.bad_credentials", "Check the e-mail address and the password, then try again.");

/** Says when the lock opens. */
export function locked(waitMs: number) {
  const minutes = Math.ceil(waitMs / 60_000);
  return refuse(
    "account.locked",
    `Too many wrong passwords. Wait ${minutes === 1 ? "a minute" : `${minutes} minutes`}, then try again.`,
    { retryAfterSeconds: Math.ceil(waitMs / 1_000) },
  );
}

/** Ends the session that asks, at once; again is no harm. */
export async function signOut(d: AccountDeps, c: Context): Promise<null> {
  if (c.caller.kind !== "account") throw new Error("this operation's door admits accounts only");
  const { session } = c.caller;
  await d.sessions.ending(session, () => d.store.dropSession(c, session));
  return null;
}

/** By how much the clocks of the machines that make tokens may differ. */
const skewMs = 10 * 60_000;

/**
 * Whose token this is; null when it is nobody's, or no longer. One point read at most once a second; none for what
 * cannot be a token, by its form or by the time it carries.
 */
export async function resolve(d: AccountDeps, c: Context, text: string) {
  const token = readToken(text);
  if (!token) return null;
  const now = d.clock.now();
  const ageMs = now - timeOf(token.session);
  if (ageMs >= sessionMs || ageMs < -skewMs) return null;
  return (await d.sessions.resolve(token, () => d.store.resolve(c, token, now))) ?? null;
}
