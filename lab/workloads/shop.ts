import { browsing } from "./browse.ts";
import { interactionsOfPurchase, purchase } from "./purchase.ts";
import type { Session, Workload } from "./workload.ts";

/**
 * So many of 100 interactions browse, the others belong to whole purchases. A purchase is one arrival with several
 * interactions, so it comes that much more seldom.
 */
export function mixed(browsingOfHundred: number): readonly Session[] {
  const sum = browsing.reduce((total, { weight }) => total + weight, 0);
  return [
    ...browsing.map((session) => ({ ...session, weight: (session.weight / sum) * browsingOfHundred })),
    { ...purchase, weight: (100 - browsingOfHundred) / interactionsOfPurchase },
  ];
}

/** TPC-W's shopping mix (WIPS): 80 of 100 interactions browse, 20 order. */
export const shop: Workload = {
  name: "shop",
  about: "TPC-W's shopping mix: 80 of 100 interactions browse, 20 belong to whole purchases",
  buys: true,
  open: async () => ({ sessions: mixed(80) }),
};
