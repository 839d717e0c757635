import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { systemClock } from "#kernel/clock";
import { makeScratch } from "#launcher/scratch";
import { makePair, whyNoCertificates } from "#launcher/scratch-certificate";
import { asOneText, type Certificate, readPair, watchPair } from "./certificate.ts";
import { outsideOf, publicUrlOf, type UpOptions } from "./up-options.ts";

describe("a certificate that was named", { skip: whyNoCertificates() }, () => {
  const good = makePair("shop.example");
  const put = (directory: string, pair: Certificate) => {
    const files = { cert: join(directory, "cert.pem"), key: join(directory, "key.pem") };
    writeFileSync(files.cert, pair.cert);
    writeFileSync(files.key, pair.key);
    return files;
  };

  it("is refused before anything starts where browsers would refuse it", async () => {
    using scratch = makeScratch();
    const other = makePair("shop.example");
    for (const [code, pair, domain] of [
      ["up.bad_certificate", { cert: good.cert, key: other.key }, undefined],
      ["up.bad_certificate", { cert: good.key, key: good.key }, undefined],
      ["up.bad_certificate", { cert: "no certificate", key: "no key" }, undefined],
      ["up.certificate_name", good, "other.example"],
    ] as const) {
      await assert.rejects(readPair(put(scratch.path, pair), domain), { code }, code);
    }
    const files = put(scratch.path, good);
    for (const days of [-1, 3]) {
      const then = { ...systemClock, now: () => systemClock.now() + days * 86_400_000 };
      await assert.rejects(readPair(files, undefined, then), { code: "up.certificate_expired" });
    }
    const missing = { cert: join(scratch.path, "none.pem"), key: join(scratch.path, "none.pem") };
    await assert.rejects(readPair(missing), { code: "up.no_certificate" });
    assert.deepEqual(await readPair(files, "shop.example"), good);
    assert.doesNotMatch(asOneText(good), /\n\n/);
  });

  it("is handed on when it was renewed, and not while the two files do not belong together", async () => {
    using scratch = makeScratch();
    const files = put(scratch.path, good);
    const renewed = makePair("shop.example");
    const said: string[] = [];
    const taken = Promise.withResolvers<Certificate>();
    const watching = watchPair(files, {
      current: good,
      everyMs: 5,
      take: taken.resolve,
      say: (line) => said.push(line),
    });
    writeFileSync(files.cert, renewed.cert);
    while (said.length === 0) await new Promise((resolve) => setImmediate(resolve));
    assert.match(said[0] ?? "", /not taken: .* no certificate with its private key/);
    writeFileSync(files.key, renewed.key);
    assert.deepEqual(await taken.promise, renewed);
    await watching.stop();
    assert.equal(said.filter((line) => line.includes("not taken")).length, 1, said.join("\n"));
  });
});

describe("how people come in", () => {
  const options = (more: Partial<UpOptions>) => ({ port: 443, ...more }) as UpOptions;
  const certificate = { cert: "/c", key: "/k" };

  it("is as it was, but for what is said anew", () => {
    const before = { domain: "a.example", certificate, plainPort: 80 };
    assert.deepEqual(outsideOf(options({}), before), before);
    assert.deepEqual(publicUrlOf(before), { publicUrl: "https://a.example" });
    const other = outsideOf(options({ domain: "b.example" }), { ...before, publicUrl: "https://x.example" });
    assert.deepEqual(publicUrlOf(other), { publicUrl: "https://b.example" });
    assert.deepEqual(outsideOf(options({ cert: false }), before), { domain: "a.example" });
  });

  it("is refused where it means nothing", () => {
    const refused = (more: Partial<UpOptions>, code: string) =>
      assert.throws(() => outsideOf(options(more), {}), { code });
    refused({ cert: "/c" }, "up.half_a_certificate");
    refused({ key: "/k" }, "up.half_a_certificate");
    refused({ plainPort: 80 }, "up.plain_port_alone");
    refused({ plainPort: 443, ...certificate }, "up.plain_port_alone");
  });
});
