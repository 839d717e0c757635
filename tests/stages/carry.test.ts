import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { backUp } from "#commands/backup";
import { uploadsOf } from "#commands/database-part";
import { reachInstance } from "#commands/reach";
import { restore } from "#commands/restore";
import type { Id } from "#kernel/id";
import { expectDone } from "#kernel/refusal";
import { freePort } from "#lab/shop/free-port";
import { type StagedShop, startStage } from "#lab/shop/staged";
import { lookAtInstance } from "#launcher/instance";
import type { Manifest } from "#platform/backup/manifest";
import { openDisk } from "#platform/files/drivers/disk";
import { readReplicas } from "#stages/05-read-replicas";
import { type Buyer, buyer, type Merchant, merchant, order, password, pay, sell } from "../support/people.ts";
import { until } from "../support/until.ts";
import { buyFromThreeShops, enter, type StagePlace } from "./journey.ts";
import { whyNot } from "./why-not.ts";

const silent = () => undefined;

/** What the tables and the uploads hold, without the moment and the place. */
const sealsOf = (manifest: Manifest) => ({
  files: manifest.files,
  tables: manifest.schemas.flatMap(({ name, tables }) =>
    tables.map((table) => [`${name}.${table.name}`, table.rows, table.bytes, table.sha256]),
  ),
});

/** A buyer with an order in every state there is, and whoever sold them. */
interface Story {
  readonly ada: Buyer;
  readonly seller: Merchant;
  readonly orders: Readonly<Record<string, Id<"order">>>;
  readonly sku: Id<"sku">;
  /** The path of an upload, and what it holds. */
  readonly picture: string;
}

const drawing = '<svg xmlns="http://www.w3.org/2000/svg"/>';

async function tellStory(place: StagePlace, directory: string): Promise<Story> {
  const seller = await merchant(place);
  const sku = (await sell(place, seller, { stock: 20 })).skus[0]?.id as Id<"sku">;
  const ada = await buyer(place);
  const orders: Record<string, Id<"order">> = {};
  const stateIs = (state: string, id: Id<"order">) =>
    until(async () => expectDone(await ada.api.order.get({ id })).state === state);
  for (const state of ["pending", "paid", "shipped", "received", "refunded", "closed"]) {
    const checkout = expectDone(await order(ada, [{ sku, quantity: 1 }]));
    const id = checkout.orders[0]?.id as Id<"order">;
    orders[state] = id;
    if (state === "pending") continue;
    if (state === "closed") {
      expectDone(await ada.api.order.cancel({ id }));
      continue;
    }
    await pay(place, ada, checkout.id);
    await stateIs("paid", id);
    if (state === "refunded") expectDone(await ada.api.order.refund({ id }));
    if (state !== "shipped" && state !== "received") continue;
    expectDone(await seller.api.order.ship({ id, carrier: "Post", trackingNumber: "1" }));
    if (state === "received") expectDone(await ada.api.order.receive({ id }));
  }
  for (const [state, id] of Object.entries(orders)) await stateIs(state, id);
  await place.quiet();
  const picture = await openDisk(directory).put(Buffer.from(drawing), "image/svg+xml");
  return { ada, seller, orders, sku, picture };
}

/** Everybody finds what they left: by the token they had, by their password, and on the page. */
async function findStory(place: StagePlace, story: Story, states: Readonly<Record<string, string>> = {}) {
  const { ada, orders, picture } = story;
  const client = place.client.as({ token: ada.token });
  for (const [state, id] of Object.entries(orders)) {
    assert.equal(expectDone(await client.order.get({ id })).state, states[state] ?? state, state);
  }
  expectDone(await place.client.account.signIn({ email: ada.email, password }));
  assert.equal(await (await fetch(new URL(picture, place.url))).text(), drawing);
  await place.quiet();
}

