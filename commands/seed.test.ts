import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, describe, test } from "node:test";
import { compose } from "#apps/server/compose";
import { demoAccounts } from "#demo/accounts";
import { demoCatalogue } from "#demo/catalogue";
import { systemClock } from "#kernel/clock";
import { expectDone } from "#kernel/refusal";
import { openDisk } from "#platform/files/drivers/disk";
import { openTestDatabase } from "#tests/support/database";
import { demoContext } from "./demo.ts";
import type { openDoors } from "./doors.ts";
import { CommandRefused } from "./refusals.ts";
import { seedCommand, seedDemo } from "./seed.ts";

const db = await openTestDatabase();
const folder = await mkdtemp(join(tmpdir(), "storey seed "));
const files = openDisk(folder);
const { doors, bus } = compose({
  database: db.database,
  clock: systemClock,
  payWithinMs: 60_000,
  providers: {},
  log: (message, error) => console.error(message, error),
  counted: () => undefined,
});
const products = 300;

async function allProducts() {
  const found = [];
  for (let cursor: string | undefined; ; ) {
    const input = { limit: 100, ...(cursor === undefined ? {} : { cursor }) };
    const { items, next } = expectDone(await doors.catalog.export(demoContext(), input));
    found.push(...items);
    if (next === null) return found;
    cursor = next;
  }
}

describe("the demo catalogue", () => {
  after(async () => {
    await bus.stop();
    await db.close();
    await rm(folder, { recursive: true, force: true });
  });

  test("broken off, it is taken up; whole, it is left as it is", async () => {
    const stop = new AbortController();
    const progress = (done: number) => done >= 100 && stop.abort(new Error("enough"));
    await assert.rejects(seedDemo(doors, { files, products, progress, signal: stop.signal }), /enough/);
    const first = await seedDemo(doors, { files, products });
    assert.deepEqual([first.shops, first.changed, first.added + first.unchanged], [60, 0, products]);
    assert.ok(first.unchanged >= 50, JSON.stringify(first));
    const before = await db.admin("select id, version from catalog.product order by id");
    assert.deepEqual(await seedDemo(doors, { files, products }), {
      shops: 60,
      added: 0,
      changed: 0,
      unchanged: products,
    });
    assert.deepEqual(await db.admin("select id, version from catalog.product order by id"), before);
    const rows = await db.admin(
      "select count(*)::int as shops, count(distinct owner)::int as owners from shop.shop",
    );
    assert.deepEqual(rows, [{ shops: 60, owners: 2 }]);
  });

  test("is what the generator says, with pictures that are there and stock that is on hand", async () => {
    const meant = new Map(
      [...demoCatalogue({ products, shops: 60 }).products()].map((each) => [each.slug, each]),
    );
    const found = await allProducts();
    assert.equal(found.length, products);
    for (const { slug, title, skus, images, category, options } of found) {
      const product = meant.get(slug);
      assert.deepEqual([title, category], [product?.title, product?.category]);
      assert.deepEqual(
        skus.map(({ code, price, compareAt }) => [code, price.amount, compareAt?.amount ?? null]),
        product?.variants.map(({ sku, priceMinor, compareAtMinor }) => [sku, priceMinor, compareAtMinor]),
      );
      assert.deepEqual(
        options.map(({ name }) => name),
        product?.options.map(({ name }) => name),
      );
      assert.equal(new Set(images.map(({ url }) => url)).size, 3);
    }
    const [{ images, skus } = { images: [], skus: [] }] = found;
    for (const { url } of images) {
      const file = await files.open(url.replace("/files/", ""));
      assert.ok(file?.contentType === "image/svg+xml");
      assert.match(await text(file.stream), /^<svg .*<\/svg>$/s);
    }
    await bus.quiet();
    const ids = skus.map(({ id }) => id);
    const levels = expectDone(await doors.inventory.available(demoContext(), { skus: ids })).items;
    const variants = meant.get(found[0]?.slug ?? "")?.variants ?? [];
    assert.deepEqual(
      new Map(levels.map(({ sku, available }) => [sku, available])),
      new Map(ids.map((id, i) => [id, variants[i]?.stock])),
    );
  });

  test("gives the demo merchant the first shop, and every category a picture", async () => {
    const merchant = demoAccounts.find(({ role }) => role === "merchant")!;
    const { email, password } = merchant;
    const { account } = expectDone(await doors.account.signIn(demoContext(), { email, password }));
    const shops = expectDone(await doors.shop.getMany(demoContext(), { ids: account.shops }));
    assert.deepEqual(
      shops.map(({ name }) => name),
      [demoCatalogue({ products: 0, shops: 60 }).shops[0]?.name],
    );
    const { items } = expectDone(await doors.catalog.categories(demoContext(), {}));
    assert.ok(items.length > 40 && items.every(({ image }) => image?.endsWith(".svg")));
  });

  test("stays out of a shop that is open for real", async () => {
    const instance = { name: "shop", purpose: "production" };
    const open = (async () => ({
      doors,
      files,
      instance,
      close: async () => undefined,
    })) as unknown as typeof openDoors;
    await assert.rejects(seedCommand(open).parseAsync([], { from: "user" }), (error: Error) => {
      return error instanceof CommandRefused && error.code === "seed.production_data";
    });
  });

  test("makes a demo of an instance that was for nothing yet", async () => {
    const remembered: string[] = [];
    const open = (async () => ({
      doors,
      files,
      instance: { name: "shop", purpose: undefined },
      rememberPurpose: async (purpose: string) => void remembered.push(purpose),
      close: async () => undefined,
    })) as unknown as typeof openDoors;
    await seedCommand(open).parseAsync(["--products", "1", "--json"], { from: "user" });
    assert.deepEqual(remembered, ["demo"]);
  });
});
