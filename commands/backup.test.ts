import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, describe, it } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { openClient } from "#apps/client/client";
import { openServer, type Server } from "#apps/server/server";
import { defaultLimits, defaultPayWithinMs } from "#apps/server/settings";
import { systemClock } from "#kernel/clock";
import type { Id } from "#kernel/id";
import { expectDone } from "#kernel/refusal";
import { freePort } from "#lab/shop/free-port";
import { decideReplacement, finishReplacement } from "#launcher/replacement";
import { makeScratch } from "#launcher/scratch";
import type { Manifest } from "#platform/backup/manifest";
import { openDisk } from "#platform/files/drivers/disk";
import { type Buyer, buyer, categories, merchant, order, pay, sell } from "#tests/support/people";
import type { TestShop } from "#tests/support/shop";
import { backUp } from "./backup.ts";
import { checkout, openInstanceWithDatabase } from "./instance.ts";
import { placeOf } from "./place.ts";
import { reachInstance } from "./reach.ts";
import { restore } from "./restore.ts";

const silent = () => undefined;

/** A whole shop on an instance of its own, as `up` opens it. */
async function openInstanceShop(data: string): Promise<TestShop> {
  const open = await openInstanceWithDatabase({ name: "shop", data }, silent);
  const { instance, postgres } = open;
  const { files, settings } = instance.paths;
  // Built once for all tests: its folder is named by the hash of its sources.
  const build = join(tmpdir(), `storey-build-${process.getuid?.()}`);
  const generous = { perClientPerMinute: 1e9, signInsPerClientPerMinute: 1e9 };
  const server: Server = await openServer({
    database: { host: postgres.socketDir, port: postgres.port, name: "storey", connections: 40 },
    http: { host: "127.0.0.1", port: await freePort() },
    directories: { files, build, settings },
    ...placeOf({ instance: "shop", stage: 1, process: "app" }),
    limits: { ...defaultLimits, ...generous },
    payWithinMs: defaultPayWithinMs,
    demo: { accounts: [], callbackDelaysMs: { usual: [0, 50], late: 500, doubledPercent: 20 } },
    clock: systemClock,
    logLevel: "silent",
    secret: (name) => instance.secret(name),
  });
  const client = openClient(server.url);
  const close = async () => {
    await client.close();
    await server.close();
    await open.close();
  };
  // What people use of a test's shop; its database belongs to the instance.
  const quiet = () => server.bus.quiet();
  return { ...server, client, files: openDisk(files), quiet, close } as unknown as TestShop;
}

async function backUpTo(file: string, data: string): Promise<Manifest> {
  const reached = await reachInstance({ name: "shop", data }, silent);
  return backUp(reached, file, silent).finally(() => reached.close());
}

/** What the tables hold, without which moment it was. */
const sealsOf = (manifest: Manifest) => ({
  files: manifest.files,
  tables: manifest.schemas.flatMap(({ name, tables }) =>
    tables.map((table) => [name, table.name, table.rows, table.bytes, table.sha256]),
  ),
});

const placed = async (who: Buyer, sku: Id<"sku">, quantity: number) =>
  expectDone(await order(who, [{ sku, quantity }]));

