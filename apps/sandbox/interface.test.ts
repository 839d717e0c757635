import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { request } from "undici";
import { begin } from "#tests/support/payments";
import { openPaymentWorld, type PaymentWorld } from "#tests/support/sandbox";

let world: PaymentWorld;

/** What a shop sends, signed unless told otherwise. */
async function ask(
  method: "GET" | "POST",
  path: string,
  body = "",
  sign: { key?: string; at?: number; path?: string; body?: string } = {},
) {
  const at = Math.floor((sign.at ?? world.clock.now()) / 1000);
  const text = `${at}.${method} ${sign.path ?? path}\n${sign.body ?? body}`;
  const v1 = createHmac("sha256", sign.key ?? world.key)
    .update(text)
    .digest("hex");
  const answer = await request(world.sandboxUrl + path, {
    method,
    body: body || null,
    headers: { "content-type": "application/json", "sandbox-signature": `t=${at},v1=${v1}` },
  });
  return { status: answer.statusCode, text: await answer.body.text() };
}
const refund = (of: { reference: string; amount: number; key: string; currency?: string }) =>
  ask("POST", "/refunds", JSON.stringify({ currency: "USD", ...of }));

describe("what shops ask the sandbox", () => {
  let reference: string;
  before(async () => {
    world = await openPaymentWorld();
    const { payment } = await begin(world, [1_000]);
    await world.choose(payment.redirectUrl, "late");
    reference = payment.id;
  });
  after(() => world.close());

  test("is answered only if it is signed, as it is, and lately", async () => {
    const path = `/charges/${reference}`;
    assert.equal((await ask("GET", path)).status, 200);
    const now = world.clock.now();
    for (const sign of [
      { key: "other" },
      { at: now - 301_000 },
      { at: now + 301_000 },
      { path: "/charges/x" },
    ]) {
      assert.equal((await ask("GET", path, "", sign)).status, 401, JSON.stringify(sign));
    }
    const body = JSON.stringify({ key: "k", reference, amount: 1, currency: "USD" });
    assert.equal((await ask("POST", "/refunds", body, { body: `${body} ` })).status, 401);
    const unsigned = await request(world.sandboxUrl + path);
    await unsigned.body.dump();
    assert.equal(unsigned.statusCode, 401);
  });

  test("what became of a charge: the same words as a callback, or 404 while nobody chose", async () => {
    const { payment } = await begin(world, [55]);
    assert.equal((await ask("GET", `/charges/${payment.id}`)).status, 404);
    await world.choose(payment.redirectUrl, "pay");
    await world.heardAtLeast(1);
    assert.equal((await ask("GET", `/charges/${payment.id}`)).text, world.heard.at(-1)?.raw);
  });

  test("a refund, which is given once per key, and never more than was captured", async () => {
    const same = await Promise.all(
      Array.from({ length: 10 }, () => refund({ reference, amount: 300, key: "one" })),
    );
    assert.deepEqual(new Set(same.map(({ status }) => status)), new Set([200]));
    const many = await Promise.all(
      Array.from({ length: 10 }, (_, i) => refund({ reference, amount: 300, key: `many ${i}` })),
    );
    assert.equal(many.filter(({ status }) => status === 200).length, 2);
    assert.equal(many.filter(({ status }) => status === 409).length, 8);
    const [row] = await world.test.admin(
      `select refunded::int, (select sum(amount)::int from sandbox.refund) as given from sandbox.charge
       where reference = '${reference}'`,
    );
    assert.deepEqual(row, { refunded: 900, given: 900 });
    assert.equal(
      (await refund({ reference, amount: 100, key: "one" })).status,
      409,
      "a key for another amount",
    );
    assert.equal((await refund({ reference, amount: 100, key: "eur", currency: "EUR" })).status, 409);
    assert.equal((await refund({ reference: "unknown", amount: 1, key: "unknown" })).status, 409);
    const declined = await begin(world, [70]);
    await world.choose(declined.payment.redirectUrl, "decline");
    assert.equal((await refund({ reference: declined.payment.id, amount: 70, key: "no" })).status, 409);
    for (const body of [
      "",
      "{",
      "[]",
      JSON.stringify({ reference, amount: 1.5, key: "x", currency: "USD" }),
    ]) {
      assert.equal((await ask("POST", "/refunds", body)).status, 400, body);
    }
  });
});
