import assert from "node:assert/strict";
import { test } from "node:test";
import { randomFor } from "#demo/random";
import { interactionsOfPurchase } from "./purchase.ts";
import { mixed } from "./shop.ts";
import { sessionFor } from "./workload.ts";

for (const share of [0.8, 0.5])
  test(`${share * 100} of 100 interactions of a mix browse`, () => {
    const random = randomFor("mix", share);
    const sessions = mixed(share * 100);
    let browsing = 0;
    let buying = 0;
    for (let i = 0; i < 50_000; i++) {
      if (sessionFor(sessions, random).name === "purchase") buying += interactionsOfPurchase;
      else browsing++;
    }
    assert.ok(Math.abs(browsing / (browsing + buying) - share) < 0.01);
  });
