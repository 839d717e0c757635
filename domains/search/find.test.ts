import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { newId } from "#kernel/id";
import { expectDone } from "#kernel/refusal";
import type { SearchDoor } from "./api.ts";
import { asAnyone, type Opened, openSearch, productOf, shopB } from "./opened.test.ts";

describe("finding products", () => {
  let opened: Opened;
  let search: SearchDoor;
  const found = async (input: Parameters<SearchDoor["find"]>[1]) =>
    expectDone(await search.find(asAnyone(), input));
  const titles = async (input: Parameters<SearchDoor["find"]>[1]) =>
    (await found(input)).items.map(({ title }) => title);
  const listed = async (input: Parameters<SearchDoor["list"]>[1]) =>
    expectDone(await search.list(asAnyone(), input)).items.map(({ title }) => title);

  const retro = "Pantry Lane Retro Tea Kettle";
  const enamel = "Gather Enamel Electric Kettles";
  const shirt = "Café men's cotton/linen Shirt";
  const honey = "Kettle Hill Heather Honey";

  before(async () => {
    opened = await openSearch();
    search = opened.door;
    await opened.tell(
      productOf(retro, { amount: 3800, attributes: { Material: ["Steel"], Colour: ["Red", "Navy"] } }),
      productOf(enamel, { amount: 3500, shop: shopB, attributes: { Material: ["Enamel"] } }),
      productOf("临界 长续航监听耳机", {
        amount: 11899,
        category: "audio",
        description: "<p>地铁也安静</p>",
      }),
      productOf(shirt, { amount: 900, category: "audio", brand: "O’Neil T" }),
      productOf("A draft", { status: "draft" }),
    );
  });
  after(() => opened.close());

  test("lists what is published, in any order", async () => {
    assert.equal((await listed({})).length, 4);
    assert.deepEqual(await listed({ category: "kitchen", sort: "price" }), [enamel, retro]);
    assert.deepEqual((await listed({ sort: "-price" }))[0], "临界 长续航监听耳机");
    assert.deepEqual(await listed({ shop: shopB }), [enamel]);
    assert.equal(expectDone(await search.list(asAnyone(), { category: "kitchen" })).total, 2);
  });

  test("narrows by attribute and price", async () => {
    assert.equal((await listed({ attributes: ["Material:Steel", "Material:Enamel"] })).length, 2);
    assert.deepEqual(await listed({ attributes: ["Material:Steel", "Colour:Navy"] }), [retro]);
    assert.equal((await listed({ attributes: ["Material:Steel"], category: "audio" })).length, 0);
    assert.deepEqual(await listed({ priceFrom: 3600, priceTo: 4000 }), [retro]);
    assert.deepEqual(await titles({ q: "kettle", priceTo: 3600 }), [enamel]);
  });

  test("finds English by stems, and Chinese by any two characters", async () => {
    assert.equal((await titles({ q: "kettle" })).length, 2);
    assert.deepEqual(await titles({ q: "linens" }), [shirt]);
    assert.deepEqual(await titles({ q: "CAFE mens" }), [shirt]);
    assert.deepEqual(await titles({ q: "o'neil shirts" }), [shirt]);
    for (const q of ["耳机", "续航监听", "临界", "地铁", "机", "监听 临界"]) {
      assert.deepEqual(await titles({ q }), ["临界 长续航监听耳机"], q);
    }
    assert.equal((await titles({ q: "厨房" })).length, 2);
    assert.equal((await titles({ q: "厨房 tea" })).length, 1);
  });

  test("a text of stop words alone is looked for in titles; a text without words finds nothing", async () => {
    const the = productOf("The Who: The Singles", { category: "audio" });
    await opened.tell(the);
    assert.deepEqual(await titles({ q: "the who" }), [the.title]);
    assert.deepEqual(await found({ q: " ?! " }), { items: [], next: null, total: 0 });
    await opened.tell({ ...the, status: "archived", version: 2 });
  });

  test("the category that is named comes first, then the whole phrase", async () => {
    const jam = productOf(honey, { category: "audio" });
    const apart = productOf("Kettle for Tea", { category: "kettles" });
    await opened.tell(jam, apart);
    assert.equal((await titles({ q: "kettle" })).at(-1), honey);
    assert.equal((await titles({ q: "tea kettle" }))[0], retro);
    await opened.tell({ ...jam, status: "draft", version: 2 }, { ...apart, status: "draft", version: 2 });
  });

  test("forgives slips when nothing else is found, and says what was searched for", async () => {
    const corrections = {
      ketle: "kettle",
      "enamle kettle": "enamel kettle",
      "t-shrit": "t shirt",
      teakettle: "tea kettle",
      "elec tric kettle": "electric kettle",
      "xqzwv kettle": "kettle",
      监听耳塞: "监听耳",
      耳机监听: "耳机 监听",
    };
    for (const [q, corrected] of Object.entries(corrections)) {
      const answer = await found({ q });
      assert.equal(answer.corrected, corrected, q);
      assert.ok(answer.total > 0, q);
    }
    assert.equal((await found({ q: "kettle" })).corrected, undefined);
    assert.deepEqual((await found({ q: "qqq www" })).items, []);
  });

  test("leaves out words when they find nothing together, keeps what says most, and names the rest", async () => {
    const relaxed = {
      "ketle under 50": { corrected: "kettle", dropped: ["50"] },
      "kettle for kids": { corrected: "kettle", dropped: ["kids"] },
      "linen enamel kettle": { corrected: "enamel kettle", dropped: ["linen"] },
      "retro enamel linen": { corrected: "retro", dropped: ["enamel", "linen"] },
      "红色 水壶": { corrected: "水壶", dropped: ["红色"] },
    };
    const numbered = productOf("Linen 50", { category: "audio" });
    await opened.tell(numbered);
    for (const [q, { corrected, dropped }] of Object.entries(relaxed)) {
      const answer = await found({ q });
      assert.deepEqual([answer.corrected, answer.dropped], [corrected, dropped], q);
      assert.ok(answer.total > 0, q);
    }
    assert.equal((await found({ q: "ketle" })).dropped, undefined);
    await opened.tell({ ...numbered, status: "archived", version: 2 });
  });

  test("a corrected search has pages too", async () => {
    const one = await found({ q: "ketle", limit: 1 });
    const two = await found({ q: "ketle", limit: 1, cursor: one.next ?? "" });
    assert.equal(new Set([...one.items, ...two.items].map(({ title }) => title)).size, 2);
  });

  test("a mark of another search, or altered, is refused", async () => {
    const { next } = await found({ q: "kettle", limit: 1 });
    for (const input of [
      { q: "linen" },
      { q: "kettle", priceFrom: 1 },
      { q: "kettle", sort: "price" as const },
    ]) {
      const answer = await search.find(asAnyone(), { ...input, cursor: next ?? "" });
      assert.deepEqual(answer, {
        refusal: "search.bad_cursor",
        message: "Begin again at the first page, without `cursor`.",
      });
    }
    assert.ok("refusal" in (await search.list(asAnyone(), { cursor: "AAAA" })));
  });

  test("a page costs a fixed number of statements", async () => {
    await listed({});
    opened.later();
    for (const [input, expected] of [
      [{}, ["shelf_newest", "shelf_size"]],
      [{ attributes: ["Material:Steel"] }, ["find_terms_0"]],
    ] as const) {
      opened.statements.length = 0;
      await search.list(asAnyone(), { ...input, attributes: [...(input.attributes ?? [])] });
      assert.deepEqual(opened.statements, expected);
    }
    opened.statements.length = 0;
    await found({ q: "kettle" });
    assert.deepEqual(opened.statements, ["find_terms_0"]);
  });

  test("what is no longer published, or older than what is known, is not shown", async () => {
    const gone = productOf("Passing Fancy");
    await opened.tell(gone);
    assert.deepEqual(await titles({ q: "fancy" }), ["Passing Fancy"]);
    await opened.tell({ ...gone, title: "Lasting Fancy", version: 3 });
    await opened.tell({ ...gone, title: "Old Fancy", version: 2 });
    assert.deepEqual(await titles({ q: "fancy" }), ["Lasting Fancy"]);
    await opened.tell({ ...gone, status: "archived", version: 4 });
    assert.deepEqual(await titles({ q: "fancy" }), []);
    assert.deepEqual((await found({ q: "fancy" })).corrected, undefined);
    assert.equal((await listed({})).length, 4);
  });

  test("suggests categories and titles by beginnings, parts of words, and single characters", async () => {
    const suggested = async (q: string) => expectDone(await search.suggest(asAnyone(), { q })).items;
    assert.deepEqual(await suggested("kett"), [
      { text: "Kettles", slug: "kettles" },
      ...[retro, enamel]
        .sort((a, b) => a.split(" ").length - b.split(" ").length)
        .map((text) => {
          const { id, slug } = [...opened.products.values()].find(({ title }) => title === text)!;
          return { text, product: id, slug };
        }),
    ]);
    const texts = async (q: string) => (await suggested(q)).map(({ text }) => text);
    assert.deepEqual(await texts("pantry lane ret"), [retro]);
    assert.deepEqual(await texts("amel"), [enamel]);
    assert.deepEqual(await texts("水"), ["水壶"]);
    assert.deepEqual(await texts("机"), ["临界 长续航监听耳机"]);
    assert.deepEqual(await texts("zzz"), []);
    assert.deepEqual(await texts("!"), []);
  });
});

