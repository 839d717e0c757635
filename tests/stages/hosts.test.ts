import assert from "node:assert/strict";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type StagedShop, startStage } from "#lab/shop/staged";
import { findHosts, type Hosts } from "#launcher/hosts/hosts";
import { leftOf, whyNoHosts } from "#launcher/hosts/scratch-hosts";
import { reverseProxy } from "#stages/04-reverse-proxy";
import { until } from "../support/until.ts";
import { buyFromThreeShops, enter, type StagePlace } from "./journey.ts";
import { whyNot } from "./why-not.ts";

const skip = whyNot(reverseProxy) || (await whyNoHosts());

describe("stage 4 on hosts that are really apart", { skip }, () => {
  let dataRoot: string;
  let directory: string;
  let shop: StagedShop;
  let hosts: Hosts;
  let place: StagePlace;
  before(async () => {
    dataRoot = await mkdtemp(join(tmpdir(), "storey-hosts-"));
    await chmod(dataRoot, 0o711);
    directory = join(dataRoot, "apart");
    // Nobody else listens on a host of our making, so any port will do.
    const options = ["--target", "hosts"];
    shop = await startStage({ stage: 4, name: "apart", dataRoot, port: 3000, options });
    const found = await findHosts(directory);
    assert.ok(found);
    hosts = found;
    place = await enter(shop.url);
  });
  after(async () => {
    await place?.close();
    await shop?.stop();
    assert.deepEqual(leftOf(directory), []);
    await rm(dataRoot, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  });

  it("runs every component at an address of its host's own, with the host's share", async (t) => {
    t.diagnostic(`up after ${Math.round(shop.bootMs)} ms`);
    const { components } = await shop.status();
    for (const { name, host, addresses, ailment } of components) {
      assert.equal(ailment, null, name);
      for (const address of Object.values(addresses))
        assert.ok(address.startsWith(`${hosts.host(host).address}:`), `${name} at ${address}`);
    }
    const used = await hosts.consumption();
    assert.deepEqual(
      [...used.keys()],
      reverseProxy.hosts.map(({ name }) => name),
    );
    assert.ok([...used.values()].every(({ cpuMs, memoryBytes }) => cpuMs > 0 && memoryBytes > 0));
    const shares = [...used.values()].reduce((sum, { cpuPercentAllowed }) => sum + cpuPercentAllowed, 0);
    assert.ok(shares <= 150 || reverseProxy.hosts.length * 5 > 150, `${shares} %`);
  });

  it("lets a buyer buy from three shops, and pays each merchant", () => buyFromThreeShops(place));

  it("goes on when the host of one application is cut off, and is whole when it is mended", async (t) => {
    const host = hosts.host("shop");
    const before = performance.now();
    let refused = 0;
    try {
      await host.cutOff();
      await until(async () => (await ailing(shop)).includes("app-1"), 30_000);
      // A connection that rested when the cable went dead is waited on for as long as an answer may take (15 s): what
      // was sent over it fails, and then the proxy leaves the application out.
      await until(async () => {
        const failed = (await reads(shop, 6)).filter((status) => status !== 200).length;
        refused += failed;
        return failed === 0;
      }, 60_000);
    } finally {
      await host.mend();
    }
    const seconds = ((performance.now() - before) / 1000).toFixed(0);
    t.diagnostic(`every reader was answered again after ${seconds} s; ${refused} were refused until then`);
    await shop.whole();
  });

  it("goes on when the host of the cache is frozen", async () => {
    const host = hosts.host("cache");
    try {
      await host.freeze();
      await until(async () => (await ailing(shop)).includes("redis"), 30_000);
      assert.deepEqual(await reads(shop, 3), [200, 200, 200]);
    } finally {
      await host.thaw();
    }
    await shop.whole();
  });

  it("is taken up again after a kill of its supervisor, also with a host that is frozen", async () => {
    const { supervisor, components } = await shop.status();
    const pids = components.map(({ pid }) => pid);
    process.kill(supervisor, "SIGKILL");
    await hosts.host("cache").freeze();
    shop = await startStage({ stage: 4, name: "apart", dataRoot, port: 3000 });
    const again = await shop.status();
    assert.notEqual(again.supervisor, supervisor);
    const kept = again.components.filter(({ pid }) => pids.includes(pid)).map(({ name }) => name);
    assert.ok(kept.includes("database") && kept.includes("proxy") && kept.includes("redis"), kept.join());
    assert.equal((await fetch(`${shop.url}/`)).status, 200);
  });

  it("leaves nothing behind, also when its supervisor was killed before", async () => {
    process.kill((await shop.status()).supervisor, "SIGKILL");
    await hosts.host("data").freeze();
    await shop.stop();
    assert.deepEqual(leftOf(directory), []);
  });
});

const reads = async (shop: StagedShop, times: number): Promise<number[]> => {
  const read = (at: number) => fetch(`${shop.url}/api/v1/products?limit=${at + 1}`);
  return (await Promise.all(Array.from({ length: times }, (_, at) => read(at)))).map(({ status }) => status);
};

const ailing = async (shop: StagedShop): Promise<string[]> =>
  (await shop.status()).components.flatMap(({ name, ailment }) => (ailment === null ? [] : [name]));
