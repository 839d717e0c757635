import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { statSync } from "node:fs";
import { createConnection, type Socket } from "node:net";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { connect as connectTls } from "node:tls";
import { request } from "undici";
import { ask, load, type ProxyStage } from "./proxy-stage.ts";
import { makePem } from "./scratch-certificate.ts";

type Check = (stage: ProxyStage) => Promise<void>;

const fingerprintOf = (pem: string) => new X509Certificate(pem).fingerprint256;

const shownBy = async (stage: ProxyStage): Promise<string> => {
  const socket = (await stage.connect()) as TLSSocket;
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
};

const firstWords = (socket: Socket): Promise<string> =>
  new Promise((resolve) => {
    socket.once("data", (chunk) => resolve(String(chunk))).once("close", () => resolve(""));
  });

/** What a proxy does that ends TLS, besides what every proxy does. */
export const secured: Record<string, Check> = {
  "plain HTTP is told the way, on the port of TLS and on its own": async (stage) => {
    const { port } = stage.sites.endpointOf("proxy", "http");
    for (const name of ["http", "plain"] as const) {
      const at = stage.sites.endpointOf("proxy", name);
      const options = { headers: { host: `shop.test:${at.port}` } };
      const answer = await request(`http://${at.host}:${at.port}/products?q=cup&page=2`, options);
      await answer.body.dump();
      const location = `https://shop.test:${port}/products?q=cup&page=2`;
      assert.deepEqual([answer.statusCode, answer.headers["location"]], [308, location], name);
    }
    assert.deepEqual(stage.seen(), []);
  },

  "what is neither is not answered for long, and what is old is refused": async (stage) => {
    const at = stage.sites.endpointOf("proxy", "http");
    const nonsense = createConnection(at);
    nonsense.on("error", () => undefined);
    nonsense.end("\u0000\u0001\u0002 what is this?\r\n\r\n");
    assert.doesNotMatch(await firstWords(nonsense), /^HTTP\/1.1 200/);
    const old = connectTls({ ...at, maxVersion: "TLSv1.1", minVersion: "TLSv1", rejectUnauthorized: false });
    await assert.rejects(
      new Promise((resolve, reject) => old.once("secureConnect", resolve).once("error", reject)),
    );
    assert.equal((await ask(stage.client, "/who")).status, 200);
  },

  "its key is read by nobody but itself": async (stage) => {
    const { directory, account } = stage.sites.siteOf({ name: "proxy" });
    const { mode, uid } = statSync(join(directory, "outside.pem"));
    assert.equal(mode & 0o777, 0o600);
    assert.equal(uid, account?.uid ?? process.getuid?.());
  },

  "a renewed certificate is shown to the next client, and costs nobody a request": async (stage) => {
    const { renew } = stage.running;
    assert.ok(renew);
    const way = load(stage.client, 16, (n) => ({ path: `/who?n=${n}`, method: n % 4 ? "GET" : "POST" }));
    let pem = "";
    for (let times = 0; times < 5; times += 1) {
      pem = makePem("shop.test");
      assert.notEqual(await shownBy(stage), fingerprintOf(pem));
      await renew(pem);
      assert.equal(await shownBy(stage), fingerprintOf(pem));
    }
    const outcomes = await way.stop();
    assert.ok(outcomes.length > 100, `${outcomes.length} requests`);
    assert.deepEqual(
      outcomes.filter(({ status }) => status !== 200),
      [],
    );
  },

  "of the handshakes of others, while it is renewed again and again, none fails": async (stage) => {
    const { renew } = stage.running;
    assert.ok(renew);
    const pems = ["a", "b"].map(() => makePem("shop.test"));
    const wrong: (string | undefined)[] = [];
    let isRenewing = true;
    let shakes = 0;
    const fingerprints = [await shownBy(stage), ...pems.map(fingerprintOf)];
    const come = async () => {
      for (; isRenewing; shakes += 1) {
        const shown = await shownBy(stage);
        if (!fingerprints.includes(shown)) wrong.push(shown);
      }
    };
    const coming = [come(), come(), come(), come()];
    for (let times = 0; times < 100; times += 1) await renew(pems[times % 2] ?? "");
    isRenewing = false;
    await Promise.all(coming);
    assert.deepEqual(wrong, []);
    assert.ok(shakes > 100, `${shakes} handshakes`);
  },
};
