import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { canEnter, serverAccount } from "./account.ts";
import { chooseDataRoot } from "./data-root.ts";
import { openInstance } from "./instance.ts";
import { loopback } from "./loopback.ts";
import { LaunchRefused } from "./refused.ts";
import { makeScratch } from "./scratch.ts";

const isRoot = process.getuid?.() === 0;
const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);

/** Another process that opens the instance, says so, and stays. */
async function openElsewhere(dataRoot: string, name: string) {
  const program = `
    const { openInstance } = await import(${JSON.stringify(import.meta.resolve("./instance.ts"))});
    await openInstance({ name: ${JSON.stringify(name)}, dataRoot: ${JSON.stringify(dataRoot)} });
    console.log("open");
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  return child;
}

describe("an instance", () => {
  test("remembers its stage, its age and its secrets", async () => {
    using scratch = makeScratch();
    const first = await openInstance({ name: "shop", dataRoot: scratch.path });
    assert.equal(first.stage, 1);
    await first.rememberStage(2);
    assert.equal(first.stage, 2);
    const secret = first.secret("session");
    assert.match(secret, /^[\w-]{43}$/);
    assert.notEqual(first.secret("cookie"), secret);
    assert.match(first.superuserPassword, /^[\w-]{32}$/);
    first.close();

    const second = await openInstance({ name: "shop", dataRoot: scratch.path });
    assert.equal(second.stage, 2);
    assert.deepEqual(second.createdAt, first.createdAt);
    assert.equal(second.secret("session"), secret);
    assert.equal(second.superuserPassword, first.superuserPassword);
    second.close();
  });

  test("keeps its secrets to its user", async () => {
    using scratch = makeScratch();
    const instance = await openInstance({ name: "shop", dataRoot: scratch.path });
    assert.equal(mode(join(instance.directory, "secrets.json")), "600");
    assert.equal(mode(instance.paths.files), "700");
    assert.equal(mode(instance.directory), isRoot ? "711" : "700");
    instance.close();
  });

  test("has secrets of its own", async () => {
    using scratch = makeScratch();
    const one = await openInstance({ name: "one", dataRoot: scratch.path });
    const two = await openInstance({ name: "two", dataRoot: scratch.path });
    assert.notEqual(one.secret("session"), two.secret("session"));
    assert.notEqual(one.superuserPassword, two.superuserPassword);
    one.close();
    two.close();
  });

  test("is held by one process, and by nobody after a kill -9", async () => {
    using scratch = makeScratch();
    const other = await openElsewhere(scratch.path, "shop");
    await assert.rejects(openInstance({ name: "shop", dataRoot: scratch.path }), (error) => {
      assert.ok(error instanceof LaunchRefused);
      assert.equal(error.code, "launch.in_use");
      assert.match(error.message, new RegExp(`process ${other.pid}\\b`));
      return true;
    });
    other.kill("SIGKILL");
    await once(other, "exit");
    const instance = await openInstance({ name: "shop", dataRoot: scratch.path });
    await assert.rejects(openInstance({ name: "shop", dataRoot: scratch.path }), { code: "launch.in_use" });
    instance.close();
  });

  test("of a newer format is refused, and left as it was", async () => {
    using scratch = makeScratch();
    (await openInstance({ name: "shop", dataRoot: scratch.path })).close();
    const path = join(scratch.path, "shop/instance.json");
    const newer = JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), format: 2, more: "unknown" });
    writeFileSync(path, newer);
    await assert.rejects(openInstance({ name: "shop", dataRoot: scratch.path }), {
      code: "launch.data_newer",
    });
    assert.equal(readFileSync(path, "utf8"), newer);
  });

  test("whose files are damaged is refused", async () => {
    using scratch = makeScratch();
    (await openInstance({ name: "shop", dataRoot: scratch.path })).close();
    for (const file of ["instance.json", "secrets.json"]) {
      const path = join(scratch.path, "shop", file);
      const whole = readFileSync(path, "utf8");
      for (const damage of [whole.slice(0, 20), "{}"]) {
        writeFileSync(path, damage);
        await assert.rejects(openInstance({ name: "shop", dataRoot: scratch.path }), {
          code: "launch.data_unknown",
        });
      }
      writeFileSync(path, whole);
    }
  });

  test("has a name that is good in a path, a topology and an address", async () => {
    using scratch = makeScratch();
    for (const name of ["", "..", "a/b", "Shop", "-a", "a".repeat(41)]) {
      await assert.rejects(openInstance({ name, dataRoot: scratch.path }), { code: "launch.name_invalid" });
    }
  });

  test("whose place is a file is refused", async () => {
    using scratch = makeScratch();
    const dataRoot = join(scratch.path, "file");
    writeFileSync(dataRoot, "");
    await assert.rejects(openInstance({ name: "shop", dataRoot }), { code: "launch.unwritable" });
  });
});

describe("the data root", () => {
  test("is what is asked for, else in the checkout", async () => {
    using scratch = makeScratch();
    assert.equal(await chooseDataRoot(scratch.path, "/else where"), "/else where");
    assert.equal(await chooseDataRoot(scratch.path), join(scratch.path, "data"));
  });

  test("is elsewhere for root in a checkout others cannot enter", {
    skip: !isRoot && "for root",
  }, async () => {
    using scratch = makeScratch();
    chmodSync(scratch.path, 0o700);
    const account = await serverAccount(loopback, scratch.path);
    assert.equal(account?.name, "nobody");
    assert.equal(await canEnter(loopback, scratch.path, account), false);
    assert.match(await chooseDataRoot(scratch.path), /^\/var\/lib\/storey\/storey-[a-z0-9-]+-[0-9a-f]{8}$/);
  });
});
