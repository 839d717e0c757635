import assert from "node:assert/strict";
import { test } from "node:test";
import type { Choice } from "../model.ts";
import { nearest } from "./choose.ts";

const choice = (sku: string, options: Record<string, string>, available = 1): Choice => ({
  sku,
  options,
  available,
  image: null,
  price: { amount: 100, currency: "USD" },
});

test("another value keeps what else was chosen; where that is not made, the nearest that can be bought", () => {
  const redM = choice("red-m", { Colour: "Red", Size: "M" });
  const redL = choice("red-l", { Colour: "Red", Size: "L" });
  const blueM = choice("blue-m", { Colour: "Blue", Size: "M" });
  const blueS = choice("blue-s", { Colour: "Blue", Size: "S" }, 0);
  const all = [redM, redL, blueS, blueM];
  assert.equal(nearest(all, redM, "Colour", "Blue"), blueM);
  assert.equal(nearest(all, redL, "Colour", "Blue"), blueM);
  assert.equal(nearest(all, blueM, "Size", "L"), redL);
  assert.equal(nearest(all, redM, "Size", "XXL"), undefined);
});
