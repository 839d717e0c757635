import type { Clock } from "#kernel/clock";
import { accountOf } from "#kernel/context";
import { guarded } from "#kernel/door";
import { refuse } from "#kernel/refusal";
import type { Module } from "#platform/bus/api";
import type { Store } from "#platform/database/api";
import { addAddress, addressOf, changeAddress, removeAddress } from "./address.ts";
import { type Account, type AccountDoor, accountDoor } from "./api.ts";
import { changePassword, resetPassword } from "./change-password.ts";
import type { AccountDeps } from "./deps.ts";
import { sweepExpired } from "./jobs.ts";
import { openPasswords } from "./password.ts";
import { appointOperator, register } from "./register.ts";
import { openSessions } from "./sessions.ts";
import { resolve, signIn, signOut } from "./sign-in.ts";
import { accountStore } from "./store.ts";

const known = (account: Account | undefined) =>
  account ?? refuse("account.not_found", "There is no such account.");

/** Wires the account domain by hand. */
export function accountModule(with_: { store: Store; clock: Clock }): Module<AccountDoor> {
  const sessions = openSessions();
  const { clock } = with_;
  const d: AccountDeps = {
    store: accountStore(with_.store),
    clock,
    passwords: openPasswords(),
    sessions,
  };
  const door = guarded(accountDoor, {
    register: (c, input) => register(d, c, input),
    signIn: (c, input) => signIn(d, c, input),
    signOut: (c) => signOut(d, c),
    resolve: (c, { token }) => resolve(d, c, token),
    me: async (c) => known(await d.store.get(c, accountOf(c))),
    rename: async (c, { name }) => {
      const id = accountOf(c);
      return known(await sessions.changing(id, () => d.store.rename(c, id, name)));
    },
    changePassword: (c, input) => changePassword(d, c, input),
    resetPassword: (c, input) => resetPassword(d, c, input),
    addresses: async (c) => ({ items: await d.store.addresses(c, accountOf(c)) }),
    addAddress: (c, input) => addAddress(d, c, input),
    changeAddress: (c, input) => changeAddress(d, c, input),
    removeAddress: (c, input) => removeAddress(d, c, input),
    addressOf: (c, input) => addressOf(d, c, input),
    grantShop: async (c, { account, shop }) =>
      (await sessions.changing(account, () => d.store.grantShop(c, account, shop)))
        ? null
        : refuse("account.not_found", "There is no such account."),
    appointOperator: (c, input) => appointOperator(d, c, input),
  });
  return { door, reactions: [], jobs: [sweepExpired(d)] };
}