describe("a shop is carried from stage to stage by backup and restore", {
  skip: whyNot(readReplicas),
}, () => {
  let data: string;
  let story: Story;
  let first: Manifest;
  const file = (name: string) => join(data, `${name}.storey`);
  const backedUp = async (name: string, as = name): Promise<Manifest> => {
    const reached = await reachInstance({ name, data }, silent);
    return backUp(reached, file(as), silent).finally(() => reached.close());
  };
  const restored = async (from: string, name: string, stage?: number) => {
    const said: string[] = [];
    const options = { name, data, ...(stage ? { stage } : {}) };
    const { report } = await restore(file(from), options, (line) => said.push(line));
    assert.deepEqual([report.broken, report.clean], [[], true]);
    return said.join("\n");
  };
  const during = async (stage: number, name: string, work: (place: StagePlace) => Promise<void>) => {
    const shop: StagedShop = await startStage({ stage, name, dataRoot: data, port: await freePort() });
    try {
      const place = await enter(shop.url);
      await work(place).finally(() => place.close());
    } finally {
      await shop.stop();
    }
  };

  before(async () => {
    data = await mkdtemp(join(tmpdir(), "storey-carry-"));
    await chmod(data, 0o711);
    await during(1, "first", async (place) => {
      const facts = await lookAtInstance({ name: "first", dataRoot: data });
      assert.ok(facts);
      story = await tellStory(place, (await uploadsOf(facts)).directory);
    });
    first = await backedUp("first");
    assert.equal(first.instance.stage, 1);
  });
  after(() => rm(data, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }));

  for (const stage of [2, 5]) {
    it(`from 1 to ${stage}, where it goes on, and back with every row`, async () => {
      const [grown, home] = [`grown-${stage}`, `home-${stage}`];
      assert.match(await restored("first", grown, stage), /first at stage 1, backed up at .* by version \d/);
      const asRestored = await backedUp(grown, `${grown}-at-rest`);
      assert.deepEqual(sealsOf(asRestored), sealsOf(first));
      assert.equal(asRestored.instance.stage, stage);

      await during(stage, grown, async (place) => {
        await findStory(place, story);
        const { ada, seller, orders } = story;
        const [api, sender] = [ada, seller].map(({ token }) => place.client.as({ token }));
        const paid = orders["paid"] as Id<"order">;
        expectDone(await sender!.order.ship({ id: paid, carrier: "Post", trackingNumber: "2" }));
        expectDone(await api!.order.receive({ id: paid }));
        const shipped = orders["shipped"] as Id<"order">;
        expectDone(await api!.order.receive({ id: shipped }));
        await buyFromThreeShops(place);
      });
      const later = await backedUp(grown);
      await restored(grown, home, 1);
      assert.deepEqual(sealsOf(await backedUp(home)), sealsOf(later));
      // Once is enough: it is the same there, wherever it comes from.
      if (stage !== 2) return;
      await during(1, home, (place) => findStory(place, story, { paid: "received", shipped: "received" }));
    });
  }

  it("not from what is no whole backup, nor to where it cannot be, and nothing is left of that", async () => {
    const whole = readFileSync(file("first"));
    const was = readdirSync(data).sort();
    const contents = gunzipSync(whole).toString("latin1");
    const other = gzipSync(Buffer.from(contents.replace("backup.json", "mysqldump.a"), "latin1"));
    const newer = gzipSync(Buffer.from(contents.replace('"format":1', '"format":9'), "latin1"));
    for (const [code, bytes, options] of [
      ["backup.truncated", whole.subarray(0, whole.length - 5_000), {}],
      ["backup.not_a_backup", Buffer.from("create table shop (id int);"), {}],
      ["backup.damaged", other, {}],
      ["backup.newer_format", newer, {}],
      ["stage.unknown", whole, { stage: 9 }],
      ["launch.not_empty", whole, { name: "first", stage: 2 }],
      ["launch.name_invalid", whole, { name: "No Name" }],
    ] as const) {
      const path = join(data, "bad");
      writeFileSync(path, bytes);
      await assert.rejects(restore(path, { name: "nobody", data, ...options }, silent), { code }, code);
      await rm(path);
    }
    assert.deepEqual(readdirSync(data).sort(), was);
    assert.ok(!existsSync(join(data, "nobody")));
  });
});
