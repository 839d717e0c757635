import { isoTime } from "#kernel/clock";
import type { Context } from "#kernel/context";
import { type Id, newId, randomBucket } from "#kernel/id";
import { Fault, refuse } from "#kernel/refusal";
import { abandonedAfterMs, lowerCase } from "./account.ts";
import type { Account, AccountDoor } from "./api.ts";
import type { AccountDeps } from "./deps.ts";

/** Opens an account. */
export async function register(d: AccountDeps, c: Context, input: Parameters<AccountDoor["register"]>[1]) {
  const made = await create(d, c, { ...input, email: lowerCase(input.email), operator: false });
  return (
    made ??
    refuse("account.email_taken", "Sign in instead. If registering failed just now, try again in a minute.")
  );
}

/** Opens an operator's account, or raises the one that has the address, whose name and password stay. */
export async function appointOperator(
  d: AccountDeps,
  c: Context,
  input: Parameters<AccountDoor["appointOperator"]>[1],
): Promise<Account> {
  const email = lowerCase(input.email);
  const made = await create(d, c, { ...input, email, operator: true });
  if (made) return made;
  const owner = await d.store.ownerOf(c, email);
  const raised = owner?.finished
    ? await d.sessions.changing(owner.account, () => d.store.raise(c, owner.account))
    : undefined;
  if (raised) return raised;
  throw new Fault("account.unfinished", "That address is being registered. Try again in a minute.", {
    safeToRetry: true,
  });
}

interface Newcomer {
  readonly email: string;
  readonly name: string;
  readonly password: string;
  readonly operator: boolean;
}

/**
 * The address is claimed in its own bucket, then the account is added in another, then the claim is finished:
 * three commits. Whoever finishes the claim has the address; undefined means that somebody else does.
 */
async function create(d: AccountDeps, c: Context, who: Newcomer): Promise<Account | undefined> {
  // Known before the costly hash, so that asking for taken addresses is cheap.
  if ((await d.store.ownerOf(c, who.email))?.finished) return undefined;
  const passwordHash = await d.passwords.hash(who.password, c.deadline);
  const now = d.clock.now();
  for (;;) {
    const id = newId<"account">(randomBucket(), now);
    const { email, name, operator } = who;
    const account: Account = { id, email, name, operator, shops: [], createdAt: isoTime(now) };
    if (!(await claim(d, c, email, id, now))) return undefined;
    if (await d.store.add(c, account, passwordHash)) {
      if (await d.store.finish(c, email, id)) return account;
      await d.store.drop(c, id);
      return undefined;
    }
    // The id was another's: once in four million pairs of one millisecond.
    await d.store.disclaim(c, email, id);
  }
}

async function claim(
  d: AccountDeps,
  c: Context,
  email: string,
  id: Id<"account">,
  now: number,
): Promise<boolean> {
  const found = await d.store.claim(c, email, id, now);
  if (found === "claimed") return true;
  if (!found || found.finished || found.claimedAt > now - abandonedAfterMs) return false;
  // The one before stopped half-way: after the account was added it is finished, before that it is replaced.
  if (await d.store.credentials(c, found.account, email)) {
    await d.store.finish(c, email, found.account);
    return false;
  }
  return d.store.takeOver(c, email, { from: found.account, to: id }, now);
}
