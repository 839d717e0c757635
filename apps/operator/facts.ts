import type { Context } from "#kernel/context";
import type { Id } from "#kernel/id";
import { expectDone } from "#kernel/refusal";
import { type Drawers, type Laid, openDrawers } from "./drawers.ts";
import type { AuditedDoors, Facts } from "./fact.ts";

const perPage = 100;

/** Called after each piece of an audit with how long that took, in milliseconds: whoever has time waits a while. */
export type Rest = (tookMs: number) => Promise<void>;

/** What was told, to be looked through a part at a time, each with everything it is held against. */
export interface Gathered {
  /** How many facts there are, by kind. */
  readonly counts: Readonly<Record<string, number>>;
  each(): AsyncGenerator<Facts, void>;
  close(): Promise<void>;
}

/**
 * Reads all facts, what is caused before what causes it: whatever an effect points to has then had its chance to be
 * seen. What became of the checkouts that hold stock without an order is asked at the end, part by part.
 */
export async function gatherFacts(doors: AuditedDoors, context: Context, rest: Rest): Promise<Gathered> {
  const drawers = openDrawers();
  const input = (cursor: string | undefined) => ({ limit: perPage, ...(cursor ? { cursor } : {}) });
  try {
    const { settlement, inventory, payment, order } = doors;
    const layAll = layingInto(drawers, rest);
    const entries = await layAll("entries", async (c) =>
      expectDone(await settlement.facts(context, input(c))),
    );
    const reservations = await layAll("reservations", async (c) =>
      expectDone(await inventory.facts(context, input(c))),
    );
    const payments = await layAll("payments", async (c) =>
      expectDone(await payment.facts(context, input(c))),
    );
    await layAll("orders", async (c) => expectDone(await order.facts(context, input(c))));
    return {
      counts: { reservations, payments, entries },
      each: async function* () {
        for await (const laid of drawers.each()) {
          yield { ...laid, checkouts: await looseCheckouts(doors, context, laid) };
        }
      },
      close: () => drawers.close(),
    };
  } catch (error) {
    await drawers.close();
    throw error;
  }
}

/** Lays every page of a domain's facts into the drawers; how many there were. */
const layingInto =
  (drawers: Drawers, rest: Rest) =>
  async <Kind extends keyof Laid>(
    kind: Kind,
    page: (cursor: string | undefined) => Promise<{ items: Laid[Kind]; next: string | null }>,
  ): Promise<number> => {
    let count = 0;
    let cursor: string | undefined;
    do {
      const began = performance.now();
      const { items, next } = await page(cursor);
      await drawers.lay(kind, items);
      await rest(performance.now() - began);
      count += items.length;
      cursor = next ?? undefined;
    } while (cursor);
    return count;
  };

async function looseCheckouts(
  doors: AuditedDoors,
  context: Context,
  { orders, reservations }: Laid,
): Promise<Facts["checkouts"]> {
  const ordered = new Set(orders.map((order) => order.checkout));
  const held = reservations.filter((r) => r.state === "held" && !ordered.has(r.checkout));
  const loose = [...new Set(held.map((r) => r.checkout))];
  const checkouts: Facts["checkouts"][number][] = [];
  for (let i = 0; i < loose.length; i += perPage) {
    const ids: Id<"checkout">[] = loose.slice(i, i + perPage);
    checkouts.push(...expectDone(await doors.order.checkoutFacts(context, { ids })));
  }
  return checkouts;
}
