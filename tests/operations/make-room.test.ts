import assert from "node:assert/strict";
import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { canEnter, serverAccount } from "#launcher/account";
import { loopback } from "#launcher/loopback";

const checkout = join(import.meta.dirname, "../..");

/**
 * Runs what follows it where PostgreSQL is not installed, nothing is known of services, apt-get only writes down how it
 * was called, and the system says of its memory what a file says: for itself alone, in a namespace of mounts.
 */
const bareSystem = `
set -eu
mount --make-rprivate /
for hidden in /usr/lib/postgresql /usr/sbin /etc/postgresql-common; do
  [ ! -d "$hidden" ] || mount -t tmpfs tmpfs "$hidden"
done
mount --bind "$APT_GET" /usr/bin/apt-get
[ -z "$MEMINFO" ] || mount --bind "$MEMINFO" /proc/meminfo
exec "$@"
`;

function cannot(): string | undefined {
  if (process.env["CI"] === "true") return undefined;
  const attempt = spawnSync("unshare", ["--mount", "true"]);
  if (process.getuid?.() === 0 && attempt.status === 0 && existsSync("/usr/bin/apt-get")) return undefined;
  return "hiding what is installed takes root and Debian";
}

const reason = cannot();

describe("a stage for which something is missing", { skip: reason ?? false }, () => {
  let scratch: string;
  const called = () => {
    const file = join(scratch, "apt-get-called");
    const lines = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
    rmSync(file, { force: true });
    return lines;
  };
  before(() => {
    scratch = mkdtempSync(join(tmpdir(), "storey-room-"));
    chmodSync(scratch, 0o711);
    const aptGet = `#!/bin/sh\necho "$@" >>"${scratch}/apt-get-called"\necho "no network here" >&2\nexit 100\n`;
    writeFileSync(join(scratch, "apt-get"), aptGet, { mode: 0o755 });
  });
  after(() => rmSync(scratch, { recursive: true, force: true }));

  const up = (given: {
    before?: readonly string[];
    options?: readonly string[];
    stage?: number;
    memory?: string;
    input?: string;
  }): SpawnSyncReturns<string> => {
    const { before = [], options = [], stage = 2, memory, input = "" } = given;
    const data = ["--data", join(scratch, "data"), "--port", "0"];
    const asked = [join(checkout, "cli.ts"), "up", "--stage", String(stage), ...data, ...options];
    // A terminal of its own where somebody is to answer.
    const command = input
      ? ["script", "--quiet", "--return", "--command", [process.execPath, ...asked].join(" "), "/dev/null"]
      : [process.execPath, ...asked];
    return spawnSync("unshare", ["--mount", "sh", "-c", bareSystem, "sh", ...before, ...command], {
      encoding: "utf8",
      cwd: "/",
      input,
      timeout: 60_000,
      env: { ...process.env, APT_GET: join(scratch, "apt-get"), MEMINFO: memory ?? "" },
    });
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
    const account = serverAccount(scratch);
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
