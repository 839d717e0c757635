import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { bucketOf, newId, randomBucket, randomToken, toBigint } from "#kernel/id";
import { expectDone, isRefusal } from "#kernel/refusal";
import type { ProductDraft } from "./api.ts";
import { as, asDomain, openCatalog, openShop, putCategories, shirt, staffOf, usd } from "./opened.test.ts";

const opened = await openCatalog();
const { catalog, admin, bus, statements } = opened;
await putCategories(catalog);
const { id: shop, staff } = await openShop(opened);
const { id: otherShop, staff: stranger } = await openShop(opened);
const staffContext = (key = randomToken()) => as(staff, key);

async function made(over: Partial<ProductDraft> = {}) {
  return expectDone(await catalog.create(staffContext(), { shop, ...shirt(over) }));
}

function assertRefused(outcome: unknown, code: string): void {
  assert.ok(isRefusal(outcome), `expected ${code}, got ${JSON.stringify(outcome)?.slice(0, 300)}`);
  assert.equal((outcome as { refusal: string }).refusal, code);
}

describe("catalog", () => {
  after(opened.close);

  test("a product is read as it was made, and its SKUs lie in its bucket", async () => {
    const product = await made();
    assert.deepEqual(await catalog.get(as(), { id: product.id }), product);
    assert.equal(product.version, 1);
    assert.deepEqual(product.options, [{ name: "Size", values: ["M", "L"] }]);
    for (const { id } of product.skus) assert.equal(bucketOf(id), bucketOf(product.id));
  });

  test("reading a product, or a hundred SKUs of a hundred products, is one statement", async () => {
    const products = await Promise.all(Array.from({ length: 50 }, () => made()));
    const ids = products.flatMap(({ skus }) => skus.map(({ id }) => id));
    statements.length = 0;
    await catalog.get(as(), { id: products[0]!.id });
    assert.deepEqual(statements, ["one"]);
    statements.length = 0;
    const offers = expectDone(await catalog.skus(asDomain(), { ids }));
    assert.deepEqual(statements, ["offers"]);
    assert.equal(offers.length, 100);
    const [first] = products;
    assert.deepEqual(
      offers.find(({ sku }) => sku === first!.skus[1]!.id),
      {
        sku: first!.skus[1]!.id,
        product: first!.id,
        shop,
        title: "Harbour Linen Shirt",
        slug: first!.slug,
        options: { Size: "L" },
        code: "HLS-L",
        price: usd(4900),
        image: "/files/a.svg",
      },
    );
  });

  test("a draft is known to its shop's staff alone, and not on sale", async () => {
    const draft = await made({ status: "draft" });
    for (const caller of [undefined, stranger, { kind: "guest", cartToken: "x" } as const]) {
      assertRefused(await catalog.get(as(caller), { id: draft.id }), "catalog.product_not_found");
    }
    assertRefused(
      await catalog.change(as(stranger), { id: draft.id, title: "X" }),
      "catalog.product_not_found",
    );
    assert.deepEqual(await catalog.get(as(staff), { id: draft.id }), draft);
    assert.deepEqual(await catalog.skus(asDomain(), { ids: draft.skus.map(({ id }) => id) }), []);
    expectDone(await catalog.change(as(staff), { id: draft.id, status: "published" }));
    assert.equal(
      expectDone(await catalog.skus(asDomain(), { ids: draft.skus.map(({ id }) => id) })).length,
      2,
    );
    expectDone(await catalog.change(as(staff), { id: draft.id, status: "archived" }));
    assert.deepEqual(await catalog.skus(asDomain(), { ids: draft.skus.map(({ id }) => id) }), []);
  });

  test("somebody else's shop and product are not theirs to fill or change", async () => {
    const product = await made();
    assertRefused(await catalog.create(as(stranger, "k"), { shop, ...shirt() }), "catalog.not_yours");
    assertRefused(await catalog.change(as(stranger), { id: product.id, title: "Mine" }), "catalog.not_yours");
    assertRefused(await catalog.create(as(), { shop, ...shirt() }), "request.unauthenticated");
    assertRefused(await catalog.change(as(), { id: product.id }), "request.unauthenticated");
    const closed = [
      catalog.getMany(as(staff), { ids: [product.id] }),
      catalog.skus(as(staff), { ids: [] }),
      catalog.importMany(as(staff), { shop, products: [] }),
      catalog.export(as(staff), {}),
      catalog.putCategories(as(staff), { items: [] }),
    ];
    for (const outcome of closed) assertRefused(await outcome, "request.forbidden");
    assert.deepEqual(await catalog.get(as(), { id: product.id }), product);
  });

  test("what does not exist is not found", async () => {
    const id = newId<"product">(randomBucket(), Date.now());
    assertRefused(await catalog.get(as(), { id }), "catalog.product_not_found");
    assertRefused(await catalog.change(as(staff), { id, title: "X" }), "catalog.product_not_found");
    const nowhere = newId<"shop">(randomBucket(), Date.now());
    assertRefused(
      await catalog.create(as(staffOf(nowhere), "k"), { shop: nowhere, ...shirt() }),
      "catalog.not_yours",
    );
  });

  test("a product that does not hold together is refused with the reason", async () => {
    const [m, l] = shirt().skus as [ProductDraft["skus"][number], ProductDraft["skus"][number]];
    const bad: [Partial<ProductDraft>, RegExp][] = [
      [{ title: " \n " }, /title is empty/],
      [{ skus: [m, { ...l, code: "HLS-M" }] }, /Two SKUs have the code HLS-M/],
      [{ skus: [m, { ...l, options: { Size: "M" } }] }, /HLS-M and HLS-L choose the same options/],
      [{ skus: [m, { ...l, options: { Colour: "Red" } }] }, /HLS-M says nothing about Colour/],
      [
        {
          skus: [
            { ...m, options: {} },
            { ...l, options: {} },
          ],
        },
        /choose the same options/,
      ],
      [{ skus: [{ ...m, options: { A: "1", B: "2", C: "3", D: "4" } }] }, /at most 3 options/],
      [{ skus: [{ ...m, price: { amount: 1, currency: "EUR" } }] }, /priced in EUR; this shop sells in USD/],
      [{ skus: [{ ...m, compareAt: { amount: 9900, currency: "EUR" } }] }, /priced in EUR/],
      [{ skus: [{ ...m, code: "  " }] }, /empty code/],
      [{ skus: [{ ...m, image: 1 }] }, /shown by picture 1/],
      [{ skus: [{ ...m, options: { "": "M" } }] }, /option without a name/],
      [{ images: [{ url: "data:image/svg+xml,<svg/>", alt: "" }] }, /https/],
      [{ images: [{ url: "/files/../secret", alt: "" }] }, /https/],
      [{ images: [{ url: "javascript:alert(1)", alt: "" }] }, /https/],
    ];
    const product = await made();
    for (const [over, reason] of bad) {
      for (const outcome of [
        await catalog.create(staffContext(), { shop, ...shirt(over) }),
        await catalog.change(as(staff), { id: product.id, ...over }),
      ]) {
        assertRefused(outcome, "catalog.invalid_product");
        assert.match((outcome as { message: string }).message, reason);
      }
    }
    const lost = { category: "no-such" };
    assertRefused(
      await catalog.create(staffContext(), { shop, ...shirt(lost) }),
      "catalog.category_not_found",
    );
    assertRefused(await catalog.change(as(staff), { id: product.id, ...lost }), "catalog.category_not_found");
    assert.deepEqual(await catalog.get(as(), { id: product.id }), product);
  });

  test("a price before that is not above the price is dropped", async () => {
    const skus = [4900, 4901].map((amount, i) => ({
      code: `S${i}`,
      options: { Size: `${i}` },
      price: usd(4900),
      compareAt: usd(amount),
    }));
    const product = await made({ skus });
    assert.deepEqual(
      product.skus.map(({ compareAt }) => compareAt?.amount),
      [undefined, 4901],
    );
  });

  test("a change leaves what it does not name and keeps the SKU ids of codes", async () => {
    const before = await made({
      images: [shirt().images![0]!, { url: "https://x.example/b.png", alt: "b" }],
    });
    const after = expectDone(
      await catalog.change(as(staff), {
        id: before.id,
        version: 1,
        skus: [
          { code: "HLS-L", options: { Size: "L" }, price: usd(4500), image: 1, stock: 99 },
          { code: "HLS-XL", options: { Size: "XL" }, price: usd(5500), stock: 3 },
        ],
      }),
    );
    assert.equal(after.version, 2);
    assert.equal(after.title, before.title);
    assert.equal(after.description, before.description);
    assert.equal(after.createdAt, before.createdAt);
    assert.deepEqual(after.options, [{ name: "Size", values: ["L", "XL"] }]);
    assert.equal(after.skus[0]!.id, before.skus[1]!.id);
    assert.ok(!before.skus.some(({ id }) => id === after.skus[1]!.id));
    const gone = before.skus[0]!.id;
    assert.deepEqual(await catalog.skus(asDomain(), { ids: [gone] }), []);

    const images = [{ url: "https://x.example/b.png", alt: "b" }];
    const moved = expectDone(await catalog.change(as(staff), { id: before.id, images }));
    assert.equal(moved.skus[0]!.image, 0, "the picture that shows a SKU is followed to its new place");

    const back = expectDone(await catalog.change(as(staff), { id: before.id, skus: shirt().skus }));
    assert.equal(back.skus[0]!.id, gone, "a code that returns is the same SKU again");
  });

  test("every version is told once, with the stock of what is new", async () => {
    const product = await made();
    await catalog.change(as(staff), { id: product.id, title: "Shirt" });
    await catalog.change(as(staff), { id: product.id, title: "Shirt" });
    const rows = await admin(
      `select version, body from catalog.outbox where body->>'product' = '${product.id}' order by version`,
    );
    assert.deepEqual(
      rows.map(({ version, body }) => [version, body]),
      [
        [1, told(product, [20, 7])],
        [2, told(product, [0, 0])],
      ],
    );
  });

  const told = (product: { id: string; skus: { id: string }[] }, stock: number[]) => ({
    product: product.id,
    shop,
    status: "published",
    skus: product.skus.map(({ id }, i) => ({ sku: id, stock: stock[i] })),
  });

  test("of two changes of one version one is made", async () => {
    const product = await made();
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        catalog.change(as(staff), { id: product.id, version: 1, title: `T${i}` }),
      ),
    );
    const done = outcomes.filter((outcome) => !isRefusal(outcome));
    assert.equal(done.length, 1);
    for (const outcome of outcomes)
      if (isRefusal(outcome)) assertRefused(outcome, "catalog.changed_meanwhile");
    assert.deepEqual(await catalog.get(as(), { id: product.id }), done[0]);
    const repeated = { id: product.id, version: 1, title: (done[0] as typeof product).title };
    assert.deepEqual(
      await catalog.change(as(staff), repeated),
      done[0],
      "a repeat is answered like the first time",
    );
  });

  test("changes without a version are merged, none lost", async () => {
    const product = await made();
    const changes = [
      { title: "New title" },
      { brand: "Harbour" },
      { tags: ["linen"] },
      { status: "archived" as const },
    ];
    for (const outcome of await Promise.all(
      changes.map((to) => catalog.change(as(staff), { id: product.id, ...to })),
    )) {
      expectDone(outcome);
    }
    const after = expectDone(await catalog.get(as(staff), { id: product.id }));
    assert.deepEqual(
      [after.title, after.brand, after.tags, after.status, after.version],
      ["New title", "Harbour", ["linen"], "archived", 5],
    );
  });

  test("one idempotency key makes one product, sent once or twenty times at once", async () => {
    const key = randomToken();
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () =>
        catalog.create(staffContext(key), { shop, ...shirt({ title: "Once only" }) }),
      ),
    );
    const ids = new Set(outcomes.map((outcome) => expectDone(outcome).id));
    assert.equal(ids.size, 1);
    const another = await made({ title: "Once only" });
    assert.ok(!ids.has(another.id));
    assert.match(another.slug, /^once-only-[0-9a-z]{6}$/, "two of one title have addresses of their own");
  });

  test("a shop's list is the newest first; drafts are its staff's, at once", async () => {
    const { id, staff: owner } = await openShop(opened);
    const context = () => as(owner, randomToken());
    const titles = ["A", "B", "C", "D", "E"];
    for (const [i, title] of titles.entries()) {
      const status = i === 2 ? "draft" : "published";
      expectDone(await catalog.create(context(), { shop: id, ...shirt({ title, status }) }));
    }
    const titlesOf = async (caller?: typeof owner) => {
      const found: string[] = [];
      let cursor: string | null = "";
      while (cursor !== null) {
        const input: Parameters<typeof catalog.ofShop>[1] = { shop: id, limit: 2, ...(cursor && { cursor }) };
        const page: { items: { title: string }[]; next: string | null } = expectDone(
          await catalog.ofShop(as(caller), input),
        );
        found.push(...page.items.map(({ title }) => title));
        cursor = page.next;
      }
      return found;
    };
    assert.deepEqual(await titlesOf(owner), [...titles].reverse());
    await bus.quiet();
    assert.deepEqual(await titlesOf(), ["E", "D", "B", "A"]);
    assert.deepEqual(await titlesOf(stranger), ["E", "D", "B", "A"]);
    statements.length = 0;
    await catalog.ofShop(as(), { shop: id });
    assert.equal(statements.length, 2);
    assert.deepEqual(expectDone(await catalog.ofShop(as(), { shop: otherShop })).items, []);
  });

  test("a page mark that is none of ours begins anew", async () => {
    for (const cursor of ["zzzzzzzzzzzzz", "", "'; drop table product", "0".repeat(200)]) {
      const page = expectDone(await catalog.ofShop(as(staff), { shop, cursor, limit: 2 }));
      assert.deepEqual(page, expectDone(await catalog.ofShop(as(staff), { shop, limit: 2 })));
      expectDone(await catalog.export(asDomain(), { cursor, limit: 1 }));
    }
  });

  test("the export pages through every product once", async () => {
    const ids: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page: { items: { id: string }[]; next: string | null } = expectDone(
        await catalog.export(asDomain(), { limit: 17, ...(cursor && { cursor }) }),
      );
      ids.push(...page.items.map(({ id }) => id));
      cursor = page.next;
    }
    const [row] = await admin("select count(*)::int as count from catalog.product");
    assert.equal(ids.length, row!["count"]);
    assert.deepEqual(ids, [...new Set(ids)].sort());
  });

  test("an id that was another product's is drawn again", async () => {
    const { id: third, staff: owner } = await openShop(opened);
    const product = await made();
    const bigint = `(select id from catalog.product where doc->>'id' = '${product.id}')`;
    const shopId = toBigint(third);
    await admin(`insert into catalog.handle (bucket, shop, handle, product, key, listed)
    values (${bucketOf(third)}, ${shopId}, 'taken', ${bigint}, 'key', false)`);
    const own = expectDone(await catalog.create(as(owner, "key"), { shop: third, ...shirt() }));
    assert.notEqual(own.id, product.id);
    assert.equal(own.shop, third);
  });

  test("categories come with parents before children and are replaced by slug", async () => {
    const category = (slug: string, parent: string | null, position: number) => ({
      slug,
      parent,
      name: slug,
      nameZh: slug,
      position,
      image: null,
    });
    const items = [
      category("z-leaf", "a-root", 0),
      category("a-leaf", "a-root", 1),
      category("a-root", null, 7),
      category("lost", "nowhere", 9),
      category("circle-a", "circle-b", 0),
      category("circle-b", "circle-a", 0),
    ];
    expectDone(await catalog.putCategories(asDomain(), { items }));
    expectDone(await catalog.putCategories(asDomain(), { items: [{ ...items[2]!, name: "A" }] }));
    const all = expectDone(await catalog.categories(as(), {})).items;
    const slugs = all.map(({ slug }) => slug);
    assert.deepEqual(slugs.toSorted(), [...items.map(({ slug }) => slug), "lamps", "shirts"].sort());
    assert.ok(slugs.indexOf("a-root") < slugs.indexOf("z-leaf"));
    assert.ok(slugs.indexOf("z-leaf") < slugs.indexOf("a-leaf"));
    assert.equal(all.find(({ slug }) => slug === "a-root")?.name, "A");
  });
});
