// The same stories and attacks, in a shop whose doors are reached over a wire that loses the first answer of each call.
process.env["STOREY_TEST_WIRE"] = "lost";
await import("../journeys/three-shops.test.ts");
await import("../attacks/checkout.test.ts");
await import("../attacks/money.test.ts");
