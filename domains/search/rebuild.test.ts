import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { catalogModule } from "#domains/catalog/module";
import { systemClock } from "#kernel/clock";
import { newContext } from "#kernel/context";
import { newId, randomBucket, randomToken } from "#kernel/id";
import { expectDone } from "#kernel/refusal";
import { openLocalBus } from "#platform/bus/drivers/local";
import { openTestDatabase } from "#tests/support/database";
import { until } from "#tests/support/until";
import { searchModule } from "./module.ts";
import { asAnyone, asDomain, categories, type Opened, openSearch, productOf, shopA } from "./opened.test.ts";

/** Every row that readers see, without the number of its generation. */
async function rowsOf(admin: Opened["admin"]): Promise<unknown> {
  const rows: unknown[] = [];
  for (const table of ["product", "card", "shelf"]) {
    const own = "generation = (select reading from search.generation)";
    rows.push(
      await admin(`select to_jsonb(t) - 'generation' as row from search.${table} t where ${own} order by 1`),
    );
  }
  return rows;
}

describe("rebuilding search", () => {
  let opened: Opened;
  beforeEach(async () => {
    opened = await openSearch();
  });
  afterEach(() => opened.close());
  const rebuild = async () => expectDone(await opened.door.rebuild(asDomain(), {}));
  const everyTitle = async () =>
    expectDone(await opened.door.list(asAnyone(), { limit: 100 })).items.map(({ title }) => title);

  test("gives the rows that events gave, and leaves no others behind", async () => {
    const products = Array.from({ length: 230 }, (_, i) =>
      productOf(`Kettle 水壶 ${i}`, {
        status: i % 7 ? "published" : "draft",
        attributes: { Size: [`${i % 5}`] },
      }),
    );
    await opened.tell(...products);
    await opened.tell(
      ...products.slice(0, 50).map((one) => ({ ...one, title: `${one.title} b`, version: 2 })),
    );
    const before = await rowsOf(opened.admin);
    assert.deepEqual(await rebuild(), { products: 197 });
    assert.deepEqual(await rowsOf(opened.admin), before);
    const others = "select from search.product where generation <> (select reading from search.generation)";
    assert.equal((await opened.admin(others)).length, 0);
  });

  test("mends what was lost and takes away what should not be there", async () => {
    const [kept, lost, stray] = [productOf("Kept"), productOf("Lost"), productOf("Stray")];
    await opened.tell(kept, lost, stray);
    await opened.admin(`delete from search.product where title = 'lost'; delete from search.card`);
    opened.products.delete(stray.id);
    await rebuild();
    assert.deepEqual(await everyTitle(), ["Lost", "Kept"]);
  });

  test("readers see the old rows until the new ones are all there", async () => {
    await opened.tell(productOf("First"), productOf("Second"));
    await opened.admin("delete from search.shelf where product = (select min(product) from search.product)");
    let seen: string[] = [];
    opened.whileExported(async () => {
      seen = await everyTitle();
    });
    await rebuild();
    assert.deepEqual(seen, ["Second"]);
    assert.deepEqual(await everyTitle(), ["Second", "First"]);
  });

  test("changes that arrive meanwhile are in it, before and after their product was exported", async () => {
    const products = Array.from({ length: 250 }, (_, i) => productOf(`Kettle ${i}`));
    await opened.tell(...products);
    let pages = 0;
    opened.whileExported(async () => {
      pages += 1;
      // The page just read holds the old versions; some of these products are on it, others come later or
      // were before.
      const touched = products.filter((_, i) => i % 10 === pages);
      await opened.tell(
        ...touched.map((one, i) => ({
          ...one,
          title: `${one.title} changed`,
          status: i % 3 ? ("published" as const) : ("archived" as const),
          version: 2,
        })),
        productOf(`Newcomer ${pages}`),
      );
    });
    await rebuild();
    assert.equal(pages, 3);
    const after = await rowsOf(opened.admin);
    opened.whileExported(async () => undefined);
    await rebuild();
    assert.deepEqual(await rowsOf(opened.admin), after);
    const changed = expectDone(await opened.door.find(asAnyone(), { q: "changed", limit: 100 }));
    assert.equal(
      changed.total,
      [...opened.products.values()].filter((one) => one.status === "published" && one.version === 2).length,
    );
    assert.equal((await opened.admin("select from search.product where terms = '{}'")).length, 0);
  });

  test("a change waits while a page of older versions is written, and then replaces what it brought", async () => {
    await opened.admin("begin; select from search.generation for update");
    const told = opened.tell(productOf("Kettle"));
    const waiting = "select from pg_locks where not granted and transactionid = pg_current_xact_id()::xid";
    await until(async () => (await opened.admin(waiting)).length > 0);
    assert.deepEqual(await everyTitle(), []);
    await opened.admin("commit");
    await told;
    assert.deepEqual(await everyTitle(), ["Kettle"]);
  });

  test("one begun later takes over", async () => {
    await opened.tell(productOf("Kettle"));
    let second: Promise<unknown> | undefined;
    opened.whileExported(async () => {
      opened.whileExported(async () => undefined);
      second ??= rebuild();
      await second;
    });
    await assert.rejects(rebuild(), { code: "search.rebuild_overtaken" });
    await second;
    assert.deepEqual(await everyTitle(), ["Kettle"]);
  });

  test("is not for everybody", async () => {
    assert.ok("refusal" in (await opened.door.rebuild(asAnyone(), {})));
  });
});

