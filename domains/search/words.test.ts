import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { markOf, positionOf } from "./cursor.ts";
import { distanceOf } from "./distance.ts";
import { bandsOf, stepOf } from "./prices.ts";
import { pairsOf, textOfHtml, tokensOf, wordsOf } from "./words.ts";

const word = fc.stringMatching(/^[a-z]{1,12}$/);
const chinese = fc.stringMatching(/^[\u4e00-\u9fff]{1,12}$/);

describe("words", () => {
  test("a text is taken apart where its words end, whatever stands between them", () => {
    assert.deepEqual(wordsOf("Café men’s cotton/linen T-Shirt (2-pack), 30°C").words, [
      ...["cafe", "mens", "cotton", "linen", "t", "shirt", "2", "pack", "30", "c"],
    ]);
    assert.deepEqual(wordsOf("ＳＯＮＹ无线蓝牙耳机2代，ソニー"), {
      words: ["sony", "2"],
      runs: ["无线蓝牙耳机", "代", "ソニー"],
    });
    assert.deepEqual(wordsOf("한국어 ภาษาไทย"), { words: [], runs: ["한국어", "ภาษาไทย"] });
    assert.deepEqual(wordsOf(" ?!% "), { words: [], runs: [] });
  });

  test("taken apart again, words stay as they are", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 40 }), (text) => {
        const tokens = tokensOf(text).map((token) => token.text);
        assert.deepEqual(
          tokensOf(tokens.join(" ")).map((token) => token.text),
          tokens,
        );
      }),
    );
  });

  test("the pairs of a run's part are among the run's pairs", () => {
    fc.assert(
      fc.property(chinese, fc.nat(), fc.nat(), (run, a, b) => {
        const characters = [...run];
        const from = a % characters.length;
        const part = characters.slice(from, from + 2 + (b % characters.length)).join("");
        const pairs = new Set(pairsOf(run));
        if ([...part].length > 1) for (const pair of pairsOf(part)) assert.ok(pairs.has(pair));
      }),
    );
  });

  test("of HTML only the text is read", () => {
    assert.deepEqual(
      wordsOf(textOfHtml("<p>Hopscotch &amp; Sons<br>took <b>2</b>&nbsp;years&#33;</p><a href='x")).words,
      ["hopscotch", "sons", "took", "2", "years"],
    );
  });
});

describe("slips", () => {
  test("one slip is one", () => {
    for (const [a, b] of [
      ["kettle", "ketle"],
      ["mug", "mgu"],
      ["mug", "mugs"],
      ["linen", "lenen"],
    ] as const) {
      assert.equal(distanceOf(a, b), 1);
    }
  });

  test("no further there than back, and never further than the longer word", () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        assert.equal(distanceOf(a, b), distanceOf(b, a));
        assert.equal(distanceOf(a, b) === 0, a === b);
        assert.ok(distanceOf(a, b) <= Math.max(a.length, b.length));
      }),
    );
  });
});

describe("price bands", () => {
  test("no product is lost, no band overlaps, and there are six at most", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 1_000_000_000_000 }), { minLength: 1 }), (prices) => {
        const counts = new Map<number, number>();
        for (const price of prices) counts.set(stepOf(price), (counts.get(stepOf(price)) ?? 0) + 1);
        const bands = bandsOf(counts);
        assert.ok(bands.length <= 6);
        for (const [i, { from, to, count }] of bands.entries()) {
          const within = prices.filter((price) => price >= from && (to === null || price <= to));
          assert.equal(count, within.length);
          assert.equal(from, i === 0 ? 0 : (bands[i - 1]?.to ?? Number.NaN) + 1);
          assert.equal(to === null, i === bands.length - 1);
        }
      }),
    );
  });
});

describe("page marks", () => {
  const position = { key: "-1234", product: "9223372036854775807", from: 16, upTo: 1023 };

  test("lead to where they were made, for what they were made for", () => {
    const mark = markOf(position, "kettles");
    assert.ok(mark.length <= 200);
    assert.deepEqual(positionOf(mark, "kettles"), position);
    assert.equal(positionOf(mark, "mugs"), undefined);
  });

  test("altered anywhere, they are known as altered", () => {
    const mark = markOf(position, "kettles");
    fc.assert(
      fc.property(fc.nat({ max: mark.length - 1 }), fc.stringMatching(/^[\w-]$/), (at, other) => {
        const altered = mark.slice(0, at) + other + mark.slice(at + 1);
        const found = positionOf(altered, "kettles");
        // The last character carries bits that base64 does not read.
        assert.ok(
          found === undefined || Buffer.from(altered, "base64url").equals(Buffer.from(mark, "base64url")),
        );
      }),
    );
    for (const nonsense of ["", "AAAA", "%%%", "x".repeat(200)]) {
      assert.equal(positionOf(nonsense, "kettles"), undefined);
    }
  });
});
