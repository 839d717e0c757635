import { Command } from "commander";
import { systemClock } from "#kernel/clock";
import { newContext, onBehalfOf } from "#kernel/context";
import { randomToken } from "#kernel/id";
import { expectDone } from "#kernel/refusal";
import { openDoors } from "./doors.ts";
import type { InstanceOptions } from "./instance.ts";

/** `storey search`: looks after what search finds by. */
export function searchCommand(open: typeof openDoors = openDoors): Command {
  const rebuild = new Command("rebuild")
    .description("Make anew what search finds by, while the shop runs or rests.")
    .option("--name <name>", "which instance", "shop")
    .option("--data <dir>", "where instances are kept (or STOREY_DATA)")
    .option("--json", "say how many products it has as one line of JSON")
    .addHelpText(
      "after",
      "\nBuyers find by the old one until the new one is whole. Broken off, nothing has changed: run it again.\n\nExample: storey search rebuild --name shop",
    )
    .action((options: InstanceOptions & { json?: true }) => run(open, options));
  return new Command("search").description("Look after what search finds by.").addCommand(rebuild);
}

async function run(open: typeof openDoors, options: InstanceOptions & { json?: true }): Promise<void> {
  const startedAt = performance.now();
  let done = 0;
  const progress = options.json ? () => undefined : progressOn(process.stderr);
  const shop = await open(
    options,
    // What the domain logs of it is said below, in our own words.
    (message, error) => error !== undefined && console.error(message, error),
    (what, products) => {
      if (what !== "search_rebuilt") return;
      done += products;
      progress(done);
    },
  );
  try {
    const { products } = expectDone(await shop.doors.search.rebuild(ownContext(), {}));
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
    if (options.json) console.log(JSON.stringify({ products }));
    else console.log(`Search finds ${products.toLocaleString("en")} products now, rebuilt in ${seconds} s.`);
  } finally {
    await shop.close();
  }
}

/** A million products take some minutes. */
const longMs = 3_600_000;

const ownContext = () =>
  onBehalfOf(newContext({ deadline: systemClock.now() + longMs, trace: randomToken() }), "operator");

/** One line that is written over on a terminal; elsewhere a line every 10,000 products. */
function progressOn(out: NodeJS.WriteStream): (done: number) => void {
  let told = 0;
  return (done) => {
    const line = `${done.toLocaleString("en")} products`;
    if (out.isTTY) out.write(`\r\u001b[K${line}\r`);
    else if (done - told >= 10_000) {
      out.write(`${line}\n`);
      told = done;
    }
  };
}
