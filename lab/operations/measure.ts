import { runClosedLoop } from "../generate/closed-loop.ts";
import type { Api } from "../shop/api.ts";
import { untilQuiet } from "../shop/quiet.ts";
import { cpuOf, type RunningShop } from "../shop/running.ts";

/** One operation of the shop, as the lab asks for it. */
export interface ShopOperation {
  readonly name: string;
  /** How it is asked for, for people. */
  readonly how: string;
  /** At once. */
  readonly callers: number;
  readonly once: (caller: number, turn: number) => Promise<void>;
}

/** What one operation cost and how often a second it could be had. */
export interface Measured {
  readonly name: string;
  readonly how: string;
  readonly callers: number;
  readonly perSecond: number;
  /** For one, in milliseconds, with the work it only begins (events, reactions). */
  readonly cpuMs: { readonly application: number; readonly database: number };
  /** In milliseconds, of callers who do not wait for each other. */
  readonly p50: number;
  readonly p99: number;
}

/** A fifth of the time warms up: plans are prepared, code is compiled. */
const warmUpShare = 0.2;
/** Many callers at once keep the processors busy, which shows the cost. How long one waits for an answer, two show. */
const patientCallers = 2;

/** Measures an operation in a closed loop. Throws what it threw. */
export async function measure(
  { shop, api, forMs }: { shop: RunningShop; api: Api; forMs: number },
  { name, how, callers, once }: ShopOperation,
): Promise<Measured> {
  await runClosedLoop({
    callers,
    forMs: forMs * warmUpShare,
    once: (caller, turn) => once(caller, -1 - turn),
  });
  await untilQuiet(api);
  const before = cpuOf(shop);
  const { operations, perSecond } = await runClosedLoop({ callers, forMs, once });
  await untilQuiet(api);
  const after = cpuOf(shop);
  const { latency } = await runClosedLoop({ callers: patientCallers, forMs, once });
  return {
    name,
    how,
    callers,
    perSecond,
    cpuMs: {
      application: (after.application - before.application) / operations,
      database: (after.database - before.database) / operations,
    },
    p50: latency.p50,
    p99: latency.p99,
  };
}
