import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Manifest } from "#platform/backup/manifest";
import { openDemo } from "./demo.ts";
import { type SeedRequest, seedDemo } from "./seed.ts";

type Seeded = NonNullable<Manifest["instance"]["seeded"]>;

const markIn = (directory: string): string => join(directory, "seeded.json");

/** With how many products an instance was seeded; undefined where it was not. */
export async function seededWith(directory: string): Promise<number | undefined> {
  return (await seedOf(directory))?.products;
}

/** What an instance was seeded with, as a backup carries it: a demo that is restored is not filled again. */
export async function seedOf(directory: string): Promise<Seeded | undefined> {
  const done = await readFile(markIn(directory), "utf8").catch(() => undefined);
  return done === undefined ? undefined : JSON.parse(done);
}

/** The same where a backup was restored. */
export async function rememberSeed(directory: string, { instance }: Pick<Manifest, "instance">) {
  if (instance.seeded) await writeFile(markIn(directory), `${JSON.stringify(instance.seeded)}\n`);
}

/** Whether an instance was seeded with as many products as that, or more. */
export async function isSeeded(directory: string, products: number): Promise<boolean> {
  return ((await seededWith(directory)) ?? -1) >= products;
}

/**
 * Seeds an instance at its first start. That it is done is remembered beside the data, since finding it out by seeding
 * again would draw every picture again; what was broken off is taken up at the next start. With no products it opens
 * the demo's accounts and categories.
 */
export async function seedOnce(
  doors: Parameters<typeof seedDemo>[0],
  directory: string,
  request: SeedRequest & { products: number },
): Promise<void> {
  if (await isSeeded(directory, request.products)) return;
  const shops = request.products > 0 ? (await seedDemo(doors, request)).shops : 0;
  if (shops === 0) await openDemo(doors);
  await writeFile(markIn(directory), `${JSON.stringify({ products: request.products, shops })}\n`);
}
