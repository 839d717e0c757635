import type { Context } from "#kernel/context";
import { refuse } from "#kernel/refusal";
import { lowerCase } from "./account.ts";
import type { AccountDoor } from "./api.ts";
import type { AccountDeps } from "./deps.ts";
import { locked } from "./sign-in.ts";

/**
 * Changes the password of whoever knows the old one, and ends the account's other sessions. Guesses are counted and
 * locked as at a sign-in: a stolen session must not be a way to find the password out.
 */
export async function changePassword(
  d: AccountDeps,
  c: Context,
  { current, password }: Parameters<AccountDoor["changePassword"]>[1],
) {
  if (c.caller.kind !== "account") throw new Error("this operation's door admits accounts only");
  const { account, session: kept } = c.caller;
  const email = (await d.store.get(c, account))?.email;
  const known = email === undefined ? undefined : await d.store.credentials(c, account, email);
  if (email === undefined || !known) return refuse("account.not_found", "There is no such account.");
  const from = known.passwordHash;
  const start = d.clock.now();
  const { lockedUntil } = await d.store.lookUp(c, email, start);
  if (lockedUntil) return locked(lockedUntil - start);
  const right = await d.passwords.matches(from, current, c.deadline);
  const now = d.clock.now();
  const until = right ? await d.store.forgive(c, email, now) : await d.store.countWrong(c, email, now);
  if (until) return locked(until - now);
  if (!right) return wrong();
  const to = await d.passwords.hash(password, c.deadline);
  const changed = await d.sessions.changing(account, () =>
    d.store.setPassword(c, account, { from, to, kept }),
  );
  return changed ? null : wrong();
}

const wrong = () => refuse("account.wrong_password", "Check the password you have now, then try again.");

/** Gives an account a new password in an operator's name; every session of it ends, and its lock opens. */
export async function resetPassword(
  d: AccountDeps,
  c: Context,
  input: Parameters<AccountDoor["resetPassword"]>[1],
) {
  const email = lowerCase(input.email);
  const nobody = refuse("account.not_found", `No account has the address ${email}.`);
  const owner = await d.store.ownerOf(c, email);
  if (!owner?.finished) return nobody;
  const { account } = owner;
  const to = await d.passwords.hash(input.password, c.deadline);
  const isReset = await d.sessions.changing(account, () => d.store.setPassword(c, account, { to }));
  if (!isReset) return nobody;
  await d.store.pardon(c, email);
  return (await d.store.get(c, account)) ?? nobody;
}
