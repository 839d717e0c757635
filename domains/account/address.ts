import { accountOf, type Context } from "#kernel/context";
import { bucketOf, newId, randomToken } from "#kernel/id";
import { refuse } from "#kernel/refusal";
import type { AccountDoor } from "./api.ts";
import type { AccountDeps } from "./deps.ts";

const most = 20;

const notFound = () => refuse("account.address_not_found", "Look at your addresses and choose one of them.");

/** Adds an address to the account that asks; the same idempotency key adds it once. */
export async function addAddress(
  d: AccountDeps,
  c: Context,
  fields: Parameters<AccountDoor["addAddress"]>[1],
) {
  const account = accountOf(c);
  const key = c.idempotencyKey ?? randomToken();
  const now = d.clock.now();
  for (;;) {
    const asked = { id: newId<"address">(bucketOf(account), now), ...fields };
    const { outcome, address } = await d.store.addAddress(c, account, key, asked, now, most);
    if (outcome === "full") {
      return refuse("account.too_many_addresses", "Remove an address you no longer need, then add this one.");
    }
    if (outcome !== "taken") return address;
  }
}

export async function changeAddress(
  d: AccountDeps,
  c: Context,
  input: Parameters<AccountDoor["changeAddress"]>[1],
) {
  const { id, ...fields } = input;
  return (await d.store.changeAddress(c, accountOf(c), id, fields)) ? { id, ...fields } : notFound();
}

/** Done, too, when it was done before. */
export async function removeAddress(
  d: AccountDeps,
  c: Context,
  { id }: Parameters<AccountDoor["removeAddress"]>[1],
) {
  const remove = () => d.store.removeAddress(c, accountOf(c), id, d.clock.now());
  // Where another has removed it just now, a statement that began before saw neither row: once more.
  return (await remove()) || (await remove()) ? null : notFound();
}

export async function addressOf(d: AccountDeps, c: Context, input: Parameters<AccountDoor["addressOf"]>[1]) {
  return (await d.store.address(c, input.account, input.address)) ?? notFound();
}
