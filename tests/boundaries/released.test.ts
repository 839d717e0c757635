import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { digestOf } from "#platform/database/migrate";

/**
 * Migrations that people's shops have applied. A shop that finds one altered or gone refuses to start
 * (`migration.altered`, `migration.newer`), so what a release brought stays as it is, and what is to be otherwise is
 * another file.
 */
const released: Readonly<Record<string, string>> = {
  "domains/account/001-create.sql": "8a68af0b08789237",
  "domains/cart/001-create.sql": "0fde9c6a9590d10a",
  "domains/cart/002-take-what-was-placed.sql": "e6b48922adc87aa0",
  "domains/cart/003-take-what-was-there.sql": "ac4087ca41f01fae",
  "domains/catalog/001-create.sql": "8f343e550646d883",
  "domains/inventory/001-create.sql": "ae3bc07c14612b08",
  "domains/inventory/002-share-reserve.sql": "a55ed0f7b6a3cb4d",
  "domains/inventory/003-page-by-bucket.sql": "b4ef65c99d6f6ebd",
  "domains/order/001-create.sql": "50ba119419c09aeb",
  "domains/order/002-page-by-bucket.sql": "3bfe2bb832a6398a",
  "domains/payment/001-create.sql": "06a5f158158874c0",
  "domains/payment/002-cheaper-check.sql": "0b347d70f8a47e45",
  "domains/search/001-create.sql": "a7ea9cb878d6686b",
  "domains/settlement/001-create.sql": "a0b133624efd498f",
  "domains/settlement/002-post-once.sql": "58fc4a1acee3e473",
  "domains/settlement/003-post-by-key.sql": "c998421f80396f95",
  "domains/shop/001-create.sql": "24127856b845469c",
  "platform/database/events-2.sql": "0812f615b613a65e",
  "platform/database/events.sql": "41442c91fd046d81",
};

for (const [path, digest] of Object.entries(released))
  test(`${path} is as it was released`, () => {
    const text = readFileSync(join(import.meta.dirname, "../..", path), "utf8");
    assert.equal(digestOf(text), digest, "put the change into a new file beside it");
  });
