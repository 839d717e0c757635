import type { Doors } from "#apps/server/compose";
import { demoAccounts } from "#demo/accounts";
import { demoCategories } from "#demo/categories";
import { systemClock } from "#kernel/clock";
import { newContext, onBehalfOf } from "#kernel/context";
import { randomToken } from "#kernel/id";
import { expectDone, isRefusal } from "#kernel/refusal";

const longMs = 600_000;

/** A context for set-up work, in the name of the demo. */
export const demoContext = () =>
  onBehalfOf(newContext({ deadline: systemClock.now() + longMs, trace: randomToken() }), "demo");

/** The accounts and categories that every demo shop has, with or without products. Running it again changes nothing. */
export async function openDemo(doors: Pick<Doors, "account" | "catalog">): Promise<void> {
  const context = demoContext();
  for (const { role, email, name, password } of demoAccounts) {
    const account = { email, name, password };
    if (role === "operator") expectDone(await doors.account.appointOperator(context, account));
    else await registerOnce(doors, account);
  }
  const { items } = expectDone(await doors.catalog.categories(context, {}));
  if (items.length > 0) return;
  const categories = demoCategories().map(({ slug, parent, name, position }) => ({
    slug,
    parent,
    name: name.en,
    nameZh: name.zh,
    position,
    image: null,
  }));
  expectDone(await doors.catalog.putCategories(context, { items: categories }));
}

async function registerOnce(
  doors: Pick<Doors, "account">,
  account: { email: string; name: string; password: string },
): Promise<void> {
  const outcome = await doors.account.register(demoContext(), account);
  if (isRefusal(outcome) && outcome.refusal !== "account.email_taken") expectDone(outcome);
}
