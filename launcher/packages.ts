import { spawnSync } from "node:child_process";
import { existsSync, globSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";

/**
 * Something a suite or a stage needs beyond npm: how to see that it is there, and the distribution's packages
 * for it.
 */
export interface Need {
  readonly name: string;
  /** Patterns of paths, any of which shows that it is there; never a version's number. */
  readonly anyOf: readonly string[];
  readonly packages: readonly string[];
}

/** A browser for the pages, with glyphs for Chinese titles. */
export const chromium: Need = {
  name: "Chromium",
  anyOf: ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"],
  packages: ["chromium", "fonts-noto-cjk"],
};

/** The distribution's own PostgreSQL, beside the embedded one. */
export const distributionPostgres: Need = {
  name: "PostgreSQL of the distribution",
  anyOf: ["/usr/lib/postgresql/*/bin/postgres"],
  packages: ["postgresql"],
};

/** The server of the far cache. Any that speaks as Redis 6.2 does will do. */
export const redis: Need = {
  name: "Redis",
  anyOf: ["/usr/bin/redis-server", "/usr/bin/valkey-server"],
  packages: ["redis-server"],
};

/** The other server of the far cache. */
export const memcached: Need = {
  name: "memcached",
  anyOf: ["/usr/bin/memcached"],
  packages: ["memcached"],
};

/** The path that fills a need, if one does. */
export const findNeed = (need: Need): string | undefined =>
  need.anyOf
    .flatMap((pattern) => globSync(pattern))
    .sort()
    .at(-1);

/** The command that installs what a list of needs lacks, for people to read and for us to run. */
export const installCommand = (needs: readonly Need[]): string =>
  `apt-get install -y --no-install-recommends ${needs.flatMap((need) => need.packages).join(" ")}`;

/** Whether this user may install packages here at all. */
export const canInstall = (): boolean => userInfo().uid === 0 && existsSync("/usr/bin/apt-get");

const policy = "/usr/sbin/policy-rc.d";
const clusterSettings = "/etc/postgresql-common/createcluster.conf";
const startLinks = ["/etc/systemd/system/*.wants/*", "/etc/rc?.d/S*"];

/**
 * Installs packages without starting or enabling any service, and leaves services already there as they are:
 * package scripts are told not to start anything, PostgreSQL's not to make a cluster, and start links that
 * appeared are taken away again. Throws with the package manager's last words.
 */
export function installNeeds(needs: readonly Need[]): void {
  const before = new Set(startLinks.flatMap((pattern) => globSync(pattern)));
  const madePolicy = !existsSync(policy);
  const madeSettings = !existsSync(clusterSettings);
  if (madePolicy) writeFileSync(policy, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  if (madeSettings) {
    mkdirSync("/etc/postgresql-common", { recursive: true });
    writeFileSync(clusterSettings, "create_main_cluster = false\n");
  }
  try {
    run("apt-get", ["update", "-q"]);
    run("sh", ["-c", `${installCommand(needs)} -o Dpkg::Options::=--force-confold`]);
  } finally {
    if (madePolicy) rmSync(policy, { force: true });
    for (const link of startLinks.flatMap((pattern) => globSync(pattern))) {
      if (!before.has(link)) rmSync(link, { force: true });
    }
  }
}

function run(program: string, args: readonly string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const done = spawnSync(program, args, { env, encoding: "utf8", timeout: 600_000 });
  if (done.status === 0) return;
  const words = `${done.stdout}\n${done.stderr}`.trim().split("\n").slice(-12).join("\n");
  throw new Error(`${program} ${args.join(" ")} failed:\n${words}`);
}
