import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type SeedRequest, seedDemo } from "./seed.ts";

const markIn = (directory: string): string => join(directory, "seeded.json");

/** Whether an instance was seeded with as many products as that, or more. */
export async function isSeeded(directory: string, products: number): Promise<boolean> {
  const done = await readFile(markIn(directory), "utf8").catch(() => undefined);
  return done !== undefined && JSON.parse(done).products >= products;
}

/**
 * Seeds an instance at its first start. That it is done is remembered beside the data, since finding it out by seeding
 * again would draw every picture again; what was broken off is taken up at the next start.
 */
export async function seedOnce(
  doors: Parameters<typeof seedDemo>[0],
  directory: string,
  request: SeedRequest & { products: number },
): Promise<void> {
  if (await isSeeded(directory, request.products)) return;
  const { shops } = await seedDemo(doors, request);
  await writeFile(markIn(directory), `${JSON.stringify({ products: request.products, shops })}\n`);
}
