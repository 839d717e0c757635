import { setTimeout as pause } from "node:timers/promises";
import type { Checkout } from "../shop/acknowledged.ts";
import { Unanswered } from "../shop/api.ts";
import { askQuote, place } from "../workloads/purchase.ts";
import type { Means } from "../workloads/workload.ts";

/** One checkout after the other, each begun at its time whatever became of those before. */
export interface Pulse {
  /** Ends when all that were begun have ended. */
  stop(): Promise<void>;
}

/**
 * Says when a shop takes orders to within `everyMs`: purchases come by chance, and each buyer who waits for an answer
 * keeps the next visitor waiting. Throws where there is nothing to buy.
 */
export async function startPulse(means: Means, everyMs: number): Promise<Pulse> {
  const { api, buyers, acknowledged, catalogue, run } = means;
  const sku = catalogue.products.find(({ skus }) => skus.length > 0)?.skus[0];
  const [somebody] = buyers.all;
  if (!sku || !somebody) throw new Error("a pulse needs a product and buyers");
  const lines = [{ sku, quantity: 1 }];
  let quote = await askQuote({ api }, somebody, lines);
  const beat = async (at: number) => {
    const buyer = buyers.all[at % buyers.all.length] ?? somebody;
    try {
      const checkout: Checkout = await place({ api, key: `${run}-pulse-${at}` }, buyer, quote, lines);
      acknowledged.placed(buyer.token, checkout);
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      if (error.code === "order.price_changed") quote = await askQuote({ api }, somebody, lines);
    }
  };
  const stopped = new AbortController();
  const beats: Promise<void>[] = [];
  const beating = (async () => {
    for (let at = 0; !stopped.signal.aborted; at++) {
      beats.push(beat(at).catch(() => undefined));
      await pause(everyMs, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  })();
  return {
    stop: async () => {
      stopped.abort();
      await beating;
      await Promise.all(beats);
    },
  };
}
