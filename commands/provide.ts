import { createInterface } from "node:readline/promises";
import { canInstall, findNeed, installCommand, installNeeds, type Need } from "#launcher/packages";

/** What came of asking for packages: everything is there, or this is missing and nobody agreed to install it. */
export type Provided = { readonly missing: readonly Need[] };

/**
 * Sees to it that every need is filled: installs what is missing where that was agreed to (`agreed`, or an answered
 * question), without starting or enabling any service. Throws when the package manager fails.
 */
export async function provideNeeds(
  needs: readonly Need[],
  options: { agreed: boolean; why: string; say(line: string): void },
): Promise<Provided> {
  const missing = needs.filter((need) => findNeed(need) === undefined);
  if (missing.length === 0 || !canInstall()) return { missing };
  if (!options.agreed && !(await isAgreed(missing, options.why))) return { missing };
  options.say(`Installing ${namesOf(missing)} …`);
  await installNeeds(missing);
  return { missing: [] };
}

/** Their names, for people. */
export const namesOf = (needs: readonly Need[]): string => needs.map((need) => need.name).join(" and ");

async function isAgreed(missing: readonly Need[], why: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const ask = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await ask.question(`${why} ${namesOf(missing)}. Run "${installCommand(missing)}"? [y/N] `);
  ask.close();
  return /^y(es)?$/i.test(answer.trim());
}
