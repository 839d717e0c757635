import { parseArgs } from "node:util";
import type { Progress, Work } from "./first-start.ts";
import { interrupted } from "./interrupt.ts";
import { explain } from "./refusals.ts";

// What the two works need is loaded by the one that needs it: each is half a second of a first start.

const work = {
  build: async ({ buildDir }: Work["build"]) => {
    const { buildStorefront } = await import("#apps/storefront/build");
    await buildStorefront({ buildDir, log: () => undefined });
    const { buildConsole } = await import("#apps/operator/console/build");
    await buildConsole({ buildDir });
  },
  fill: async ({ name, data, products }: Work["fill"]) => {
    const orphaned = new AbortController();
    process.on("disconnect", () => orphaned.abort(new Error("nobody waits for this any more")));
    const signal = AbortSignal.any([interrupted(), orphaned.signal]);
    const [{ openDoors }, { seedOnce }] = await Promise.all([import("./doors.ts"), import("./seed-once.ts")]);
    const shop = await openDoors({ name, data }, (message, error) => {
      console.error(error instanceof Error ? `${message} (${error.message})` : message);
    });
    try {
      // The shop that waits carries no events yet.
      shop.bus.start();
      const progress = (done: number, all: number) => process.send?.({ done, all } satisfies Progress);
      await seedOnce(shop.doors, shop.instance.directory, { files: shop.files, products, progress, signal });
      await shop.bus.quiet();
    } finally {
      await shop.close();
    }
  },
};

/** The process that `first-start.ts` starts: `build` or `fill`, and what it must know as JSON. */
const [name, input] = parseArgs({ allowPositionals: true }).positionals;
await work[name as keyof Work](JSON.parse(input ?? "")).catch((error: unknown) => {
  if ((error as Error).message !== "interrupted") explain(error);
  process.exitCode = 1;
});
if (process.connected) process.disconnect();
