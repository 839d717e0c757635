import { Command, InvalidArgumentError } from "commander";
import type { Doors } from "#apps/server/compose";
import { demoCatalogue } from "#demo/catalogue";
import { drawCategoryTile } from "#demo/pictures/scenery";
import type { DemoCatalogue } from "#demo/types";
import { expectDone } from "#kernel/refusal";
import type { Purpose } from "#launcher/instance";
import type { Files } from "#platform/files/api";
import { demoContext, openDemo } from "./demo.ts";
import { openDoors } from "./doors.ts";
import type { InstanceOptions } from "./instance.ts";
import { interrupted } from "./interrupt.ts";
import { CommandRefused } from "./refusals.ts";
import { batchesByShop, drawnDraft, keep } from "./seed-products.ts";
import { openDemoShops } from "./seed-shops.ts";

type SeedDoors = Pick<Doors, "account" | "shop" | "catalog">;

export interface SeedRequest {
  readonly files: Files;
  /** 3,000 unless said. */
  readonly products?: number;
  /** Told how many products are done, of how many. */
  progress?(done: number, all: number): void;
  /** Ends the work after what is in hand. */
  readonly signal?: AbortSignal;
}

/** What became of the products; a second run leaves all of them unchanged. */
export interface Seeded {
  readonly shops: number;
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
}

const shopCount = 60;
/**
 * Drawing keeps one processor busy and the database another; more batches than this would only wait in
 * memory.
 */
const batchesAtOnce = 3;

/**
 * Fills a shop with the demo catalogue: categories, 60 shops with their owners, products with pictures, the
 * same on every machine. Broken off, it is run again: what is there stays as it is.
 */
export async function seedDemo(doors: SeedDoors, request: SeedRequest): Promise<Seeded> {
  const { files, products = 3_000, progress, signal } = request;
  await openDemo(doors);
  const catalogue = demoCatalogue({ products, shops: shopCount });
  await hangTiles(doors, catalogue, files);
  const shops = await openDemoShops(doors, catalogue.shops);
  const counts = { added: 0, changed: 0, unchanged: 0 };
  let done = 0;
  const batches = batchesByShop(catalogue.products());
  const worker = async () => {
    for (const { shop: slug, products: some } of batches) {
      signal?.throwIfAborted();
      const shop = shops.get(slug);
      if (!shop) throw new Error(`the demo catalogue sells in ${slug}, which is none of its shops`);
      const named: { handle: string; draft: Awaited<ReturnType<typeof drawnDraft>> }[] = [];
      // One by one: a hundred drawn at once would keep a shop that is open from answering.
      for (const each of some) named.push({ handle: each.slug, draft: await drawnDraft(each, files) });
      const outcomes = expectDone(await doors.catalog.importMany(demoContext(), { shop, products: named }));
      for (const { handle, outcome, reason } of outcomes) {
        if (outcome === "refused") throw new Error(`the demo product ${handle} was refused: ${reason}`);
        counts[outcome]++;
      }
      done += some.length;
      progress?.(done, products);
    }
  };
  await Promise.all(Array.from({ length: batchesAtOnce }, worker));
  return { shops: shops.size, ...counts };
}

/** Gives every category its picture. */
async function hangTiles(doors: SeedDoors, { categories }: DemoCatalogue, files: Files): Promise<void> {
  const items = await Promise.all(
    categories.map(async ({ slug, parent, name, position }) => ({
      slug,
      parent,
      position,
      name: name.en,
      nameZh: name.zh,
      image: await keep(drawCategoryTile({ slug, parent }), files),
    })),
  );
  expectDone(await doors.catalog.putCategories(demoContext(), { items }));
}

/** `storey seed`: the demo catalogue in an instance that has been started. */
export function seedCommand(open: typeof openDoors = openDoors): Command {
  return new Command("seed")
    .description("Fill the shop with the demo catalogue, while it runs or rests; again changes nothing.")
    .option("--products <n>", "how many products", howMany, 3_000)
    .option("--name <name>", "which instance", "shop")
    .option("--data <dir>", "where instances are kept (or STOREY_DATA)")
    .option("--json", "say what was done as one line of JSON")
    .addHelpText("after", "\nExample: storey seed --products 10000 --name stage-3")
    .action(async (options: InstanceOptions & { products: number; json?: true }) => {
      const signal = interrupted();
      const startedAt = performance.now();
      const shop = await open(options, (message, error) => console.error(message, error ?? ""));
      try {
        refuseProduction(shop.instance);
        // Its accounts have passwords that everybody knows: it is a demo from here on, whoever starts it first.
        if (shop.instance.purpose === undefined) await shop.rememberPurpose("demo");
        const progress = options.json ? () => undefined : progressOn(process.stderr);
        const { files, doors } = shop;
        const seeded = await seedDemo(doors, { files, products: options.products, progress, signal });
        const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
        const { shops, added, changed, unchanged } = seeded;
        if (options.json) console.log(JSON.stringify(seeded));
        else
          console.log(`${shops} shops; ${added} products added, ${changed + unchanged} there, ${seconds} s.`);
      } finally {
        await shop.close();
      }
    });
}

function howMany(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 1 && number <= 1_000_000) return number;
  throw new InvalidArgumentError("a whole number from 1 to 1,000,000 is needed.");
}

/** Demo accounts have passwords that everybody knows: they come into no shop that is open for real. */
function refuseProduction({ name, purpose }: { name: string; purpose: Purpose | undefined }): void {
  if (purpose !== "production") return;
  throw new CommandRefused(
    "seed.production_data",
    `${name} was started for production: the demo and its accounts stay out of it. Name another with --name.`,
  );
}

const progressOn = (out: NodeJS.WriteStream) => (done: number, all: number) => {
  if (out.isTTY) out.write(`\r\u001b[K${done === all ? "" : `${done} of ${all} products`}`);
};
