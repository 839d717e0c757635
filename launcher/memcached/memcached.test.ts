import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { describe, test } from "node:test";
import { Client } from "memjs";
import { ofKind } from "#topology/model";
import { add, cacheServer, firstStage, host } from "#topology/verbs";
import { memcached as need } from "../packages.ts";
import { whyMissing } from "../program.ts";
import { makeScratchSites } from "../scratch-site.ts";
import { memcachedArguments } from "./arguments.ts";
import { memcached } from "./memcached.ts";

const topology = firstStage(3, "a cache", [
  add(host("cache"), cacheServer("memcached", "memcached", { on: "cache", memoryMb: 16 })),
]);
const [component] = ofKind(topology, "memcached");
assert.ok(component);

test("it listens on one address, over TCP alone", () => {
  const args = memcachedArguments({ listen: { host: "10.0.0.7", port: 11211 }, memoryMb: 64 });
  assert.equal(args.join(" "), "-l 10.0.0.7 -p 11211 -U 0 -m 64 -I 1m -t 2 -c 2000");
});

describe("memcached", { skip: whyMissing(need) }, () => {
  test("keeps items up to a megabyte, and says how it is", async () => {
    await using sites = await makeScratchSites(topology);
    const site = sites.siteOf(component);
    const running = await memcached.start(component, site);
    assert.match(running.version, /^\d+\.\d+\.\d+/);
    if (site.account) assert.equal(statSync(`/proc/${running.process.pid}`).uid, site.account.uid);
    const { host: address, port } = site.endpoint("memcached");
    const client = Client.create(`${address}:${port}`);
    try {
      const large = Buffer.alloc(900_000, "Storey");
      await client.set("large", large, { expires: 60 });
      assert.deepEqual((await client.get("large")).value, large);
      await assert.rejects(
        client.set("larger", Buffer.alloc(2 ** 20 + 1), { expires: 60 }),
        /TOO_LARGE|too large/i,
      );
    } finally {
      client.quit();
    }
    assert.equal(await running.ailment(), undefined);
    const { hits, bytesMax } = await running.metrics();
    assert.deepEqual({ hits, bytesMax }, { hits: 1, bytesMax: 16 * 2 ** 20 });
    await running.stop();
    // A connection that is begun while the socket closes is reset.
    assert.match((await running.ailment()) ?? "", /ECONNREFUSED|ECONNRESET/);
  });

  test("one that a killed launcher left is adopted, and a frozen one is said to be ill in time", async () => {
    await using sites = await makeScratchSites(topology);
    const site = sites.siteOf(component);
    const first = await memcached.start(component, site);
    const again = await memcached.start(component, site);
    assert.deepEqual([again.adopted, again.process.pid], [true, first.process.pid]);
    process.kill(first.process.pid, "SIGSTOP");
    const before = performance.now();
    assert.match((await again.ailment()) ?? "", /no answer within/);
    assert.ok(performance.now() - before < 2_000);
  });
});
