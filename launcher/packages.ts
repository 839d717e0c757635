import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
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

/**
 * A browser for the pages, with glyphs for Chinese titles: rather the one without windows, which brings a page up in
 * 0.6 s where the other takes 1.0, because it draws no tabs and menus that nobody sees [m].
 */
export const chromium: Need = {
  name: "Chromium",
  anyOf: [
    "/usr/bin/chromium-headless-shell",
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
  ],
  packages: ["chromium-headless-shell", "fonts-noto-cjk"],
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

/** Agrees among several on who leads. */
export const zookeeper: Need = {
  name: "ZooKeeper",
  anyOf: ["/usr/share/java/zookeeper.jar"],
  packages: ["zookeeper", "default-jre-headless"],
};

/** What ZooKeeper runs on; it comes with its packages. */
export const java: Need = { name: "Java", anyOf: ["/usr/bin/java"], packages: ["default-jre-headless"] };

/** Sees to it that one of several PostgreSQL servers takes writes. */
export const patroni: Need = {
  name: "Patroni",
  anyOf: ["/usr/bin/patroni", "/usr/local/bin/patroni"],
  packages: ["patroni", "python3-kazoo"],
};

/** Collects numbers and judges them. */
export const prometheus: Need = {
  name: "Prometheus",
  anyOf: ["/usr/bin/prometheus", "/usr/local/bin/prometheus"],
  packages: ["prometheus"],
};

/** Tells people what Prometheus found wrong. */
export const alertmanager: Need = {
  name: "Alertmanager",
  anyOf: ["/usr/bin/prometheus-alertmanager", "/usr/bin/alertmanager", "/usr/local/bin/alertmanager"],
  packages: ["prometheus-alertmanager"],
};

/** The path that fills a need, if one does. */
export const findNeed = (need: Need): string | undefined =>
  need.anyOf
    .flatMap((pattern) => globSync(pattern))
    .sort()
    .at(-1);

/** The command that installs what a list of needs lacks, for people to read and for us to run. */
export const installCommand = (needs: readonly Need[]): string =>
  ["apt-get", ...installArgs(needs)].join(" ");

const installArgs = (needs: readonly Need[]): string[] => [
  ...["install", "-y", "--no-install-recommends", "--no-upgrade"],
  ...new Set(needs.flatMap((need) => need.packages)),
];

/** Whether this user may install packages here at all. */
export const canInstall = (): boolean => userInfo().uid === 0 && existsSync("/usr/bin/apt-get");

/**
 * Installs packages without starting or enabling any service, and leaves services already there as they are, running
 * or not: package scripts are told not to start, stop or restart anything, PostgreSQL's not to make a cluster, what is
 * installed is not upgraded, and what appeared among the services that start with the machine is taken out again.
 * Everything put in place for that is gone at the end, also after a failure or Ctrl-C; after kill -9 the next
 * installation clears it away. Throws with the package manager's last words.
 */
export async function installNeeds(needs: readonly Need[]): Promise<void> {
  const known = new Set(startLinks().map(serviceOf));
  const interrupted = holdSignals();
  const clearAway = [refuseServices(), refuseClusters()];
  try {
    await run("apt-get", ["update", "-q"]);
    const patience = ["-o", "DPkg::Lock::Timeout=120", "-o", "Dpkg::Options::=--force-confold"];
    await run("apt-get", [...installArgs(needs), ...patience]);
  } finally {
    for (const clear of clearAway) clear();
    for (const link of startLinks()) if (!known.has(serviceOf(link))) await disable(link);
    interrupted.release();
  }
  if (interrupted.by) throw new Error(`interrupted by ${interrupted.by}; what was installed stays`);
}

/** Which of all services start with the machine, as systemd and as System V's init have it. */
const startLinks = (): string[] =>
  [
    "/etc/systemd/{system,user}/*.{wants,requires}/*",
    "/etc/systemd/system/*.service",
    "/etc/rc?.d/S*",
  ].flatMap((pattern) => globSync(pattern));

/** A link without its place in the order, which changes for services already there when one comes among them. */
const serviceOf = (link: string): string => link.replace(/(\/rc.\.d\/)S\d\d/, "$1");

/** System V's scripts are switched off in its own way, so that its own way switches them on again. */
async function disable(link: string): Promise<void> {
  const [, name] = /\/rc.\.d\/S\d\d(.+)$/.exec(link) ?? [];
  if (name) await run("update-rc.d", [name, "disable"]);
  rmSync(link, { force: true });
}

const mark = "# Here while Storey installs packages. Whoever finds this afterwards may remove it.";

/** Tells package scripts to leave every service alone; a policy that was there comes back at the end. */
function refuseServices(): () => void {
  const policy = "/usr/sbin/policy-rc.d";
  const aside = `${policy}.before-storey`;
  const isOurs = existsSync(policy) && readFileSync(policy, "utf8").includes(mark);
  if (existsSync(policy) && !isOurs) renameSync(policy, aside);
  writeFileSync(policy, `#!/bin/sh\n${mark}\nexit 101\n`, { mode: 0o755 });
  return () => (existsSync(aside) ? renameSync(aside, policy) : rmSync(policy, { force: true }));
}

/** Tells PostgreSQL's packages to make no cluster, beside the administrator's settings. */
function refuseClusters(): () => void {
  const folders = ["/etc/postgresql-common", "/etc/postgresql-common/createcluster.d"];
  const missing = folders.filter((folder) => !existsSync(folder));
  for (const folder of missing) mkdirSync(folder);
  const settings = `${folders[1]}/storey.conf`;
  writeFileSync(settings, `${mark}\ncreate_main_cluster = false\n`);
  return () => {
    rmSync(settings, { force: true });
    // What packages have put something into is theirs now.
    for (const folder of missing.reverse()) if (readdirSync(folder).length === 0) rmdirSync(folder);
  };
}

/** Ctrl-C ends the package manager, and must not end us before we have cleared away what was put in place. */
function holdSignals(): { readonly by: NodeJS.Signals | undefined; release(): void } {
  let by: NodeJS.Signals | undefined;
  const hold = (signal: NodeJS.Signals) => {
    by = signal;
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, hold);
  return {
    get by() {
      return by;
    },
    release: () => {
      for (const signal of signals) process.off(signal, hold);
    },
  };
}

/** A slow line and a slow disk have installed a browser by then. */
const timeoutMs = 1_800_000;

async function run(program: string, args: readonly string[]): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"], timeout: timeoutMs });
  const words: string[] = [];
  for (const output of [child.stdout, child.stderr]) output.on("data", (chunk) => words.push(String(chunk)));
  const [code] = (await once(child, "close")) as [number | null];
  if (code === 0) return;
  const last = words.join("").trim().split("\n").slice(-12).join("\n");
  throw new Error(`${program} ${args.join(" ")} failed:\n${last}`);
}
