import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { askedOf, chipsOf, type Found, facetsOf, filtersOf, listingHref } from "./filters.ts";

const asked = (query: string) => askedOf(new URLSearchParams(query));

test("an address says what is filtered by, and nonsense in it is left out", () => {
  const all = asked(
    "q=+red+lamp+&category=lamps&sort=-price&price=2000-4999&a=Colour:Red&a=Colour:Red&a=Size:M",
  );
  assert.deepEqual(all, {
    q: "red lamp",
    category: "lamps",
    sort: "-price",
    price: "2000-4999",
    attributes: ["Colour:Red", "Size:M"],
    cursor: undefined,
    before: 0,
  });
  assert.deepEqual(filtersOf(all), { priceFrom: 2000, priceTo: 4999, attributes: ["Colour:Red", "Size:M"] });
  const none = asked("category=../x&sort=toString&price=cheap&a=Colour&cursor=");
  assert.deepEqual(filtersOf(none), {});
  assert.deepEqual([none.category, none.sort], [undefined, undefined]);
});

test("whatever is asked survives its own address", () => {
  fc.assert(
    fc.property(fc.string(), fc.array(fc.tuple(fc.string(), fc.string())), (q, pairs) => {
      const once = askedOf(
        new URLSearchParams([
          ["q", q],
          ...pairs.map(([name, value]): [string, string] => ["a", `${name}:${value}`]),
        ]),
      );
      const again = asked(listingHref("/search", once).split("?")[1] ?? "");
      assert.deepEqual(again, once);
    }),
  );
});

test("a changed filter begins at the first page", () => {
  const at = asked("q=lamp&cursor=abc");
  assert.equal(listingHref("/search", at, { sort: "price" }), "/search?q=lamp&sort=price");
  const next = listingHref("/search", at, { cursor: "next", before: 24 });
  assert.equal(next, "/search?q=lamp&cursor=next&before=24");
  assert.equal(asked("q=lamp&cursor=next&before=24").before, 24);
  assert.equal(asked("q=lamp&before=24").before, 0, "a first page has nothing before it");
});

test("every filter in use can be taken away by itself", () => {
  const chips = chipsOf("/c/lamps", asked("price=2000-4999&a=Colour:Red"), "USD");
  assert.deepEqual(chips, [
    { href: "/c/lamps?a=Colour%3ARed", label: "$20 to $50" },
    { href: "/c/lamps?price=2000-4999", label: "Colour: Red" },
  ]);
});

test("the price that was chosen stays a choice, whatever ranges there are, and there is a way to have none", () => {
  const prices = [
    { from: 0, to: 1999, count: 3 },
    { from: 2000, to: null, count: 4 },
  ];
  const found = { items: [], facets: { prices, categories: [], attributes: [] } } as unknown as Found;
  const ranges = (query: string) =>
    facetsOf(found, asked(query)).priceRanges.map(({ label, chosen }) => (chosen ? `(${label})` : label));
  assert.deepEqual(ranges(""), ["(Any price)", "Up to $20", "$20 and more"]);
  assert.deepEqual(ranges("price=0-1999"), ["Any price", "(Up to $20)", "$20 and more"]);
  assert.deepEqual(ranges("price=5000-9999"), ["Any price", "($50 to $100)", "Up to $20", "$20 and more"]);
});
