import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { createClient } from "@redis/client";
import { ofKind } from "#topology/model";
import { add, cacheServer, firstStage, host } from "#topology/verbs";
import { converse } from "../converse.ts";
import { matchesGolden } from "../golden.ts";
import { redis as need } from "../packages.ts";
import { whyMissing } from "../program.ts";
import { makeScratchSites } from "../scratch-site.ts";
import { redis } from "./redis.ts";
import { redisSettings } from "./settings.ts";

const topology = firstStage(3, "a cache", [
  add(host("cache"), cacheServer("redis", "redis", { on: "cache", memoryMb: 8 })),
]);
const [component] = ofKind(topology, "redis");
assert.ok(component);

test("its settings are those of the golden file", () => {
  const settings = redisSettings({
    listen: { host: "127.0.0.1", port: 6379 },
    directory: "/shop/redis",
    memoryMb: 128,
    password: "golden",
  });
  matchesGolden(join(import.meta.dirname, "golden/redis.conf"), settings);
});

describe("redis", { skip: whyMissing(need) }, () => {
  test("answers who has the password, and says how it is", async () => {
    await using sites = await makeScratchSites(topology);
    const site = sites.siteOf(component);
    const running = await redis.start(component, site);
    assert.match(running.version, /^\d+\.\d+\.\d+$/);
    assert.equal(running.adopted, false);
    assert.equal(await running.ailment(), undefined);
    assert.equal((await running.metrics())["bytesMax"], 8 * 2 ** 20);
    // One after the other: Redis 8.0 does not answer a wrong password that comes right behind what it refused.
    const stranger = async (line: string) => converse(site.endpoint("redis"), [line, "QUIT"], 1_000);
    assert.match(await stranger("GET a"), /^-NOAUTH .*\r\n\+OK/);
    assert.match(await stranger("AUTH wrong"), /^-WRONGPASS .*\r\n\+OK/);
    const owner = statSync(join(site.directory, "redis.conf"));
    assert.deepEqual([owner.mode & 0o777, owner.uid], [0o600, site.account?.uid ?? process.getuid?.()]);
    if (site.account) assert.equal(statSync(`/proc/${running.process.pid}`).uid, site.account.uid);
    await running.stop();
    assert.equal(await running.ailment(), `connect ECONNREFUSED 127.0.0.1:${site.endpoint("redis").port}`);
    assert.deepEqual(await running.metrics(), {});
  });

  test("lets the shop read, write, tell and hear, and not touch the server", async () => {
    await using sites = await makeScratchSites(topology);
    const site = sites.siteOf(component);
    await redis.start(component, site);
    const { host: address, port } = site.endpoint("redis");
    const client = createClient({
      socket: { host: address, port },
      password: site.secret("redis"),
      RESP: 3,
      clientSideCache: { ttl: 0, maxEntries: 10, evictPolicy: "LRU" },
    });
    client.on("error", () => undefined);
    await client.connect();
    try {
      await client.set("a", "1", { expiration: { type: "PX", value: 60_000 } });
      assert.equal(await client.get("a"), "1");
      assert.equal(await client.eval("return redis.call('get', KEYS[1])", { keys: ["a"] }), "1");
      assert.equal(await client.publish("news", "b"), 0);
      for (const forbidden of [["FLUSHALL"], ["CONFIG", "GET", "*"], ["KEYS", "*"], ["SHUTDOWN"], ["SAVE"]]) {
        await assert.rejects(client.sendCommand(forbidden), /NOPERM/, forbidden[0]);
      }
    } finally {
      client.destroy();
    }
  });

  test("holds no more than it was given: what was used last stays", async () => {
    await using sites = await makeScratchSites(topology);
    const site = sites.siteOf(component);
    const running = await redis.start(component, site);
    const value = "x".repeat(10_000);
    const lines = Array.from({ length: 2_000 }, (_, i) => `SET key${i} ${value}`);
    const said = await converse(
      site.endpoint("redis"),
      [`AUTH ${site.secret("redis")}`, ...lines, "EXISTS key1999", "QUIT"],
      5_000,
    );
    assert.doesNotMatch(said, /-OOM/);
    assert.match(said, /:1\r\n\+OK\r\n$/);
    const { evicted = 0, bytes = Number.POSITIVE_INFINITY } = await running.metrics();
    assert.ok(evicted > 0 && bytes < 10 * 2 ** 20, `${evicted} were put out, ${bytes} bytes are held`);
  });

  test("one that a killed launcher left is adopted; with other settings it starts again", async () => {
    await using sites = await makeScratchSites(topology);
    const site = sites.siteOf(component);
    const first = await redis.start(component, site);
    const again = await redis.start(component, site);
    assert.deepEqual([again.adopted, again.process.pid], [true, first.process.pid]);
    const larger = await redis.start({ ...component, memoryMb: 16 }, site);
    assert.equal(larger.adopted, false);
    assert.equal((await larger.metrics())["bytesMax"], 16 * 2 ** 20);
    assert.equal(await site.host.probe(first.process.pid), undefined);
  });
});
