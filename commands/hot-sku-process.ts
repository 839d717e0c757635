import { once } from "node:events";
import { parseArgs } from "node:util";
import { runClosedLoop } from "#lab/generate/closed-loop";
import { openDoors } from "./doors.ts";
import { grab, type Hammered, type Hammering, reserveSurely } from "./hot-sku.ts";

/** One of several processes that want the same SKU. Says when it is ready, begins when it is told, says what it got. */
const [input] = parseArgs({ allowPositionals: true }).positionals;
const { name, data, hot, scarce, callers, forMs, attempts } = JSON.parse(input ?? "") as Hammering;
const open = await openDoors({ name, data }, (message, error) => console.error(message, error ?? ""));
const reserve = () => reserveSurely(open, hot);
await runClosedLoop({ callers, forMs: forMs / 5, once: reserve });
process.send?.("ready");
await once(process, "message");
const { perSecond, latency } = await runClosedLoop({ callers, forMs, once: reserve });
const sold = await grab(open, scarce, { callers, attempts });
process.send?.({ perSecond, p99: latency.p99, sold } satisfies Hammered);
process.disconnect();
await open.close();
