import assert from "node:assert/strict";
import { test } from "node:test";
import { postalCodeOf } from "./postal-code.ts";

test("a postal code is checked as its country writes it, and asked for only where there is one", () => {
  for (const [country, code] of [
    ["GB", "N1 9GU"],
    ["GB", "sw1a1aa"],
    ["US", "94103-1234"],
    ["CN", "100000"],
    ["LI", "9490"],
    ["HK", "999077"],
  ] as const)
    assert.deepEqual(postalCodeOf(country, code), { code });
  assert.deepEqual(postalCodeOf("HK", ""), { code: "-" });
  assert.deepEqual(postalCodeOf("DE", "???"), { problem: "A postal code of Germany looks like 10115." });
  assert.deepEqual(postalCodeOf("LI", "???"), { problem: "A postal code is made of letters and digits." });
  assert.deepEqual(postalCodeOf("DE", ""), { problem: "Which postal code?" });
  assert.deepEqual(postalCodeOf("DE", "-"), { problem: "Which postal code?" });
});