test("what catalog tells over the bus is found, and a rebuild from its export changes nothing", async () => {
  const db = await openTestDatabase();
  const [storeOfCatalog, storeOfSearch] = [db.database.store("catalog"), db.database.store("search")];
  const log = (message: string, error?: unknown) => error && console.error(message, error);
  const shop = { get: async () => ({ id: shopA, currency: "USD" }) } as never;
  let bus: ReturnType<typeof openLocalBus> | undefined;
  const catalog = catalogModule({
    store: storeOfCatalog,
    clock: systemClock,
    shop,
    told: () => bus?.told("catalog"),
  });
  const search = searchModule({
    store: storeOfSearch,
    clock: systemClock,
    catalog: catalog.door,
    log,
    counted: () => undefined,
  });
  bus = openLocalBus({
    clock: systemClock,
    log,
    members: [
      { domain: "catalog", store: storeOfCatalog, reactions: catalog.reactions },
      { domain: "search", store: storeOfSearch, reactions: search.reactions },
    ],
  });
  try {
    await catalog.door.putCategories(asDomain(), { items: categories });
    const staff = newContext({
      caller: {
        kind: "account",
        account: newId(randomBucket(), Date.now()),
        session: newId(randomBucket(), Date.now()),
        operator: false,
        shops: [shopA],
      },
      deadline: Date.now() + 60_000,
      idempotencyKey: randomToken(),
      trace: "test",
    });
    const made = expectDone(
      await catalog.door.create(staff, {
        shop: shopA,
        title: "Linen 亚麻衬衫",
        category: "kettles",
        status: "published",
        skus: [{ code: "1", price: { amount: 4900, currency: "USD" }, stock: 1 }],
      }),
    );
    bus.start();
    await bus.quiet();
    const found = async (q: string) =>
      expectDone(await search.door.find(asAnyone(), { q })).items.map(({ product }) => product);
    assert.deepEqual(await found("亚麻"), [made.id]);
    expectDone(await catalog.door.change(staff, { id: made.id, title: "Cotton 纯棉衬衫" }));
    await bus.quiet();
    assert.deepEqual([await found("亚麻"), await found("cotton")], [[], [made.id]]);
    const before = await rowsOf(db.admin);
    await search.door.rebuild(asDomain(), {});
    assert.deepEqual(await rowsOf(db.admin), before);
  } finally {
    await bus.stop();
    await db.close();
  }
});
