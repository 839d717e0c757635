import { spawnSync } from "node:child_process";
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installNeeds } from "#launcher/packages";

// What packages.test.ts runs in a system of its own: installs there, and tells what it finds, as one line of JSON.

const aNeed = (...packages: string[]) => [{ name: "what is tested", anyOf: [], packages }];
const policy = "/usr/sbin/policy-rc.d";

/** Living processes that are none of this test's own. */
function running(): { pid: number; program: string }[] {
  return globSync("/proc/[0-9]*")
    .map((path) => Number(path.slice("/proc/".length)))
    .filter((pid) => pid !== process.pid && pid !== process.ppid && pid !== 1)
    .flatMap((pid) => {
      try {
        return [{ pid, program: readlinkSync(`/proc/${pid}/exe`) }];
      } catch {
        // It has ended.
        return [];
      }
    });
}

const state = () => ({
  running: running(),
  enabled: [
    "/etc/rc?.d/S*",
    "/etc/systemd/{system,user}/*.{wants,requires}/*",
    "/etc/systemd/system/*.service",
  ]
    .flatMap((pattern) => globSync(pattern))
    .sort(),
  clusters: [...globSync("/etc/postgresql/*/*"), ...globSync("/var/lib/postgresql/*/*")],
  policy: existsSync(policy) ? readFileSync(policy, "utf8") : null,
  leftBehind: [...globSync(`${policy}.*`), ...globSync("/etc/postgresql-common/createcluster.d/storey*")],
  installed: ["postgresql", "redis-server", "memcached", "nginx", "haproxy"].filter((name) => {
    const asked = spawnSync("dpkg", ["--status", name], { encoding: "utf8" });
    return asked.stdout.includes("Status: install ok installed");
  }),
});

function must(program: string, ...args: string[]): void {
  const done = spawnSync(program, args, { encoding: "utf8" });
  if (done.status !== 0) throw new Error(`${program} ${args.join(" ")}\n${done.stdout}${done.stderr}`);
}

/** A package whose script fails when what it depends on is installed already. */
function brokenPackage(dependsOn: string): string {
  const made = mkdtempSync(join(tmpdir(), "storey-broken-"));
  mkdirSync(join(made, "DEBIAN"));
  const lines = [
    "Package: broken",
    "Version: 1",
    "Architecture: all",
    "Maintainer: nobody",
    `Depends: ${dependsOn}`,
  ];
  writeFileSync(join(made, "DEBIAN/control"), `${lines.join("\n")}\nDescription: breaks\n`);
  writeFileSync(join(made, "DEBIAN/postinst"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
  must("dpkg-deb", "--build", made, `${made}.deb`);
  return `${made}.deb`;
}

// Here package scripts may start what they install, and do.
rmSync(policy, { force: true });
must("apt-get", "install", "-y", "--no-install-recommends", "redis-server");
const before = state();

await installNeeds(aNeed("postgresql", "redis-server", "memcached", "nginx"));
const after = state();

const ownPolicy = "#!/bin/sh\n# The administrator's.\nexit 0\n";
writeFileSync(policy, ownPolicy, { mode: 0o755 });
const failure = await installNeeds(aNeed(brokenPackage("haproxy"))).then(
  () => "it did not fail",
  (error: Error) => error.message,
);
console.log(JSON.stringify({ before, after, ownPolicy, failure, afterFailure: state() }));