describe("a shop that was backed up while it ran", () => {
  const scratch = makeScratch();
  const data = join(scratch.path, "data");
  const file = join(scratch.path, "shop.storey");
  let original: Manifest;
  let ada: Buyer;
  let orders: Id<"order">[];
  let sku: Id<"sku">;
  let picture: string;

  before(async () => {
    const shop = await openInstanceShop(data);
    try {
      await categories(shop);
      const seller = await merchant(shop);
      const cup = await sell(shop, seller, { amount: 1_250, stock: 10 });
      sku = cup.skus[0]!.id;
      ada = await buyer(shop);
      const paid = await placed(ada, sku, 2);
      assert.equal((await pay(shop, ada, paid.id)).state, "captured");
      const pending = await placed(ada, sku, 1);
      orders = [...paid.orders, ...pending.orders].map((each) => each.id);
      picture = await shop.files.put(Buffer.from("<svg/>"), "image/svg+xml");
      await shop.bus.quiet();
      original = await backUpTo(file, data);
      // Sold after the backup: not in it.
      await placed(ada, sku, 3);
    } finally {
      await shop.close();
    }
  });
  after(() => scratch[Symbol.dispose]());

  it("is back with every number, after its directory was destroyed", async () => {
    rmSync(data, { recursive: true });
    const { report, aside } = await restore(file, { name: "shop", data }, silent);
    assert.deepEqual([report.broken, report.clean, aside], [[], true, undefined]);
    assert.ok((report.checked["order"] ?? 0) > 0);

    const again = await backUpTo(join(scratch.path, "again.storey"), data);
    assert.deepEqual(sealsOf(again), sealsOf(original));

    const shop = await openInstanceShop(data);
    try {
      const api = openClient(shop.url).as({ token: ada.token });
      const states = [];
      for (const id of orders) states.push(expectDone(await api.order.get({ id })).state);
      assert.deepEqual(states, ["paid", "pending"]);
      assert.equal(expectDone(await shop.client.inventory.available({ skus: [sku] })).items[0]?.available, 7);
      const response = await fetch(new URL(picture, shop.url));
      assert.equal(await response.text(), "<svg/>");
      await api.close();
    } finally {
      await shop.close();
    }
  });

  it("puts what was there aside, only when told to", async () => {
    await assert.rejects(restore(file, { name: "shop", data }, silent), { code: "launch.not_empty" });
    const { aside = "" } = await restore(file, { name: "shop", data, force: true }, silent);
    assert.equal(dirname(aside), join(data, "shop"));
    assert.deepEqual(readdirSync(aside).sort(), ["files", "instance.json", "postgres", "secrets.json"]);
  });

  it("is not touched by a backup that is damaged, cut short or of another version", async () => {
    const stamp = () => readdirSync(join(data, "shop")).sort().join();
    const was = stamp();
    const whole = readFileSync(file);
    const contents = gunzipSync(whole).toString("latin1");
    const digest =
      /"name": "000-events.sql",\s+"digest": "(?<digest>[0-9a-f]{16})"/.exec(contents)?.groups?.["digest"] ??
      "";
    const flipped = flippedIn(whole);
    const compressed = (text: string) => gzipSync(Buffer.from(text, "latin1"));
    for (const [codes, bytes] of [
      // What a wrong bit makes of the rest may also look like an end, or like no archive.
      [/^backup\.(damaged|truncated|not_a_backup)$/, flipped],
      [/^backup\.truncated$/, whole.subarray(0, whole.length >> 1)],
      [/^restore\.altered$/, compressed(contents.replaceAll(digest, "0123456789abcdef"))],
      [/^restore\.newer$/, compressed(contents.replaceAll("000-events.sql", "999-events.sql"))],
    ] as const) {
      const path = join(scratch.path, "wrong.storey");
      writeFileSync(path, bytes);
      const restored = restore(path, { name: "shop", data, force: true }, silent);
      await assert.rejects(restored, ({ code }: { code: string }) => codes.test(code));
    }
    assert.equal(stamp(), was);
  });

  it("made by an older version is restored as it was, and then brought up to this one", async () => {
    const since = ["inventory/004-settle-in-any-order", "order/003-follow-each", "payment/002-cheaper-check"];
    let older = gunzipSync(readFileSync(file)).toString("latin1");
    for (const migration of since) {
      // An archive counts its bytes, so that what is taken out leaves room.
      const known = new RegExp(`,\\s*\\{\\s*"name": "${migration.split("/")[1]}.sql",[^}]*\\}`);
      assert.match(older, known);
      older = older.replace(known, (entry) => " ".repeat(entry.length));
    }
    const path = join(scratch.path, "older.storey");
    writeFileSync(path, gzipSync(Buffer.from(older, "latin1")));
    const there = { name: "older", data };
    const { manifest, report } = await restore(path, there, silent);
    const namesIn = ({ schemas }: Manifest) =>
      schemas.flatMap(({ name, migrations }) => migrations.map((each) => `${name}/${each.name}`));
    assert.equal(namesIn(manifest).length, namesIn(original).length - since.length);
    assert.deepEqual([report.broken, report.clean], [[], true]);
    const reached = await reachInstance(there, silent);
    const renewed = await backUp(reached, join(scratch.path, "renewed.storey"), silent).finally(() =>
      reached.close(),
    );
    assert.deepEqual(namesIn(renewed).sort(), namesIn(original).sort());
    assert.deepEqual(sealsOf(renewed), sealsOf(original));
  });

  it("cannot be restored over while it runs, nor started while it is half restored", async () => {
    const open = await openInstanceWithDatabase({ name: "shop", data }, silent);
    await assert.rejects(restore(file, { name: "shop", data, force: true }, silent), {
      code: "launch.in_use",
    });
    await open.close();
    mkdirSync(join(data, "shop/restoring"));
    await assert.rejects(openInstanceWithDatabase({ name: "shop", data }, silent), {
      code: "launch.restore_unfinished",
    });
    await restore(file, { name: "shop", data, force: true }, silent);
    assert.ok(!existsSync(join(data, "shop/restoring")));
    await (await openInstanceWithDatabase({ name: "shop", data }, silent)).close();
  });

  it("outlives a restore that is killed with its database running", async () => {
    const command = ["cli.ts", "restore", file, "--name", "shop", "--data", data, "--force", "--verbose"];
    const child = spawn(process.execPath, command, { cwd: checkout, stdio: ["ignore", "pipe", "inherit"] });
    for await (const line of createInterface(child.stdout)) if (line.startsWith("account.")) break;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    assert.deepEqual(await ended, [null, "SIGKILL"]);
    await assert.rejects(openInstanceWithDatabase({ name: "shop", data }, silent), {
      code: "launch.restore_unfinished",
    });
    const { report } = await restore(file, { name: "shop", data, force: true }, silent);
    assert.ok(report.clean);
  });

  it("is backed up at rest as it is, and a name that nobody has is refused", async () => {
    const rested = await backUpTo(join(scratch.path, "rested.storey"), data);
    assert.deepEqual(sealsOf(rested), sealsOf(original));
    await assert.rejects(reachInstance({ name: "nobody", data }, silent), { code: "instance.none" });
    assert.ok(!existsSync(join(data, "nobody")));
  });
});

