import { parseArgs } from "node:util";
import type { Id } from "#kernel/id";
import { runClosedLoop } from "#lab/generate/closed-loop";
import { openDoors } from "./doors.ts";
import { type Grabbing, grab, type Hammering, reserveOne } from "./hot-sku.ts";

/** One of several processes that want the same SKU. Says when it is ready, begins when it is told, says what it got. */
const [input] = parseArgs({ allowPositionals: true }).positionals;
const { name, data, hot, scarce, callers, forMs, attempts } = JSON.parse(input ?? "") as Hammering;
const open = await openDoors({ name, data }, (message, error) => console.error(message, error ?? ""));
const told = (what: string) =>
  new Promise<void>((resolve) => process.on("message", (message) => message === what && resolve()));
const once = async () => {
  if (!(await reserveOne(open, hot as Id<"sku">))) throw new Error("the hot SKU is sold out");
};
const [go, goOn] = [told("hammer"), told("grab")];
await runClosedLoop({ callers, forMs: forMs / 5, once });
process.send?.("ready");
await go;
const { perSecond, latency } = await runClosedLoop({ callers, forMs, once });
process.send?.({ perSecond, p99: latency.p99 });
await goOn;
const sold = await grab(open, scarce as Id<"sku">, { callers, attempts });
process.send?.({ sold } satisfies Grabbing);
process.disconnect();
await open.close();
