import assert from "node:assert/strict";
import type { SpawnSyncReturns } from "node:child_process";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { canEnter, serverAccount } from "#launcher/account";
import { loopback } from "#launcher/loopback";
import { type BareSystem, openBareSystem, whyNoBareSystem } from "../support/bare-system.ts";

const checkout = join(import.meta.dirname, "../..");

const reason = whyNoBareSystem();

describe("a stage for which something is missing", { skip: reason ?? false }, () => {
  let system: BareSystem;
  let scratch: string;
  const called = () => system.called();
  before(() => {
    system = openBareSystem();
    scratch = system.scratch;
  });
  after(() => system?.close());

  const up = (given: {
    before?: readonly string[];
    options?: readonly string[];
    stage?: number;
    memory?: string;
    input?: string;
  }): SpawnSyncReturns<string> => {
    const { options = [], stage = 2, ...rest } = given;
    const data = ["--data", join(scratch, "data"), "--port", "0"];
    const asked = [join(checkout, "cli.ts"), "up", "--stage", String(stage), ...data, ...options];
    return system.run([process.execPath, ...asked], rest);
  };
  const install = "apt-get install -y --no-install-recommends --no-upgrade postgresql";
  const nothingThere = () => assert.deepEqual(readdirSync(scratch), ["apt-get"]);

  it("without consent is refused with the exact command, and nothing is installed", () => {
    const { status, stderr } = up({ options: ["--json"] });
    assert.equal(status, 1, stderr);
    const { code, message } = JSON.parse(stderr) as { code: string; message: string };
    assert.equal(code, "launch.no_packages");
    assert.ok(message.includes(`sudo ${install} `), message);
    assert.deepEqual(called(), []);
    nothingThere();
  });

  it("is refused with the exact command to who has not the rights, whatever they agree to", async (t) => {
    const account = await serverAccount(loopback, scratch);
    if (!(await canEnter(loopback, checkout, account))) return t.skip("nobody else can enter this checkout");
    const nobody = [`--reuid=${account?.uid}`, `--regid=${account?.gid}`, "--clear-groups"];
    const { status, stdout, stderr } = up({ before: ["setpriv", ...nobody], options: ["--install"] });
    assert.equal(status, 1, stdout + stderr);
    assert.ok(stderr.includes(`sudo ${install} `), stderr);
    assert.deepEqual(called(), []);
    nothingThere();
  });

  it("asks whoever sits at a terminal, and takes no for an answer", () => {
    const { status, stdout } = up({ input: "n\n" });
    assert.equal(status, 1, stdout);
    assert.ok(
      stdout.includes(`Stage 2 needs PostgreSQL of the distribution. Run "${install}"? [y/N]`),
      stdout,
    );
    assert.ok(stdout.includes(`sudo ${install} `), stdout);
    assert.deepEqual(called(), []);
    nothingThere();
  });

  for (const [how, given] of [
    ["an answered question", { input: "y\n" }],
    ["--install", { options: ["--install"] }],
  ] as const) {
    it(`installs after consent by ${how}; when that fails, it is said in the package manager's words`, () => {
      const { status, stdout, stderr } = up(given);
      assert.equal(status, 1, stdout + stderr);
      assert.match(stdout + stderr, /Installing PostgreSQL of the distribution[\s\S]*no network here/);
      assert.deepEqual(called(), ["update -q"]);
      nothingThere();
    });
  }

  it("is refused before anything starts where it does not fit into memory, and says what it needs", () => {
    const memory = join(scratch, "meminfo");
    writeFileSync(memory, "MemTotal: 512000 kB\nMemFree: 200000 kB\nMemAvailable: 307200 kB\n");
    const { status, stderr } = up({ stage: 1, memory, options: ["--json"] });
    rmSync(memory);
    assert.equal(status, 1, stderr);
    const { code, message } = JSON.parse(stderr) as { code: string; message: string };
    assert.equal(code, "launch.no_memory");
    assert.match(message, /^Stage 1 needs \d{3} MB and 256 MB to spare, and 300 MB are available\./);
    nothingThere();
  });
});