describe("a replacement that was decided", () => {
  it("is finished by whoever opens the instance, wherever it was killed", async () => {
    for (let moved = 0; moved <= 4; moved += 1) {
      using scratch = makeScratch();
      const names = ["postgres", "files", "secrets.json", "instance.json"];
      const put = (directory: string, text: string) => {
        mkdirSync(directory, { recursive: true });
        for (const name of names) writeFileSync(join(directory, name), text);
      };
      put(scratch.path, "old");
      put(join(scratch.path, "restoring"), "new");
      // As a kill leaves it: the decision made, and so many of the four moved.
      if (moved === 4) await decideReplacement(scratch.path, new Date(0));
      else killedAfter(scratch.path, names.slice(0, moved));
      await finishReplacement(scratch.path);
      const aside = readdirSync(scratch.path).find((name) => name.startsWith("replaced-")) ?? "";
      assert.deepEqual(readdirSync(scratch.path).sort(), [...names, aside].sort());
      for (const name of names) {
        assert.equal(readFileSync(join(scratch.path, name), "utf8"), "new");
        assert.equal(readFileSync(join(scratch.path, aside, name), "utf8"), "old");
      }
    }
  });
});

function killedAfter(directory: string, moved: readonly string[]): void {
  writeFileSync(join(directory, "restoring/decision.json"), '{ "aside": "replaced-19700101t000000z" }');
  renameSync(join(directory, "restoring"), join(directory, "restored"));
  if (moved.length > 0) mkdirSync(join(directory, "replaced-19700101t000000z"));
  for (const name of moved) {
    renameSync(join(directory, name), join(directory, "replaced-19700101t000000z", name));
    renameSync(join(directory, "restored", name), join(directory, name));
  }
}

/** One bit in the middle is another, and the contents with it: some bits of a packed file mean nothing. */
function flippedIn(whole: Buffer): Buffer {
  for (let at = whole.length >> 1; ; at++) {
    const flipped = Buffer.from(whole);
    flipped.writeUInt8(whole.readUInt8(at) ^ 8, at);
    try {
      gunzipSync(flipped);
    } catch {
      return flipped;
    }
  }
}
