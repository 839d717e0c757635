import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request as requestOverTls } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { isRefusal } from "#kernel/refusal";
import {
  type Buyer,
  buyer,
  categories,
  merchant,
  order,
  password,
  pay,
  person,
  sell,
} from "../support/people.ts";
import { openShop, type TestShop } from "../support/shop.ts";
import { until } from "../support/until.ts";

interface Line {
  readonly level: number;
  readonly reqId?: string;
  readonly msg?: string;
  readonly res?: { statusCode: number };
}

describe("the log", () => {
  let shop: TestShop;
  let ada: Buyer;
  const lines: string[] = [];
  before(async () => {
    shop = await openShop({ logTo: { write: (line) => lines.push(line) } });
    await categories(shop);
    const seller = await merchant(shop);
    const cup = await sell(shop, seller);
    ada = await buyer(shop);
    const checkout = await order(ada, [{ sku: cup.skus[0]!.id, quantity: 1 }]);
    assert.ok(!isRefusal(checkout));
    await pay(shop, ada, checkout.id);
  });
  after(() => shop.close());
  const parsed = () => lines.map((line) => JSON.parse(line) as Line);

  it("tells of each request in a line of JSON, under the id that its answer carries", async () => {
    const answer = await fetch(`${shop.url}/api/v1/products/0000000000000`);
    const problem = (await answer.json()) as { trace: string };
    assert.equal(problem.trace, answer.headers.get("x-request-id"));
    await until(async () =>
      parsed().some((line) => line.reqId === problem.trace && line.res?.statusCode === 404),
    );
  });

  it("takes no request id from outside", async () => {
    const answer = await fetch(shop.url, { headers: { "x-request-id": "forged", "request-id": "forged" } });
    assert.notEqual(answer.headers.get("x-request-id"), "forged");
    assert.ok(!lines.some((line) => line.includes("forged")));
  });

  it("keeps no password, token, cookie or hash, also of what was refused", async () => {
    const mistyped = `${password}-mistyped`;
    const eve = await person(shop);
    const cookie = `session=${ada.token}; cart=guest-cart-token-${crypto.randomUUID()}`;
    const json = { "content-type": "application/json" };
    const post = (path: string, body: string, headers: Record<string, string>) =>
      fetch(shop.url + path, { method: "POST", body, headers, redirect: "manual" });
    const form = { "content-type": "application/x-www-form-urlencoded" };
    const fields = new URLSearchParams({ email: eve.email, password });
    const signedIn = await post("/sign-in", String(fields), { ...form, cookie });
    const given = signedIn.headers.getSetCookie().find((each) => each.startsWith("session="));
    assert.match(given ?? "", /^session=[^;]+; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax$/);
    await post("/api/v1/sessions", JSON.stringify({ email: eve.email, password: mistyped }), json);
    await post("/api/v1/sessions", `{"email": "${eve.email}", "password": "${mistyped}`, json);
    await post("/api/v1/accounts", JSON.stringify({ email: 1, name: "x", password: mistyped }), json);
    await fetch(`${shop.url}/account`, { headers: { cookie } });
    await fetch(`${shop.url}/account`, { headers: { authorization: "Bearer a-token-of-nobody" } });

    const [kept] = await shop.db.admin("select to_jsonb(a)::text as row from account.account a limit 1");
    const hash = /\$argon2[^"]+/.exec(String(kept?.["row"]))?.[0];
    assert.ok(hash, `no hash in ${String(kept?.["row"])}`);
    const secrets = [
      password,
      encodeURIComponent(password),
      mistyped,
      ada.token,
      eve.token,
      cookie.split("cart=")[1]!,
    ];
    secrets.push(given!.split(/[=;]/)[1]!, "a-token-of-nobody", hash, "$argon2", "test-only-sandbox");
    const all = lines.join("");
    for (const secret of secrets) assert.ok(!all.includes(secret), `the log holds ${secret}`);
    assert.ok(lines.length > 20, "it was written to");
    assert.deepEqual(
      parsed().filter((line) => line.level >= 50),
      [],
      "and nothing in it is an error",
    );
  });
});

/** Whether this machine can make a certificate. */
const canCertify = (() => {
  try {
    execFileSync("openssl", ["version"]);
    return true;
  } catch {
    return false;
  }
})();

describe("behind TLS", {
  skip: canCertify ? false : "there is no openssl here to make a certificate",
}, () => {
  let shop: TestShop;
  let directory: string;
  before(async () => {
    directory = mkdtempSync(join(tmpdir(), "storey-tls-"));
    const [cert, key] = [join(directory, "cert.pem"), join(directory, "key.pem")];
    const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"];
    const made = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
    execFileSync("openssl", ["req", "-x509", ...made, "-keyout", key, "-out", cert, ...subject], {
      stdio: "pipe",
    });
    shop = await openShop({ tls: { cert: readFileSync(cert, "utf8"), key: readFileSync(key, "utf8") } });
  });
  after(async () => {
    await shop.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const send = (path: string, fields: Record<string, string>) =>
    new Promise<{ status: number; headers: Record<string, unknown> }>((resolve, reject) => {
      const { origin } = new URL(shop.url);
      const headers = { "content-type": "application/x-www-form-urlencoded", origin };
      const asked = requestOverTls(
        new URL(path, shop.url),
        { method: "POST", rejectUnauthorized: false, headers },
        (answer) => {
          answer.resume();
          answer.once("end", () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers }));
        },
      );
      asked.once("error", reject);
      asked.end(String(new URLSearchParams(fields)));
    });

  it("cookies are for TLS only; browsers are told to stay with it where it has a name", async () => {
    const email = `${crypto.randomUUID()}@example.com`;
    const { status, headers } = await send("/register", { email, name: "Ada", password });
    assert.equal(status, 303);
    const [cookie = ""] = headers["set-cookie"] as string[];
    assert.match(cookie, /^session=.*; HttpOnly; Secure; SameSite=Lax$/);
    assert.equal(headers["strict-transport-security"], undefined, "an address may be another's tomorrow");
  });
});
