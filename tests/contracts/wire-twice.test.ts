// The same stories and attacks, in a shop whose doors are reached over a wire that delivers twice what may be repeated.
process.env["STOREY_TEST_WIRE"] = "twice";
await import("../journeys/purchase.test.ts");
await import("../journeys/three-shops.test.ts");
await import("../attacks/checkout.test.ts");
await import("../attacks/money.test.ts");
await import("../attacks/stock.test.ts");
await import("../attacks/somebody-else.test.ts");
