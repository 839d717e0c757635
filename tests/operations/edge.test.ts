import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Id } from "#kernel/id";
import { expectDone } from "#kernel/refusal";
import { buyer, categories, merchant, type Person, password, person, sell } from "../support/people.ts";
import { problemIn } from "../support/problem.ts";
import { openShop, type TestShop } from "../support/shop.ts";

const json = { "content-type": "application/json" };
const newShop = { name: "x", region: "x", shipping: { flat: 0, freeAbove: null } };
const register = (body: unknown): RequestInit => ({
  method: "POST",
  headers: json,
  body: typeof body === "string" ? body : JSON.stringify(body),
});

describe("what is no request of ours", () => {
  let shop: TestShop;
  let ada: Person;
  before(async () => {
    shop = await openShop({ limits: { bodyBytes: 10_000 } });
    ada = await person(shop);
  });
  after(() => shop.close());
  const ask = (path: string, init: RequestInit = {}) => fetch(shop.url + path, init);
  const valid = () => ({ email: `${crypto.randomUUID()}@example.com`, name: "Ada", password });

  const refused: readonly [
    what: string,
    path: string,
    init: () => RequestInit,
    status: number,
    code: string,
  ][] = [
    [
      "a body that is too large",
      "/api/v1/accounts",
      () => register({ ...valid(), name: "x".repeat(10_001) }),
      413,
      "request.too_large",
    ],
    [
      "a callback that is too large",
      "/api/v1/payments/callbacks/sandbox",
      () => register("x".repeat(65_537)),
      413,
      "request.too_large",
    ],
    ["half a document", "/api/v1/accounts", () => register('{"email": "a'), 400, "request.invalid"],
    ["no document", "/api/v1/accounts", () => ({ method: "POST", headers: json }), 400, "request.invalid"],
    ["a list for an object", "/api/v1/accounts", () => register([]), 400, "request.invalid"],
    [
      "a document that would change every object",
      "/api/v1/accounts",
      () => register('{"__proto__": {"operator": true}}'),
      400,
      "request.invalid",
    ],
    [
      "a field nobody knows",
      "/api/v1/accounts",
      () => register({ ...valid(), operator: true }),
      400,
      "request.invalid",
    ],
    [
      "a number as text",
      "/api/v1/shops",
      () => register({ name: "x", shipping: { flat: "0", freeAbove: null } }),
      400,
      "request.invalid",
    ],
    [
      "a body that is not JSON",
      "/api/v1/accounts",
      () => ({ method: "POST", headers: { "content-type": "text/plain" }, body: "{}" }),
      400,
      "request.invalid",
    ],
    [
      "a form where JSON is taken",
      "/api/v1/sessions",
      () => ({ method: "POST", body: new URLSearchParams(valid()) }),
      400,
      "request.invalid",
    ],
    ["an operation nobody knows", "/api/v1/nothing", () => ({}), 404, "request.not_found"],
    [
      "a method nobody knows",
      "/api/v1/products",
      () => ({ method: "PATCH", headers: json, body: "{}" }),
      404,
      "request.not_found",
    ],
    ["a file nobody has", "/files/nothing.png", () => ({}), 404, "request.not_found"],
    ["a path out of the files", "/files/..%2f..%2fsecrets.json", () => ({}), 404, "request.not_found"],
    ["a query nobody knows", "/api/v1/products?admin=1", () => ({}), 400, "request.invalid"],
    ["a page of 101", "/api/v1/products?limit=101", () => ({}), 400, "request.invalid"],
    ["a page of none", "/api/v1/products?limit=0", () => ({}), 400, "request.invalid"],
    ["a page of a fraction", "/api/v1/shops?limit=1.5", () => ({}), 400, "request.invalid"],
    ["an id that is none", "/api/v1/products/1", () => ({}), 400, "request.invalid"],
    ["a path that cannot be read", "/api/v1/products/%ff", () => ({}), 400, "request.invalid"],
  ];
  it("says of an id that is none whose it should have been", async () => {
    const answer = await ask("/api/v1/products/1", {});
    const { detail } = await problemIn(answer, 400, "request.invalid");
    assert.match(detail, /^params\.id is not the id of a product\. Ids have 13 small letters and digits/);
    const among = await problemIn(await ask("/api/v1/stock?skus=x", {}), 400, "request.invalid");
    assert.match(among.detail, /^querystring\.skus\.0 is not the id of a sku\./);
    const mark = await problemIn(await ask("/api/v1/shops?cursor=x", {}), 400, "request.invalid");
    assert.match(mark.detail, /^querystring\.cursor is not `next` of the page before\./);
  });

  for (const [what, path, init, status, code] of refused) {
    it(`refuses ${what}: ${status} ${code}`, async () => {
      const answer = await ask(path, init());
      const problem = await problemIn(answer, status, code);
      assert.ok(problem.detail.length > 10, problem.detail);
    });
  }

  it("takes no page mark that is none of ours for one", async () => {
    const shopOf = expectDone(await ada.api.shop.open(newShop)).id;
    const authorization = `Bearer ${expectDone(await shop.client.account.signIn({ email: ada.email, password })).token}`;
    const listings = [
      "/products",
      "/search?q=x",
      "/shops",
      `/shops/${shopOf}/products`,
      `/shops/${shopOf}/orders`,
      "/orders",
    ];
    for (const listing of listings) {
      for (const cursor of ["x", "-1", "%00", "%27", "zzzzzzzzzzzzz", "9".repeat(200)]) {
        const path = `/api/v1${listing}${listing.includes("?") ? "&" : "?"}cursor=${cursor}`;
        const answer = await ask(path, { headers: { authorization } });
        await answer.body?.cancel();
        assert.equal(answer.status, 400, `${path} answered ${answer.status}`);
      }
    }
  });

  it("gives a page of 100 to whoever asks for that many", async () => {
    assert.equal((await ask("/api/v1/products?limit=100")).status, 200);
  });

  it("takes nothing from a query where a body is taken, so that nothing goes unchecked", async () => {
    const headers = { ...json, authorization: `Bearer ${ada.token}`, "idempotency-key": crypto.randomUUID() };
    const body = JSON.stringify({ name: "x", region: "x", shipping: { flat: 0, freeAbove: null } });
    const answer = await ask("/api/v1/shops?description=unchecked", { method: "POST", headers, body });
    await problemIn(answer, 400, "request.invalid");
  });

  it("takes no body it does not know where nothing is to be said, and needs none", async () => {
    const headers = { ...json, authorization: `Bearer ${ada.token}`, "idempotency-key": "k" };
    const path = "/api/v1/orders/0000000000000/cancel";
    await problemIn(await ask(path, { method: "POST", headers, body: '{"x": 1}' }), 400, "request.invalid");
    const { "content-type": _, ...bare } = headers;
    await problemIn(await ask(path, { method: "POST", headers: bare }), 404, "order.not_found");
  });

  it("asks for a key before it creates or charges anything", async () => {
    const headers = { ...json, authorization: `Bearer ${ada.token}` };
    const body = JSON.stringify({ name: "x", region: "x", shipping: { flat: 0, freeAbove: null } });
    const init = { method: "POST", body };
    await problemIn(await ask("/api/v1/shops", { ...init, headers }), 400, "request.idempotency_key_missing");
    const long = { ...headers, "idempotency-key": "k".repeat(201) };
    await problemIn(
      await ask("/api/v1/shops", { ...init, headers: long }),
      400,
      "request.idempotency_key_missing",
    );
  });

  it("says of a page that is not there what a reader can do, in a page", async () => {
    const answer = await ask("/no-such-page", { headers: { accept: "text/html" } });
    assert.equal(answer.status, 404);
    assert.match(answer.headers.get("content-type") ?? "", /^text\/html/);
  });
});

