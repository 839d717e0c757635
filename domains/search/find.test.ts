import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Category, Product } from "#domains/catalog/api";
import { systemClock } from "#kernel/clock";
import { newContext } from "#kernel/context";
import { bucketOf, newId, randomBucket } from "#kernel/id";
import { expectDone } from "#kernel/refusal";
import { openTestDatabase, type TestDatabase } from "#tests/support/database";
import type { SearchDoor } from "./api.ts";
import { searchModule } from "./module.ts";

const shopA = newId<"shop">(1, Date.UTC(2026, 1, 1));
const shopB = newId<"shop">(2, Date.UTC(2026, 1, 1));
const category = (slug: string, parent: string | null, name: string, nameZh: string): Category => ({
  slug,
  parent,
  name,
  nameZh,
  position: 0,
  image: null,
});
const categories = [
  category("kitchen", null, "Kitchen", "厨房"),
  category("kettles", "kitchen", "Kettles", "水壶"),
  category("audio", null, "Audio", "音频"),
];

let made = Date.UTC(2026, 5, 1);
function product(title: string, more: Partial<Product> & { amount?: number } = {}): Product {
  const bucket = randomBucket();
  made += 1000;
  return {
    id: newId(bucket, made),
    shop: shopA,
    slug: "a-slug",
    title,
    description: "",
    category: "kettles",
    brand: "",
    tags: [],
    attributes: {},
    images: [],
    status: "published",
    options: [],
    skus: [
      {
        id: newId(bucket, made),
        code: "1",
        options: {},
        price: { amount: more.amount ?? 1000, currency: "USD" },
      },
    ],
    version: 1,
    createdAt: new Date(made).toISOString(),
    updatedAt: new Date(made).toISOString(),
    ...more,
  };
}

describe("finding products", () => {
  let db: TestDatabase;
  let door: SearchDoor;
  const shelf = new Map<string, Product>();
  const context = () => newContext({ deadline: Date.now() + 10_000, trace: "test" });
  let tell: (...products: Product[]) => Promise<void>;
  const titles = async (input: Parameters<SearchDoor["find"]>[1]) =>
    expectDone(await door.find(context(), input)).items.map(({ title }) => title);
  const listed = async (input: Parameters<SearchDoor["list"]>[1]) =>
    expectDone(await door.list(context(), input)).items.map(({ title }) => title);

  before(async () => {
    db = await openTestDatabase();
    const module = searchModule({
      store: db.database.store("search"),
      clock: systemClock,
      log: () => undefined,
      catalog: {
        categories: async () => ({ items: categories }),
        getMany: async (_c, { ids }) => ids.flatMap((id) => shelf.get(id) ?? []),
        export: async () => ({ items: [...shelf.values()], next: null }),
      },
    });
    door = module.door;
    const [reaction] = module.reactions;
    tell = async (...products) => {
      for (const one of products) shelf.set(one.id, one);
      const events = products.map((one) => ({
        bucket: bucketOf(one.id),
        event: {
          id: newId<"event">(bucketOf(one.id), made),
          type: "catalog.changed",
          aggregate: one.id,
          version: one.version,
          at: made,
          body: { product: one.id, shop: one.shop, skus: [] },
        },
      }));
      await db.database
        .store("search")
        .write(context(), 0)
        .transaction((transaction) => reaction!.apply(transaction, events));
    };
    await tell(
      product("Pantry Lane Retro Tea Kettle", { amount: 3800, attributes: { Material: ["Steel"] } }),
      product("Gather Enamel Electric Kettles", {
        amount: 3500,
        shop: shopB,
        attributes: { Material: ["Enamel"] },
      }),
      product("临界 长续航监听耳机", { amount: 11899, category: "audio", description: "<p>地铁也安静</p>" }),
      product("Café men's cotton/linen Shirt", { amount: 900, category: "audio", brand: "O’Neil" }),
      product("A draft", { status: "draft" }),
    );
  });
  after(() => db.close());

  it("lists what is published, by any order", async () => {
    assert.equal((await listed({})).length, 4);
    assert.deepEqual(await listed({ category: "kitchen", sort: "price" }), [
      "Gather Enamel Electric Kettles",
      "Pantry Lane Retro Tea Kettle",
    ]);
    assert.deepEqual((await listed({ sort: "-price" }))[0], "临界 长续航监听耳机");
    assert.deepEqual(await listed({ shop: shopB }), ["Gather Enamel Electric Kettles"]);
    assert.equal(expectDone(await door.list(context(), { category: "kitchen" })).total, 2);
  });

  it("narrows by attribute and price", async () => {
    assert.equal((await listed({ attributes: ["Material:Steel", "Material:Enamel"] })).length, 2);
    assert.equal((await listed({ attributes: ["Material:Steel"], category: "audio" })).length, 0);
    assert.deepEqual(await listed({ priceFrom: 3600, priceTo: 4000 }), ["Pantry Lane Retro Tea Kettle"]);
  });

  it("finds English by stems and Chinese by two characters", async () => {
    assert.equal((await titles({ q: "kettle" })).length, 2);
    assert.deepEqual(await titles({ q: "linens" }), ["Café men's cotton/linen Shirt"]);
    assert.deepEqual(await titles({ q: "cafe mens" }), ["Café men's cotton/linen Shirt"]);
    for (const q of ["耳机", "续航监听", "临界", "地铁", "机"]) {
      assert.deepEqual(await titles({ q }), ["临界 长续航监听耳机"], q);
    }
  });

  it("pages through every order, each hit once", async () => {
    for (const sort of ["newest", "price", "-price"] as const) {
      const seen: string[] = [];
      for (let cursor: string | undefined; ; ) {
        const page = expectDone(await door.list(context(), { sort, limit: 1, ...(cursor && { cursor }) }));
        seen.push(...page.items.map(({ title }) => title));
        if (!page.next) break;
        cursor = page.next;
      }
      assert.deepEqual(seen, await listed({ sort }));
    }
    assert.deepEqual(await door.list(context(), { cursor: "AAAA" }), {
      refusal: "search.bad_cursor",
      message: "Begin again at the first page, without `cursor`.",
    });
  });

  it("forgets what is no longer published", async () => {
    const gone = product("Passing Fancy");
    await tell(gone);
    assert.equal((await titles({ q: "fancy" })).length, 1);
    await tell({ ...gone, status: "archived", version: 2 });
    assert.equal((await titles({ q: "fancy" })).length, 0);
    assert.equal((await listed({})).length, 4);
  });
});
