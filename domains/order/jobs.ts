import { newContext } from "#kernel/context";
import { randomToken } from "#kernel/id";
import type { Job } from "#kernel/module";
import type { OrderDeps } from "./deps.ts";
import { undo } from "./undo.ts";

/** A checkout that has been placing for this long has lost its request: a request's own deadline is 10 s. */
export const abandonedAfterMs = 20_000;
const atOnce = 200;

/** Closes orders that were not paid in time; whoever pays at the same moment wins or loses at the order's row. */
export const closeUnpaid = (d: OrderDeps): Job => ({
  name: "order.close_unpaid",
  everyMs: 1_000,
  run: async () => {
    const now = d.clock.now();
    const context = newContext({ deadline: now + 30_000, trace: randomToken() });
    const due = await d.store.unpaid(now, atOnce);
    const closed = await d.store.closeEach(context, due, now);
    if (closed > 0) d.told();
    d.counted("order_closed", closed);
  },
});

/** Undoes checkouts whose request died between its steps. */
export const undoAbandoned = (d: OrderDeps): Job => ({
  name: "order.undo_abandoned",
  everyMs: 2_000,
  run: async () => {
    const now = d.clock.now();
    const context = newContext({ deadline: now + 30_000, trace: randomToken() });
    for (const checkout of await d.store.unfinished(now - abandonedAfterMs, atOnce)) {
      await undo(d, context, checkout, checkout.refusal ?? undefined);
    }
  },
});
