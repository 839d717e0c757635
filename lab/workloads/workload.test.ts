import assert from "node:assert/strict";
import { test } from "node:test";
import { randomFor } from "#demo/random";
import { order } from "./order.ts";
import { interactionsOfPurchase } from "./purchase.ts";
import { shop } from "./shop.ts";
import { sessionFor } from "./workload.ts";

for (const [workload, share] of [
  [shop, 0.8],
  [order, 0.5],
] as const)
  test(`${share * 100} of 100 interactions of ${workload.name} browse`, () => {
    const random = randomFor("mix", workload.name);
    let browsing = 0;
    let buying = 0;
    for (let i = 0; i < 50_000; i++) {
      if (sessionFor(workload, random).name === "purchase") buying += interactionsOfPurchase;
      else browsing++;
    }
    assert.ok(Math.abs(browsing / (browsing + buying) - share) < 0.01);
  });
