import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, describe, it } from "node:test";
import { Agent, request } from "undici";
import { demoAccounts } from "#demo/accounts";
import { freePort } from "#lab/shop/free-port";
import { until } from "../support/until.ts";

const checkout = join(import.meta.dirname, "../..");
const domain = "shop.example";
const address = { recipient: "Ada", line1: "1 Way", city: "London", postalCode: "N1", country: "GB" };

/** Whether this machine can make a certificate. */
const canCertify = (() => {
  try {
    execFileSync("openssl", ["version"]);
    return true;
  } catch {
    return false;
  }
})();

describe("a demo behind a certificate that holds for its name alone", {
  skip: canCertify ? false : "there is no openssl here to make a certificate",
}, () => {
  let scratch: string;
  let port: number;
  let browser: Agent;
  let stop = async () => {};
  before(async () => {
    scratch = await mkdtemp(join(tmpdir(), "storey-tls-"));
    await chmod(scratch, 0o711);
    const [cert, key] = [join(scratch, "cert.pem"), join(scratch, "key.pem")];
    const made = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
    const named = ["-subj", `/CN=${domain}`, "-addext", `subjectAltName=DNS:${domain}`];
    execFileSync("openssl", ["req", "-x509", ...made, "-keyout", key, "-out", cert, ...named], {
      stdio: "pipe",
    });
    port = await freePort();
    browser = new Agent({ connect: { ca: readFileSync(cert, "utf8"), servername: domain } });
    const child = spawn(
      process.execPath,
      [
        ...[join(checkout, "cli.ts"), "up", "--foreground", "--json", "--demo-products", "40"],
        ...["--name", "tls", "--data", join(scratch, "data"), "--port", String(port)],
        ...["--domain", domain, "--cert", cert, "--key", key],
      ],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    stop = async () => {
      child.kill("SIGINT");
      if (child.exitCode === null) await once(child, "exit");
    };
    for await (const line of createInterface({ input: child.stdout })) if (line.startsWith("{")) break;
    child.stdout.resume();
    assert.equal(child.exitCode, null, "it started");
  });
  after(async () => {
    await stop();
    await browser?.close();
    await rm(scratch, { recursive: true, force: true });
  });

  /** Asks as a browser does that has found the name in the DNS. */
  async function ask(path: string, init: { token?: string; body?: object; form?: URLSearchParams } = {}) {
    const { token, body, form } = init;
    const answer = await request(`https://127.0.0.1:${port}${path}`, {
      dispatcher: browser,
      method: body || form ? "POST" : "GET",
      headers: {
        host: domain,
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(body ? { "content-type": "application/json", "idempotency-key": crypto.randomUUID() } : {}),
        ...(form ? { "content-type": "application/x-www-form-urlencoded", origin: `https://${domain}` } : {}),
      },
      body: body ? JSON.stringify(body) : (form?.toString() ?? null),
    });
    const text = await answer.body.text();
    assert.ok(answer.statusCode < 400, `${path}: ${text}`);
    return text;
  }
  const api = async (path: string, token?: string, body?: object) =>
    JSON.parse(await ask(`/api/v1${path}`, { ...(token ? { token } : {}), ...(body ? { body } : {}) }));

  it("asks the sandbox, is told by it, and so takes a payment", async () => {
    const { email, password } = demoAccounts[0];
    const { token } = await api("/sessions", undefined, { email, password });
    const { items } = await api("/products?limit=100");
    const skus = items.flatMap((item: { skus: string[] }) => item.skus).slice(0, 100);
    const stock = await api(`/stock?${skus.map((sku: string) => `skus=${sku}`).join("&")}`);
    const { sku } = stock.items.find(({ available }: { available: number }) => available > 0);
    const { id } = await api("/accounts/me/addresses", token, address);
    const asked = { lines: [{ sku, quantity: 1 }], address: id };
    const { digest } = await api("/quotes", token, asked);
    const placed = await api("/checkouts", token, { ...asked, quote: digest });
    const payment = await api("/payments", token, { checkout: placed.id, provider: "sandbox" });
    assert.match(payment.redirectUrl, /^\/sandbox\/pay\?/);

    const asking = await api(`/payments/${payment.id}/refreshes`, token, {});
    assert.equal(asking.state, "pending", "the sandbox was asked");
    const form = new URLSearchParams(payment.redirectUrl.split("?")[1]);
    form.set("choice", "pay");
    await ask("/sandbox/pay", { form });
    const order = placed.orders[0].id;
    await until(async () => (await api(`/orders/${order}`, token)).state === "paid");
  });
});
