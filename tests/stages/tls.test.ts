import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { connect, getCACertificates, setDefaultCACertificates, type TLSSocket } from "node:tls";
import { request } from "undici";
import { freePort } from "#lab/shop/free-port";
import { makePair, whyNoCertificates } from "#launcher/scratch-certificate";
import { singleMachine } from "#stages/01-single-machine";
import { reverseProxy } from "#stages/04-reverse-proxy";
import { merchant, sell } from "../support/people.ts";
import { until } from "../support/until.ts";
import { buyFromThreeShops, enter, type StagePlace } from "./journey.ts";
import { steadily } from "./steady.ts";
import { whyNot } from "./why-not.ts";

const program = join(import.meta.dirname, "../../storey");
const domain = "shop.example";

const storey = (...args: string[]) =>
  new Promise<{ code: number; said: string }>((resolve) => {
    execFile(program, args, { maxBuffer: 16 << 20 }, (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), said: stdout + stderr });
    });
  });

for (const topology of [singleMachine, reverseProxy]) {
  const { stage } = topology;
  describe(`TLS at the door of stage ${stage}`, { skip: whyNoCertificates() || whyNot(topology) }, () => {
    const data = mkdtempSync(join(tmpdir(), "storey-tls-"));
    const [cert, key] = [join(data, "cert.pem"), join(data, "key.pem")];
    const where = ["--name", "safe", "--data", data];
    let port: number;
    let plain: number;
    let place: StagePlace;
    let sku = "";
    const trusted = getCACertificates();
    const put = (pair = makePair(domain)) => {
      writeFileSync(key, pair.key, { mode: 0o600 });
      writeFileSync(cert, pair.cert);
      // What this process has believed until now it still believes.
      setDefaultCACertificates([...getCACertificates(), pair.cert]);
      return pair;
    };
    const up = (...more: string[]) => storey("up", ...where, "--demo-products", "0", ...more);
    const url = () => `https://127.0.0.1:${port}`;

    before(async () => {
      chmodSync(data, 0o711);
      [port, plain] = [await freePort(), await freePort()];
      put();
      const tls = ["--cert", cert, "--key", key, "--domain", domain, "--plain-port", String(plain)];
      const limits = ["--client-limit", "1000000000", "--install"];
      const { code, said } = await up("--stage", String(stage), "--port", String(port), ...tls, ...limits);
      assert.equal(code, 0, said);
      assert.match(said, new RegExp(`https://${domain}`));
      place = await enter(url());
      const product = await sell(place, await merchant(place), { stock: 1_000_000 });
      sku = product.skus[0]?.id ?? "";
    });
    after(async () => {
      await place?.close();
      const { code, said } = await storey("down", ...where);
      setDefaultCACertificates(trusted);
      rmSync(data, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
      assert.equal(code, 0, said);
    });

    it("a whole purchase goes over it", () => buyFromThreeShops(place));

    it("cookies are for it alone, browsers are told to stay, and plain HTTP is sent there", async () => {
      const page = await request(`${url()}/sign-in`, { headers: { host: domain } });
      await page.body.dump();
      assert.match(String(page.headers["strict-transport-security"]), /^max-age=\d{7,}$/);
      const email = `${crypto.randomUUID()}@example.com`;
      const body = new URLSearchParams({ email, name: "Ada", password: "correct horse battery" }).toString();
      const registered = await request(`${url()}/register`, {
        method: "POST",
        headers: {
          "content-type": "application/x-www-form-urlencoded",
          origin: url(),
          // Whoever says so is believed by nobody.
          "x-forwarded-proto": "http",
        },
        body,
      });
      await registered.body.dump();
      assert.equal(registered.statusCode, 303);
      assert.match(String(registered.headers["set-cookie"]), /session=[^;]*;.*; Secure;/);
      for (const at of [port, plain]) {
        const answer = await request(`http://127.0.0.1:${at}/cart?x=1`, { headers: { host: domain } });
        await answer.body.dump();
        assert.deepEqual(
          [answer.statusCode, answer.headers["location"]],
          [308, `https://${domain}/cart?x=1`],
        );
      }
    });

    it("a renewed certificate is shown within seconds, with no failed request", async () => {
      const shown = () =>
        new Promise<string>((resolve, reject) => {
          const socket: TLSSocket = connect({ port, host: "127.0.0.1", servername: domain }, () => {
            resolve(socket.getPeerCertificate().fingerprint256);
            socket.destroy();
          });
          socket.once("error", reject);
        });
      const pair = makePair(domain);
      setDefaultCACertificates([...getCACertificates(), pair.cert]);
      const seen = await steadily(url(), sku, async () => {
        await pause(300);
        put(pair);
        const { fingerprint256 } = new X509Certificate(pair.cert);
        await until(async () => (await shown()) === fingerprint256, 20_000);
        await pause(300);
      });
      assert.ok(seen.requests > 20);
      assert.deepEqual(seen.failures, []);
      const worn = makePair("somebody.else");
      writeFileSync(cert, worn.cert);
      await pause(3_000);
      assert.equal(await shown(), new X509Certificate(pair.cert).fingerprint256);
      put(pair);
    });

    it("it is remembered, and given up only when told so", async () => {
      assert.equal((await storey("down", ...where)).code, 0);
      const again = await up();
      assert.equal(again.code, 0, again.said);
      await (await request(`${url()}/healthz`)).body.dump();
      assert.equal((await storey("down", ...where)).code, 0);
      const open = await up("--no-cert");
      assert.equal(open.code, 0, open.said);
      const { statusCode, headers, body } = await request(`http://127.0.0.1:${port}/`);
      await body.dump();
      assert.deepEqual([statusCode, headers["strict-transport-security"]], [200, undefined]);
    });
  });
}
