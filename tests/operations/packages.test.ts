import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";

/**
 * Makes a system of its own from the running one: the same files below, changes in memory above, its own processes.
 * What is to be installed is taken out and fetched first; then it goes on without a network, so that no port of this
 * machine is in the way. Debian starts services where it knows the runlevel: this one is in 2, as after a boot.
 */
const secondSystem = `
set -eu
mount --make-rprivate /
mount -t tmpfs tmpfs "$SYSTEM"
mkdir "$SYSTEM/changes" "$SYSTEM/work" "$SYSTEM/root"
mount -t overlay -o "lowerdir=/,upperdir=$SYSTEM/changes,workdir=$SYSTEM/work" overlay "$SYSTEM/root"
root=$SYSTEM/root
mount -t tmpfs tmpfs "$root/tmp"
mkdir -p "$root$CHECKOUT" "$root/before"
mount --rbind "$CHECKOUT" "$root$CHECKOUT"
touch "$root/run/node"
mount --bind "$NODE" "$root/run/node"
mount --rbind /dev "$root/dev"
cat /etc/resolv.conf >"$root/etc/resolv.conf"
cat /etc/hosts >"$root/etc/hosts"
cd "$root"
pivot_root . before
exec chroot . sh -eu -c '
  mount -t proc proc /proc
  umount -l /before
  rm -f /usr/sbin/policy-rc.d.* /etc/apt/apt.conf.d/docker-clean /sbin/runlevel
  printf "#!/bin/sh\\necho N 2\\n" >/sbin/runlevel
  chmod +x /sbin/runlevel
  there=$(dpkg-query -W -f "\\\${Package} \\\${db:Status-Abbrev}\\n" "postgresql*" "redis*" memcached "nginx*" "haproxy*" 2>/dev/null |
    sed -n "s/ [ir][^ n].*//p") || true
  {
    [ -z "$there" ] || apt-get purge -y $there
    rm -rf /etc/postgresql /var/lib/postgresql /etc/postgresql-common
    apt-get update -q
    apt-get install -y --no-install-recommends iproute2
    apt-get install -y --no-install-recommends --download-only redis-server postgresql memcached nginx haproxy
  } >&2 </dev/null
  : >/etc/resolv.conf
  unshare --net sh -eu -c "ip link set lo up; cd \\"$CHECKOUT\\"; /run/node tests/operations/packages-inside.ts"
'
`;

interface State {
  readonly running: { pid: number; program: string }[];
  readonly enabled: string[];
  readonly clusters: string[];
  readonly policy: string | null;
  readonly leftBehind: string[];
  readonly installed: string[];
}

interface Report {
  readonly before: State;
  readonly after: State;
  readonly ownPolicy: string;
  readonly failure: string;
  readonly afterFailure: State;
}

/** Why a system of its own cannot be made here; undefined where it can. With CI=true it has to. */
function cannot(): string | undefined {
  if (process.env["CI"] === "true") return undefined;
  const attempt = spawnSync("unshare", ["--mount", "--pid", "--net", "--fork", "true"]);
  if (process.getuid?.() === 0 && attempt.status === 0) return undefined;
  return "installing packages in a system of its own takes root and Linux: sudo ./storey test tests/operations/packages.test.ts";
}

const reason = cannot();

describe("installing packages, where their scripts may start services", { skip: reason ?? false }, () => {
  const system = mkdtempSync(join(tmpdir(), "storey-system-"));
  after(() => rmSync(system, { recursive: true, force: true }));
  let report: Report;

  before(() => {
    const done = spawnSync(
      "unshare",
      ["--mount", "--pid", "--fork", "--kill-child", "sh", "-c", secondSystem],
      {
        encoding: "utf8",
        timeout: 300_000,
        env: {
          ...process.env,
          SYSTEM: system,
          CHECKOUT: join(import.meta.dirname, "../.."),
          NODE: process.execPath,
          DEBIAN_FRONTEND: "noninteractive",
        },
      },
    );
    assert.equal(done.status, 0, `${done.stdout}\n${done.stderr}`);
    report = JSON.parse(done.stdout.trim().split("\n").at(-1) ?? "");
  });

  const programs = ({ running }: State) => running.map(({ program }) => program.replace(/.*\//, ""));

  it("is tried on a system where they do: Redis started with its package, and starts with the machine", () => {
    assert.match(programs(report.before).join(), /redis/);
    assert.match(report.before.enabled.join(), /rc3\.d\/S\d\dredis-server/);
    assert.match(report.before.enabled.join(), /multi-user\.target\.wants\/redis-server\.service/);
    assert.deepEqual(report.before.installed, ["redis-server"]);
  });

  it("installs, and what ran before runs on, as the same process, and nothing else", () => {
    assert.deepEqual(report.after.installed, ["postgresql", "redis-server", "memcached", "nginx"]);
    assert.deepEqual(report.after.running, report.before.running);
  });

  it("lets start with the machine what did before, and nothing else", () => {
    const names = ({ enabled }: State) => enabled.map((link) => link.replace(/(rc.\.d\/S)\d\d/, "$1"));
    assert.deepEqual(names(report.after), names(report.before));
    assert.deepEqual(names(report.afterFailure), names(report.before));
  });

  it("makes no cluster of PostgreSQL, and leaves nothing of its own behind", () => {
    assert.deepEqual(report.after.clusters, []);
    assert.equal(report.after.policy, null);
    assert.deepEqual(report.after.leftBehind, []);
  });

  it("keeps all of that when an installation fails, and gives the administrator's policy back", () => {
    assert.match(report.failure, /broken/);
    assert.deepEqual(report.afterFailure.installed, [...report.after.installed, "haproxy"]);
    assert.deepEqual(report.afterFailure.running, report.before.running);
    assert.equal(report.afterFailure.policy, report.ownPolicy);
    assert.deepEqual(report.afterFailure.leftBehind, []);
  });
});
