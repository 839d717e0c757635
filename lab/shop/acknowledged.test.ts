import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { openAcknowledged } from "./acknowledged.ts";
import { type Api, openApi } from "./api.ts";

const checkoutOf = (id: string, state: string, orders = ["one", "two"], amount = 500) => ({
  id,
  total: { amount, currency: "USD" },
  orders: orders.map((order) => ({ id: order, state })),
});

/** What a shop that does not keep its word answers, by checkout. */
const answers: Record<string, object | undefined> = {
  kept: checkoutOf("kept", "paid"),
  unpaid: checkoutOf("unpaid", "pending"),
  lost: undefined,
  shrunk: checkoutOf("shrunk", "paid", ["one"]),
  dearer: checkoutOf("dearer", "paid", ["one", "two"], 600),
};
const shop = createServer((request, response) => {
  const found = answers[request.url?.split("/").at(-1) ?? ""];
  response.writeHead(found ? 200 : 404, { "content-type": "application/json" });
  response.end(JSON.stringify(found ?? { code: "order.checkout_not_found" }));
});
let api: Api;
before(async () => {
  shop.listen(0, "127.0.0.1");
  await once(shop, "listening");
  api = openApi(`http://127.0.0.1:${(shop.address() as { port: number }).port}`, 4);
});
after(async () => {
  await api.close();
  shop.close();
});

test("a shop that keeps its word is not complained about", async () => {
  const acknowledged = openAcknowledged();
  acknowledged.placed("token", checkoutOf("kept", "pending"));
  acknowledged.paid("kept");
  acknowledged.placed("token", checkoutOf("unpaid", "pending"));
  assert.deepEqual(await acknowledged.check(api, 50), []);
  assert.deepEqual(acknowledged.count(), { checkouts: 2, orders: 4, paid: 1 });
});

for (const [id, complaint] of [
  ["unpaid", /its money was acknowledged, and one, two is not paid/],
  ["lost", /404/],
  ["shrunk", /has the orders one, acknowledged were one two/],
  ["dearer", /costs 600, acknowledged was 500/],
] as const)
  test(`an acknowledged checkout that is ${id} is named`, async () => {
    const acknowledged = openAcknowledged();
    acknowledged.placed("token", checkoutOf(id, "pending"));
    acknowledged.paid(id);
    const wrong = await acknowledged.check(api, 50);
    assert.equal(wrong.length, 1);
    assert.match(wrong[0] ?? "", new RegExp(`^checkout ${id}: `));
    assert.match(wrong[0] ?? "", complaint);
  });
