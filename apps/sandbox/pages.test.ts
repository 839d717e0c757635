import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { type Dispatcher, request } from "undici";
import { openPaymentWorld, type PaymentWorld } from "#tests/support/sandbox";

type Fields = Record<"reference" | "amount" | "currency" | "return", string>;
const bill: Fields = { reference: "bill-1", amount: "2599", currency: "USD", return: "/back?a=b" };

let world: PaymentWorld;

const signed = (changes: Partial<Fields> = {}) => {
  const fields = { ...bill, ...changes };
  const text = ["pay", fields.reference, fields.amount, fields.currency, fields.return].join("\n");
  return { ...fields, signature: createHmac("sha256", world.key).update(text).digest("hex") };
};
const show = (fields: Record<string, string>) =>
  read(request(`${world.sandboxUrl}/pay?${new URLSearchParams(fields)}`));
const choose = (fields: Record<string, string>, choice: string) =>
  read(
    request(`${world.sandboxUrl}/pay`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ ...fields, choice }).toString(),
    }),
  );
async function read(asked: Promise<Dispatcher.ResponseData>) {
  const { statusCode, headers, body } = await asked;
  return { statusCode, headers, text: await body.text() };
}
const charges = () =>
  world.test.admin("select reference, amount::int, state from sandbox.charge order by reference");
const callbacks = async () =>
  (await world.test.admin("select count(*)::int as n from sandbox.callback"))[0]?.n;

describe("the sandbox's pages", () => {
  before(async () => {
    world = await openPaymentWorld();
    // Nothing is delivered while these tests count what is due.
    await world.stopSandbox();
    const never = [3_600_000, 3_600_000] as const;
    await world.startSandbox({ delaysMs: { usual: never, late: 3_600_000, doubledPercent: 0 } });
  });
  after(() => world.close());

  test("say what is paid, and that it is a sandbox, without a script or a style of their own", async () => {
    const { statusCode, headers, text } = await show(signed());
    assert.equal(statusCode, 200);
    assert.match(text, /\$25\.99/);
    assert.match(text, /no real money/);
    assert.doesNotMatch(text, /<script|<style| style=| on[a-z]+=/);
    const policy = String(headers["content-security-policy"]);
    assert.match(policy, /default-src 'none'/);
    assert.doesNotMatch(policy, /unsafe/);
    assert.equal(headers["cache-control"], "no-store");
    for (const part of ["style.css", "icon.svg"]) {
      assert.ok(text.includes(`/sandbox/${part}`));
      const { statusCode: found } = await read(request(`${world.sandboxUrl}/${part}`));
      assert.equal(found, 200);
    }
  });

  test("write amounts with the digits of their currency", async () => {
    assert.match((await show(signed({ amount: "500", currency: "JPY" }))).text, /¥500</);
    assert.match((await show(signed({ amount: "12345", currency: "KWD" }))).text, /KWD\s12\.345</);
    assert.match((await show(signed({ amount: "0", currency: "EUR" }))).text, /€0\.00</);
  });

  test("escape what comes from outside", async () => {
    const { text } = await show(signed({ return: `/back?a="><script>alert('1')</script>&amp;` }));
    assert.doesNotMatch(text, /<script/);
    assert.match(text, /&quot;&gt;&lt;script&gt;alert\(&#39;1&#39;\)&lt;\/script&gt;&amp;amp;/);
  });

  test("refuse a link that the shop did not sign, or that was changed, and charge nothing", async () => {
    const before = await charges();
    const { signature: _, ...unsigned } = signed();
    const bad: Record<string, string>[] = [
      {},
      unsigned,
      { ...signed(), signature: "0".repeat(64) },
      { ...signed(), reference: "bill-2" },
      { ...signed(), amount: "1" },
      { ...signed(), currency: "EUR" },
      { ...signed(), return: "/elsewhere" },
    ];
    for (const fields of bad) {
      const shown = await show(fields);
      assert.equal(shown.statusCode, 400);
      assert.match(shown.text, /Nothing was charged/);
      assert.equal((await choose(fields, "pay")).statusCode, 400);
    }
    assert.deepEqual(await charges(), before);
  });

  test("send nobody to another site, even if the shop signed that", async () => {
    for (const to of [
      "https://evil.example/",
      "//evil.example",
      "/\\evil.example",
      "evil",
      "/a\\b",
      "/a\nb",
      "",
    ]) {
      assert.equal((await show(signed({ return: to }))).statusCode, 400, to);
      assert.equal((await choose(signed({ return: to }), "pay")).statusCode, 400, to);
    }
  });

  test("refuse senseless amounts, choices and bodies", async () => {
    for (const amount of ["-1", "1.5", "1e3", "", " 1", "9".repeat(14)]) {
      assert.equal((await show(signed({ amount }))).statusCode, 400, amount);
    }
    for (const choice of ["", "PAY", "constructor", "__proto__"]) {
      assert.equal((await choose(signed(), choice)).statusCode, 400, choice);
    }
    const send = (body: string, type: string) =>
      read(request(`${world.sandboxUrl}/pay`, { method: "POST", headers: { "content-type": type }, body }));
    assert.equal((await send("a=b", "text/plain")).statusCode, 415);
    assert.equal((await send("a".repeat(20_000), "application/x-www-form-urlencoded")).statusCode, 413);
  });

  test("charge once, and are to tell once, however often the button is pressed", async () => {
    const due = Number(await callbacks());
    const fields = signed({ reference: "pressed" });
    const answers = await Promise.all(Array.from({ length: 10 }, () => choose(fields, "pay")));
    for (const { statusCode, headers } of answers) {
      assert.deepEqual([statusCode, headers.location], [303, bill.return]);
    }
    assert.equal(await callbacks(), due + 1);
    assert.equal((await choose(fields, "decline")).statusCode, 303);
    assert.equal(await callbacks(), due + 1);
    assert.ok(
      (await charges()).some(({ reference, state }) => reference === "pressed" && state === "captured"),
    );
    const again = await show(fields);
    assert.match(again.text, /Paid already/);
    assert.doesNotMatch(again.text, /<button/);
  });

  test("let a declined bill be paid after all, once", async () => {
    const due = Number(await callbacks());
    const fields = signed({ reference: "declined" });
    await choose(fields, "decline");
    await choose(fields, "decline");
    assert.match((await show(fields)).text, /declined before/);
    await Promise.all(Array.from({ length: 5 }, () => choose(fields, "twice")));
    assert.equal(await callbacks(), due + 3);
  });
});
