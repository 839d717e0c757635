import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type SeedRequest, seedDemo } from "./seed.ts";

/**
 * Seeds an instance at its first start. That it is done is remembered beside the data, since finding it out by seeding
 * again would draw every picture again; what was broken off is taken up at the next start.
 */
export async function seedOnce(
  doors: Parameters<typeof seedDemo>[0],
  directory: string,
  request: SeedRequest & { products: number },
): Promise<void> {
  const mark = join(directory, "seeded.json");
  const done = await readFile(mark, "utf8").catch(() => undefined);
  if (done !== undefined && JSON.parse(done).products >= request.products) return;
  const { shops } = await seedDemo(doors, request);
  await writeFile(mark, `${JSON.stringify({ products: request.products, shops })}\n`);
}