describe("pages of other sites", () => {
  let shop: TestShop;
  let cookie: string;
  before(async () => {
    shop = await openShop();
    cookie = `session=${(await person(shop)).token}`;
  });
  after(() => shop.close());
  const send = (headers: Record<string, string>, path = "/account/name") =>
    fetch(shop.url + path, {
      method: "POST",
      headers: { cookie, ...headers },
      body: new URLSearchParams({ name: "Eve" }),
      redirect: "manual",
    });
  const nameNow = async () => {
    const answer = await fetch(`${shop.url}/api/v1/accounts/me`, { headers: { cookie } });
    return ((await answer.json()) as { name: string }).name;
  };

  const foreign: readonly Record<string, string>[] = [
    { origin: "https://evil.example" },
    { origin: "null" },
    { origin: "http://127.0.0.1:1" },
    { origin: "not an origin" },
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
  ];
  for (const headers of foreign) {
    it(`may not send a form: ${JSON.stringify(headers)}`, async () => {
      const before = await nameNow();
      await problemIn(await send(headers), 403, "request.forbidden");
      await problemIn(await send(headers, "/api/v1/cart/merges"), 403, "request.forbidden");
      assert.equal(await nameNow(), before);
    });
  }

  it("are told from our own, which may", async () => {
    assert.equal(
      (await send({ origin: new URL(shop.url).origin, "sec-fetch-site": "same-origin" })).status,
      303,
    );
    assert.equal(await nameNow(), "Eve");
  });

  it("are told from programs, which say nothing of where they are", async () => {
    assert.equal((await send({})).status, 303);
  });
});

