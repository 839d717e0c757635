import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { expectDone, isRefusal } from "#kernel/refusal";
import { as, asDomain, openCatalog, openShop, putCategories } from "./opened.test.ts";

const opened = await openCatalog();
const { catalog, statements } = opened;
await putCategories(catalog);

const header = "Handle,Title,Type,Product Category,Variant SKU,Variant Price,Variant Inventory Qty";
const file = [
  header,
  "linen,Linen Shirt,Shirts,,LS-1,49.00,5",
  "oak,Oak Lamp,,Home > Lighting > Lamps,OL-1,120.00,2",
  "odd,Odd Thing,Oddities,,OT-1,1.00,1",
  "dear,Dear Thing,Shirts,,DT-1,free,1",
].join("\r\n");

describe("an import of Shopify's product CSV", () => {
  after(opened.close);

  test("takes what is whole, says why the rest is not, and changes nothing the second time", async () => {
    const { id: shop, staff } = await openShop(opened);
    const send = async (csv: string, over = {}) =>
      expectDone(
        await catalog.importCsv(as(staff, "key"), { shop, csv, categories: { Shirts: "shirts" }, ...over }),
      );
    const noOddities =
      'No category is called Oddities. Name one for it (categories, --map "Oddities=SLUG") or for all others (category, --category SLUG).';
    const bad = [
      { line: 4, handle: "odd", reason: noOddities },
      { line: 5, handle: "dear", reason: 'Its price "free" is not a number in USD, such as 1299.00.' },
    ];
    const counts = { rows: 4, products: 4, refused: 2, badRows: 2, bad };
    assert.deepEqual(await send(file, { dryRun: true }), { ...counts, added: 0, changed: 0, unchanged: 0 });
    assert.deepEqual(expectDone(await catalog.ofShop(as(staff), { shop })).items, []);
    assert.deepEqual(await send(file), { ...counts, added: 2, changed: 0, unchanged: 0 });
    assert.deepEqual(await send(file), { ...counts, added: 0, changed: 0, unchanged: 2 });
    const again = await send(file, { category: "lamps", firstLine: 102 });
    assert.deepEqual([again.added, again.bad.map(({ line }) => line)], [1, [105]]);
    const found = expectDone(await catalog.ofShop(as(staff), { shop })).items;
    assert.deepEqual(found.map(({ slug, category }) => [slug, category]).toSorted(), [
      ["linen", "shirts"],
      ["oak", "lamps"],
      ["odd", "lamps"],
    ]);
  });

  test("costs the statements of a hundred products for each hundred", async () => {
    const { id: shop, staff } = await openShop(opened);
    const rows = Array.from({ length: 250 }, (_, i) => `h${i},Shirt ${i},Shirts,,S-${i},10.00,1`);
    statements.length = 0;
    await catalog.importCsv(as(staff, "key"), { shop, csv: [header, ...rows].join("\n") });
    assert.equal(statements.length, 1 + 3 * 4);
  });

  test("what a file lacks as a whole, and what catalog itself refuses, is said", async () => {
    const { id: shop, staff } = await openShop(opened);
    const send = (csv: string, over = {}) => catalog.importCsv(as(staff, "key"), { shop, csv, ...over });
    for (const [csv, over] of [
      ["", {}],
      ["a;b;c\n", {}],
      [file, { currency: "EUR" }],
    ] as const) {
      const outcome = await send(csv, over);
      assert.ok(isRefusal(outcome) && outcome.refusal === "catalog.invalid_csv");
    }
    const pictures = `${header},Image Src\nlinen,Linen Shirt,Shirts,,LS-1,49.00,5,http://x.example/a.png\n`;
    for (const dryRun of [true, false]) {
      const { bad, refused } = expectDone(await send(pictures, { dryRun, category: "shirts" }));
      assert.deepEqual([refused, bad[0]?.line, bad[0]?.handle], [1, 2, "linen"]);
      assert.match(bad[0]?.reason ?? "", /begin with https/);
    }
    for (const over of [{ category: "no-such" }, { categories: { Shirts: "no-such" } }]) {
      const nowhere = await send(file, over);
      assert.ok(isRefusal(nowhere) && nowhere.refusal === "catalog.category_not_found");
    }
  });

  test("a request takes 2,000 products", async () => {
    const { id: shop, staff } = await openShop(opened);
    const rows = Array.from({ length: 2_001 }, (_, i) => `h${i},Shirt ${i},Shirts,,S-${i},10.00,1`);
    const outcome = await catalog.importCsv(as(staff, "key"), { shop, csv: [header, ...rows].join("\n") });
    assert.ok(isRefusal(outcome) && /2001 products, and a request takes 2000/.test(outcome.message));
    assert.deepEqual(expectDone(await catalog.ofShop(as(staff), { shop })).items, []);
  });

  test("no more than 200 bad rows are listed, and all are counted", async () => {
    const { id: shop, staff } = await openShop(opened);
    const rows = Array.from({ length: 300 }, (_, i) => `h${i},Shirt ${i},Shirts,,S-${i},free,1`);
    const { bad, badRows, refused } = expectDone(
      await catalog.importCsv(as(staff, "key"), { shop, csv: [header, ...rows].join("\n") }),
    );
    assert.deepEqual([bad.length, badRows, refused], [200, 300, 300]);
  });

  test("is the business of the shop's staff", async () => {
    const { id: shop } = await openShop(opened);
    const { staff: stranger } = await openShop(opened);
    const refused = await catalog.importCsv(as(stranger, "key"), { shop, csv: file });
    assert.ok(isRefusal(refused) && refused.refusal === "catalog.not_yours");
    const anonymous = await catalog.importCsv(as(), { shop, csv: file });
    assert.ok(isRefusal(anonymous) && anonymous.refusal === "request.unauthenticated");
    expectDone(await catalog.importCsv(asDomain(), { shop, csv: file }));
  });
});