describe("many matches", () => {
  let opened: Opened;
  before(async () => {
    opened = await openSearch();
    // Enough in the first 64th of the buckets to make a sample of it.
    const products = Array.from({ length: 560 }, (_, i) => {
      const id = newId<"product">(
        i < 280 ? i % 16 : (i % 2 ? 16 : 128) + (i % 100),
        Date.UTC(2026, 6, 1) + i * 1000,
      );
      return productOf(`Plain mug ${i}`, {
        id,
        category: "mugs",
        amount: 100 + i,
        attributes: { Colour: ["Red"] },
      });
    });
    await opened.tell(...products);
  });
  after(() => opened.close());

  test("are ranked from a sample, told as an estimate, and all of them reached", async () => {
    const seen: string[] = [];
    let total = 0;
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = expectDone(
        await opened.door.find(asAnyone(), { q: "mug", limit: 100, ...(cursor && { cursor }) }),
      );
      seen.push(...page.items.map(({ product }) => product));
      total ||= page.total;
      assert.equal(page.total, total, "the total changes from page to page");
      assert.equal(page.facets?.attributes[0]?.values[0]?.count, 64 * 280);
      cursor = page.next;
    }
    assert.equal(seen.length, 560);
    assert.equal(new Set(seen).size, 560);
    assert.equal(total, 10_000, "counted up to");
  });

  test("sorted by price or age are all of them, in order, page by page", async () => {
    const dearer = Array.from({ length: 560 }, (_, i) => 100 + i);
    for (const [sort, expected] of [
      ["price", dearer],
      ["-price", dearer.toReversed()],
      ["newest", dearer.toReversed()],
    ] as const) {
      const amounts: number[] = [];
      opened.statements.length = 0;
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const page = expectDone(
          await opened.door.find(asAnyone(), { q: "mug", sort, limit: 100, ...(cursor && { cursor }) }),
        );
        amounts.push(...page.items.map(({ price }) => price.amount));
        cursor = page.next;
      }
      assert.deepEqual(amounts, expected, sort);
      // Five pages are met on the way; of the sixth the walk finds the end, and all matches are looked at.
      const walked = opened.statements.filter((name) => name === `walk_${sort}_0`);
      assert.deepEqual([walked.length, opened.statements.length], [6, 13]);
    }
  });

  test("a long listing is counted once in a while, a page of it read always", async () => {
    await opened.door.list(asAnyone(), { facets: true });
    opened.statements.length = 0;
    await opened.door.list(asAnyone(), { facets: true });
    assert.deepEqual(opened.statements, ["shelf_newest"]);
    opened.later();
    await opened.door.list(asAnyone(), {});
    assert.deepEqual(opened.statements.slice(1), ["shelf_newest", "shelf_size"]);
  });
});