describe("security headers", () => {
  let shop: TestShop;
  let picture: string;
  before(async () => {
    shop = await openShop();
    await categories(shop);
    await sell(shop, await merchant(shop));
    const drawn = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
    picture = await shop.files.put(Buffer.from(drawn), "image/svg+xml");
  });
  after(() => shop.close());

  const paths = [
    "/",
    "/cart",
    "/sign-in",
    "/no-such-page",
    "/api/v1/products",
    "/api/v1/nothing",
    "/healthz",
    "/api",
    "/api/openapi.json",
  ];
  for (const path of paths) {
    it(`are on ${path}`, async () => {
      const { headers } = await fetch(shop.url + path);
      const policy = headers.get("content-security-policy") ?? "";
      assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval/);
      for (const rule of [
        "default-src 'self'",
        "script-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
      ]) {
        assert.ok(policy.includes(rule), `${rule} is not in ${policy}`);
      }
      assert.equal(headers.get("x-content-type-options"), "nosniff");
      assert.match(headers.get("x-request-id") ?? "", /^[0-9a-f-]{36}$/);
      assert.equal(headers.get("x-powered-by"), null);
      assert.equal(
        headers.get("strict-transport-security"),
        null,
        "without TLS there is nothing to insist on",
      );
    });
  }

  it("are on what is refused before anybody looked at it", async () => {
    const answer = await fetch(shop.url, { method: "POST", headers: { origin: "https://evil.example" } });
    assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
    const problem = await problemIn(answer, 403, "request.forbidden");
    assert.equal(answer.headers.get("x-request-id"), problem.trace);
  });

  it("let nothing run in a merchant's picture", async () => {
    const answer = await fetch(`${shop.url}${picture}`);
    assert.equal(answer.status, 200);
    const policy = answer.headers.get("content-security-policy") ?? "";
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /sandbox/);
    assert.doesNotMatch(policy, /script|allow-/);
    assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
  });

  it("keep what is somebody's out of shared caches", async () => {
    const ada = await buyer(shop);
    const mine = await fetch(`${shop.url}/api/v1/products`, {
      headers: { authorization: `Bearer ${ada.token}` },
    });
    assert.equal(mine.headers.get("cache-control"), "private, no-store");
    const anybodys = await fetch(`${shop.url}/api/v1/products`);
    assert.match(anybodys.headers.get("cache-control") ?? "", /^public/);
    assert.match(anybodys.headers.get("vary") ?? "", /cookie/i);
    const refused = await fetch(`${shop.url}/api/v1/products/${"0".repeat(13) as Id<"product">}`);
    assert.equal(refused.status, 404);
    assert.match(refused.headers.get("cache-control") ?? "no-store", /no-store/);
  });
});
