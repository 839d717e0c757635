import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { bucketOf, newId, randomBucket, toBigint } from "#kernel/id";
import { expectDone } from "#kernel/refusal";
import type { ProductDraft } from "./api.ts";
import { as, asDomain, openCatalog, openShop, putCategories, shirt, usd } from "./opened.test.ts";

const opened = await openCatalog();
const { catalog, admin, statements } = opened;
await putCategories(catalog);

const batch = (count: number, over: (i: number) => Partial<ProductDraft> = () => ({})) =>
  Array.from({ length: count }, (_, i) => ({
    handle: `shirt-${i}`,
    draft: shirt({ title: `Shirt ${i}`, ...over(i) }),
  }));

const load = async (shop: Awaited<ReturnType<typeof openShop>>["id"], products: ReturnType<typeof batch>) =>
  expectDone(await catalog.importMany(asDomain(), { shop, products }));

const outcomesOf = (answer: Awaited<ReturnType<typeof load>>) => {
  const counts: Record<string, number> = {};
  for (const { outcome } of answer) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
};

describe("an import of products by handle", () => {
  after(opened.close);

  test("adds, leaves alone and changes in as many statements for one as for a hundred", async () => {
    const { id: shop } = await openShop(opened);
    const steps = ["categories_among", "claim_handles", "standing", "save"];
    for (const count of [1, 100]) {
      statements.length = 0;
      assert.equal(outcomesOf(await load(shop, batch(count)))["added"], count === 1 ? 1 : 99);
      assert.deepEqual(statements, steps);
      statements.length = 0;
      assert.deepEqual(outcomesOf(await load(shop, batch(count))), { unchanged: count });
      assert.deepEqual(statements, steps.slice(0, 3));
    }
    statements.length = 0;
    const dearer = batch(100, (i) => ({ skus: [{ code: "A", price: usd(5000 + i) }] }));
    assert.deepEqual(outcomesOf(await load(shop, dearer)), { changed: 100 });
    assert.deepEqual(statements, steps);
  });

  test("tells each version once and what is unchanged not at all", async () => {
    const { id: shop } = await openShop(opened);
    await load(shop, batch(3));
    await load(shop, batch(3));
    await load(
      shop,
      batch(3, (i) => (i === 1 ? { brand: "Harbour" } : {})),
    );
    const told = await admin(`select version, count(*)::int as count from catalog.outbox
      where body->>'shop' = '${shop}' group by 1 order by 1`);
    assert.deepEqual(told, [
      { version: 1, count: 3 },
      { version: 2, count: 1 },
    ]);
  });

  test("keeps SKU ids, and other stock alone is no change", async () => {
    const { id: shop } = await openShop(opened);
    const [first] = await load(shop, batch(1));
    const before = expectDone(await catalog.get(as(), { id: first!.product! }));
    const skus = shirt().skus.map((sku) => ({ ...sku, stock: 1 }));
    assert.deepEqual(
      outcomesOf(
        await load(
          shop,
          batch(1, () => ({ skus })),
        ),
      ),
      { unchanged: 1 },
    );
    assert.deepEqual(
      outcomesOf(
        await load(
          shop,
          batch(1, () => ({ skus: skus.slice(1) })),
        ),
      ),
      { changed: 1 },
    );
    const changed = expectDone(await catalog.get(as(), { id: first!.product! }));
    assert.deepEqual(
      changed.skus.map(({ id }) => id),
      [before.skus[1]!.id],
    );
    await load(shop, batch(1));
    assert.deepEqual(
      expectDone(await catalog.get(as(), { id: first!.product! })).skus.map(({ id }) => id),
      before.skus.map(({ id }) => id),
    );
  });

  test("a product changed by hand since is brought back to what the file says", async () => {
    const { id: shop, staff } = await openShop(opened);
    const [first] = await load(shop, batch(1));
    expectDone(await catalog.change(as(staff), { id: first!.product!, title: "By hand" }));
    assert.deepEqual(outcomesOf(await load(shop, batch(1))), { changed: 1 });
    assert.equal(expectDone(await catalog.get(as(), { id: first!.product! })).title, "Shirt 0");
  });

  test("refuses what does not hold together with the reason, and takes the rest", async () => {
    const { id: shop } = await openShop(opened);
    const products = [
      ...batch(5, (i) => {
        if (i === 1) return { category: "no-such" };
        if (i === 2) return { skus: [{ code: "A", price: { amount: 1, currency: "EUR" } }] };
        return i === 3 ? { title: " " } : {};
      }),
      ...batch(1),
    ];
    const answer = await load(shop, products);
    assert.deepEqual(
      answer.map(({ handle, outcome, reason }) => [handle, outcome, reason]),
      [
        ["shirt-0", "added", undefined],
        ["shirt-1", "refused", "There is no category no-such."],
        ["shirt-2", "refused", "A is priced in EUR; this shop sells in USD."],
        ["shirt-3", "refused", "The title is empty."],
        ["shirt-4", "added", undefined],
        ["shirt-0", "refused", "The handle comes twice in one request."],
      ],
    );
    const nowhere = await load(newId<"shop">(randomBucket(), Date.now()), batch(2));
    assert.deepEqual(outcomesOf(nowhere), { refused: 2 });
  });

  test("two imports of one file at once make each product once", async () => {
    const { id: shop } = await openShop(opened);
    const files = [batch(100), batch(100).reverse(), batch(100), batch(100).reverse()];
    const answers = await Promise.all(files.map((products) => load(shop, products)));
    const added = answers.flat().filter(({ outcome }) => outcome === "added");
    assert.equal(added.length, 100);
    assert.deepEqual(outcomesOf(answers.flat()), { added: 100, unchanged: 300 });
    assert.equal(new Set(answers.flat().map(({ product }) => product)).size, 100);
    const [rows] = await admin(
      `select count(*)::int as count from catalog.product where shop = ${toBigint(shop)}`,
    );
    assert.equal(rows!["count"], 100);
  });

  test("two imports of different files at once leave each product as one says, and told once a version", async () => {
    const { id: shop } = await openShop(opened);
    await load(shop, batch(60));
    const brands = ["A", "B", "C"];
    const answers = await Promise.all(
      brands.map((brand) =>
        load(
          shop,
          batch(60, () => ({ brand })),
        ),
      ),
    );
    assert.equal(outcomesOf(answers.flat())["refused"], undefined);
    const changed = answers.flat().filter(({ outcome }) => outcome === "changed").length;
    const rows =
      await admin(`select version, doc->>'brand' as brand, doc->>'version' as said from catalog.product
      where shop = ${toBigint(shop)}`);
    assert.equal(rows.length, 60);
    for (const row of rows) {
      assert.ok(brands.includes(row["brand"] as string));
      assert.equal(row["said"], String(row["version"]));
    }
    const [told] =
      await admin(`select count(*)::int as count, count(distinct (aggregate, version))::int as versions
      from catalog.outbox where body->>'shop' = '${shop}'`);
    assert.deepEqual(told, { count: 60 + changed, versions: 60 + changed });
  });

  test("a handle whose product id was another's gets a new one", async () => {
    const { id: mine } = await openShop(opened);
    const { id: theirs } = await openShop(opened);
    const [other] = await load(theirs, batch(1));
    await admin(`insert into catalog.handle (bucket, shop, handle, product, listed) values
      (${bucketOf(mine)}, ${toBigint(mine)}, 'shirt-0', ${toBigint(other!.product!)}, false)`);
    const [own] = await load(mine, batch(1));
    assert.equal(own!.outcome, "added");
    assert.notEqual(own!.product, other!.product);
    assert.equal(expectDone(await catalog.get(as(), { id: other!.product! })).shop, theirs);
  });

  test("a claim left by an import that died is taken up", async () => {
    const { id: shop } = await openShop(opened);
    const id = newId<"product">(randomBucket(), Date.now());
    await admin(`insert into catalog.handle (bucket, shop, handle, product, listed) values
      (${bucketOf(shop)}, ${toBigint(shop)}, 'shirt-0', ${toBigint(id)}, false)`);
    const [own] = await load(shop, batch(1));
    assert.deepEqual(own, { handle: "shirt-0", outcome: "added", product: id });
  });
});
