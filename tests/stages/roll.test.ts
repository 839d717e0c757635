import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { freePort } from "#lab/shop/free-port";
import { type StagedShop, startStage } from "#lab/shop/staged";
import { reverseProxy } from "#stages/04-reverse-proxy";
import { merchant, sell } from "../support/people.ts";
import { enter, type StagePlace } from "./journey.ts";
import { makeRelease, thatDoesNotStart, thatFails, thatIsOlderThanTheData } from "./releases.ts";
import { steadily } from "./steady.ts";
import { whyNot } from "./why-not.ts";

const program = join(import.meta.dirname, "../../storey");

describe("replacing applications behind a proxy", { skip: whyNot(reverseProxy) }, () => {
  let dataRoot: string;
  let shop: StagedShop;
  let place: StagePlace;
  let sku: string;
  before(async () => {
    dataRoot = await mkdtemp(join(tmpdir(), "storey-roll-"));
    await chmod(dataRoot, 0o711);
    shop = await startStage({ stage: 4, name: "rolled", dataRoot, port: await freePort() });
    place = await enter(shop.url);
    const product = await sell(place, await merchant(place), { stock: 1_000_000 });
    sku = product.skus[0]?.id ?? "";
  });
  after(async () => {
    await place?.close();
    await shop?.stop();
    await rm(dataRoot, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  });

  const roll = (directory: string) =>
    new Promise<{ code: number; said: string }>((resolve) => {
      const args = ["roll", directory, "--name", "rolled", "--data", dataRoot, "--watch-seconds", "2"];
      execFile(program, args, (error, stdout, stderr) => {
        resolve({ code: Number(error?.code ?? 0), said: stdout + stderr });
      });
    });
  const versions = async () => {
    const { components } = await shop.status();
    return components.filter(({ kind }) => kind === "application").map(({ version }) => version);
  };
  const release = (version: string) => makeRelease(join(dataRoot, `release-${version}`), version);

  it("a good release takes over with no failed request", async (t) => {
    const good = release("0.9.1");
    const seen = await steadily(shop.url, sku, async () => {
      const { code, said } = await roll(good);
      assert.equal(code, 0, said);
    });
    assert.deepEqual(await versions(), ["0.9.1", "0.9.1"]);
    t.diagnostic(`${seen.requests} requests meanwhile`);
    assert.deepEqual(seen.failures, []);
  });

  it("one that does not start is taken back by itself, with no failed request", async () => {
    const broken = thatDoesNotStart(release("0.9.2"));
    const seen = await steadily(shop.url, sku, async () => {
      const { code, said } = await roll(broken);
      assert.equal(code, 2, said);
      assert.match(said, /did not start[\s\S]*Rolling back/);
    });
    assert.deepEqual(seen.failures, []);
    assert.deepEqual(await versions(), ["0.9.1", "0.9.1"]);
  });

  it("one that starts and fails is noticed by its answers and taken back", async () => {
    const failing = thatFails(release("0.9.3"));
    await steadily(shop.url, sku, async () => {
      const { code, said } = await roll(failing);
      assert.equal(code, 2, said);
      assert.match(said, /answers were failures|it answers 500 to/);
    });
    assert.deepEqual(await versions(), ["0.9.1", "0.9.1"]);
    const seen = await steadily(shop.url, sku, async () => void (await shop.whole()));
    assert.deepEqual(seen.failures, []);
  });

  it("one that does not fit the data is refused before anything is replaced", async () => {
    const { code, said } = await roll(thatIsOlderThanTheData(release("0.9.4")));
    assert.equal(code, 1, said);
    assert.match(said, /does not fit the data/);
    assert.deepEqual(await versions(), ["0.9.1", "0.9.1"]);
  });

  it("a killed application costs readers nothing", async (t) => {
    const seen = await steadily(shop.url, sku, async () => {
      const kill = await shop.aim("app-1");
      await kill();
      await shop.whole();
    });
    t.diagnostic(`${seen.requests} requests meanwhile, ${seen.failures.length} failed`);
    // A write that was in the killed process's hands may fail; nothing else does.
    assert.deepEqual(
      seen.failures.filter((each) => each.startsWith("GET")),
      [],
    );
    assert.ok(seen.failures.length <= 6, seen.failures.join("\n"));
  });
});
