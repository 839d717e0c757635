import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type BareSystem, openBareSystem, whyNoBareSystem } from "../support/bare-system.ts";

const checkout = join(import.meta.dirname, "../..");
const reason = whyNoBareSystem();

describe("npm test where packages are missing", { skip: reason ?? false }, () => {
  let system: BareSystem;
  before(() => {
    system = openBareSystem();
  });
  after(() => system?.close());

  // Needs PostgreSQL of the distribution, and is skipped as a whole without it.
  const file = "tests/replicas/second-disk.test.ts";
  const outsideCi = { CI: undefined, NODE_TEST_CONTEXT: undefined };
  const npmTest = (options: readonly string[] = [], given: Parameters<BareSystem["run"]>[1] = {}) =>
    system.run([process.execPath, join(checkout, "cli.ts"), "test", file, ...options], {
      ...given,
      env: { ...outsideCi, ...given.env },
    });
  const command = /To enable them: sudo apt-get install -y --no-install-recommends --no-upgrade .*postgresql/;

  it("without consent skips what needs them, says why and how to enable it, and installs nothing", () => {
    const { status, stdout, stderr } = npmTest();
    assert.equal(status, 0, stdout + stderr);
    assert.match(
      stderr,
      /^Without .*PostgreSQL of the distribution.* the suites that need them are skipped\./,
    );
    assert.match(stderr, command);
    assert.match(stdout, /﹣ a commit that waits for a second disk .*# .*PostgreSQL/);
    assert.match(stdout, /fail 0\n/);
    assert.deepEqual(system.called(), []);
  });

  it("asks whoever sits at a terminal, and takes no for an answer", () => {
    const { status, stdout } = npmTest([], { input: "n\n" });
    assert.equal(status, 0, stdout);
    assert.match(stdout, /Some suites need .*PostgreSQL of the distribution.*\? \[y\/N\]/);
    assert.match(stdout, command);
    assert.deepEqual(system.called(), []);
  });

  for (const [how, options, given] of [
    ["an answered question", [], { input: "y\n" }],
    ["--install", ["--install"], {}],
    ["CI=true, without being asked,", [], { env: { CI: "true" } }],
  ] as const) {
    it(`installs after ${how} and runs nothing when that fails`, () => {
      const { status, stdout, stderr } = npmTest(options, given);
      assert.equal(status, 1, stdout + stderr);
      assert.match(stdout + stderr, /Installing .*PostgreSQL of the distribution[\s\S]*no network here/);
      assert.doesNotMatch(stdout, /second disk/);
      assert.deepEqual(system.called(), ["update -q"]);
    });
  }
});
