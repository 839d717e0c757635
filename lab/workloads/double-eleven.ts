import { surging } from "../generate/arrivals.ts";
import { withHotSet } from "../shop/catalogue.ts";
import { mixed } from "./shop.ts";
import type { Session, Workload } from "./workload.ts";

/** A third of the run is an ordinary evening. */
const midnight = 1 / 3;
const times = 10;
/** What was advertised: so many products, which so much of the interest goes to. */
const advertised = { products: 20, share: 0.6 };

/** Alibaba's festival: at midnight ten times as many come, most for the same few products. */
export const doubleEleven: Workload = {
  name: "double-eleven",
  about: `the shopping mix; after a third of the time ${times} times as many come, most for ${advertised.products} products`,
  buys: true,
  surge: times,
  open: async ({ catalogue }) => {
    const hot = withHotSet(catalogue, advertised.products, advertised.share);
    const drawn = (session: Session): Session => ({
      ...session,
      run: (visit) => session.run(visit.share < midnight ? visit : { ...visit, catalogue: hot }),
    });
    return { sessions: mixed(80).map(drawn) };
  },
  arrivals: ({ rate, warmUpMs, measuredMs, seed }) =>
    surging(rate, warmUpMs + measuredMs, seed, { fromMs: warmUpMs + measuredMs * midnight, times }),
  partOf: (share) => (share < midnight ? "before midnight" : "from midnight"),
};
