import { chmodSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { schemas, setUpDatabase } from "#apps/server/set-up";
import { systemClock } from "#kernel/clock";
import { type Context, newContext, type ReadToken } from "#kernel/context";
import { serverAccount } from "#launcher/account";
import { loopback, signalHere } from "#launcher/loopback";
import { findBinaries } from "#launcher/postgres/binaries";
import { whySkip } from "#launcher/postgres/scratch-server";
import { type RunningPostgres, startPostgres } from "#launcher/postgres/start";
import { makeScratch } from "#launcher/scratch";
import { allBuckets, type Database, type ServerState, sql } from "#platform/database/api";
import { openPg } from "#platform/database/drivers/pg";
import {
  type AdministratorConnection,
  connectAdministrator,
} from "#platform/database/drivers/pg-administrator";
import { testPassword } from "../support/server.ts";
import { openShop, type TestShop, type TestShopOptions } from "../support/shop.ts";
import { until } from "../support/until.ts";

/** Why these tests are skipped: they want the distribution's programs, which can copy a server. Never in CI. */
export const skip = await whySkip("distribution");

const name = "storey";
const password = "only for this test";

/** One server of a cluster that a test may hold back, stop, freeze and promote. */
export interface Node {
  readonly dataDir: string;
  readonly running: RunningPostgres;
  /** Its address as the driver shows it. */
  readonly address: string;
  /** As its superuser. */
  run(text: string): Promise<Record<string, unknown>[]>;
  /** The same in the shop's database. */
  inside(text: string): Promise<Record<string, unknown>[]>;
  /** Stops every process of it where it stands, and lets them go on. */
  freeze(): void;
  thaw(): void;
  kill9(): Promise<void>;
  start(): Promise<void>;
  promote(): Promise<void>;
  follow(leader: Node): Promise<void>;
  /** Ends when it receives nothing any more. What it has, it keeps and can be asked for. */
  followNobody(): Promise<void>;
  /** A leader that steps down: it comes back at the same address, following. */
  restartAsFollower(leader: Node): Promise<void>;
  /** How far it has replayed what it received; the end of its own log if it leads. */
  holdBack(): Promise<unknown>;
  letGo(): Promise<unknown>;
}

/** A primary and its standbys, by plain streaming replication. */
export interface Replicas extends AsyncDisposable {
  readonly nodes: readonly Node[];
  /** A whole shop, as one process of several has it. */
  openShop(options?: Pick<TestShopOptions, "cache" | "port" | "trustedProxies">): Promise<TestShop>;
  /** A process's database on all of them; closed with the cluster. Statements end after 2 s unless told otherwise. */
  open(statementTimeoutMs?: number): Promise<Database>;
  /** Ends when every standby has what the primary has. */
  caughtUp(primary: Node, others: readonly Node[]): Promise<void>;
}

/** Starts one and makes so many standbys of it. Takes some five seconds. */
export async function openReplicas(standbys = 2): Promise<Replicas> {
  const scratch = makeScratch();
  const nodes: OneNode[] = [];
  const databases: Database[] = [];
  const shops: TestShop[] = [];
  const stopAll = () => {
    for (const node of nodes) node.killNow();
  };
  process.once("exit", stopAll);
  const close = async () => {
    await Promise.all(shops.map((shop) => shop.close()));
    await Promise.all(databases.map((database) => database.close()));
    for (const node of nodes) await node.close();
    process.off("exit", stopAll);
    scratch[Symbol.dispose]();
  };
  try {
    const first = await makePrimary(join(scratch.path, "one"));
    nodes.push(first);
    const others = ["two", "three", "four", "five"].slice(0, standbys);
    const made = await Promise.allSettled(others.map((other) => makeStandby(first, scratch.path, other)));
    for (const each of made) if (each.status === "fulfilled") nodes.push(each.value);
    for (const each of made) if (each.status === "rejected") throw each.reason;
    return {
      nodes,
      openShop: async (options) => {
        const { one, others } = serversOf(nodes);
        const server = { ...one, user: first.running.superuser.user, password };
        const nobody = { database: {} as Database, admin: first.inside, close: async () => undefined };
        const shop = await openShop({ ...options, db: { ...nobody, name, server }, others });
        shops.push(shop);
        return shop;
      },
      open: async (statementTimeoutMs = 2_000) => {
        const { one, others } = serversOf(nodes);
        const log = () => undefined;
        const settings = { ...one, others, database: name, domains: schemas, password: testPassword, log };
        const database = openPg({ ...settings, connections: 61, statementTimeoutMs });
        databases.push(database);
        await database.ready();
        return database;
      },
      caughtUp,
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function makePrimary(dataDir: string): Promise<OneNode> {
  const node = await openNode(dataDir);
  await node.run("alter system set wal_keep_size = '256MB'");
  await node.run("alter system set wal_retrieve_retry_interval = '100ms'");
  // Processes are killed here, not the machine; and a disk that is busy with copies would hold every commit up.
  await node.run("alter system set fsync = off");
  await node.run("select pg_reload_conf()");
  const { socketDir: host, port, superuser } = node.running;
  await setUpDatabase({ host, port, user: superuser.user, password }, name, testPassword);
  await node.inside(makeMark);
  return node;
}

async function makeStandby(primary: Node, place: string, as: string): Promise<OneNode> {
  const dataDir = join(place, as);
  await backUp(primary, dataDir, as);
  return openNode(dataDir);
}

function serversOf(nodes: readonly Node[]) {
  const [one, ...others] = nodes.map(({ running: { socketDir, port } }) => ({ host: socketDir, port }));
  if (!one) throw new Error("no server");
  return { one, others };
}

const caughtUp: Replicas["caughtUp"] = async (primary, others) => {
  // Without a commit at the end the log may end within a record, which nobody can replay.
  await primary.run("begin read write; select pg_logical_emit_message(true, 'test', ''); commit");
  const [row] = await primary.run("select pg_current_wal_flush_lsn()::text as at");
  const has = `select pg_last_wal_replay_lsn() >= '${row?.["at"]}'::pg_lsn as has`;
  for (const other of others) await until(async () => (await other.run(has))[0]?.["has"] === true);
};

/** What the tests write into: a domain's table of rows by id. */
const makeMark = `
  create table shop.mark (bucket int, id int, value int not null, primary key (bucket, id));
  grant select, insert, update on shop.mark to storey_shop`;

const backUp = async (from: Node, dataDir: string, as: string): Promise<void> => {
  const account = await serverAccount(loopback, from.dataDir);
  const { directory } = await findBinaries(loopback, "distribution", account);
  // The launcher's own file, which the server may not read.
  chmodSync(join(from.dataDir, "startup.log"), 0o644);
  const { socketDir, port, superuser } = from.running;
  await loopback.putDirectory(dataDir, { mode: 0o700, account });
  const source = `host=${socketDir} port=${port} user=${superuser.user} application_name=${as}`;
  const args = ["-D", dataDir, "-d", source, "-R", "-c", "fast", "-X", "stream", "--no-sync"];
  const environment = { PGPASSWORD: password, LC_ALL: "C" };
  const done = await loopback.run(
    { program: join(directory, "pg_basebackup"), args, account, environment },
    60_000,
  );
  if (done.exitCode !== 0) throw new Error(`pg_basebackup: ${done.stderr}`);
};

interface OneNode extends Node {
  killNow(): void;
  close(): Promise<void>;
}

async function openNode(dataDir: string): Promise<OneNode> {
  const start = () =>
    startPostgres({ host: loopback, dataDir, from: "distribution", superuserPassword: password });
  let running = await start();
  let admin: AdministratorConnection | undefined;
  const at = () => ({ host: running.socketDir, port: running.port, user: running.superuser.user, password });
  const run: Node["run"] = async (text) => {
    admin ??= await connectAdministrator({ ...at(), database: "postgres" });
    return admin.run(text);
  };
  const forget = async () => {
    await admin?.close().catch(() => undefined);
    admin = undefined;
  };
  const signal = (what: NodeJS.Signals) => {
    for (const pid of [running.pid, ...childrenOf(running.pid)]) send(pid, what);
  };
  return {
    dataDir,
    get running() {
      return running;
    },
    get address() {
      return `${running.socketDir}:${running.port}`;
    },
    run,
    inside: async (text) => {
      const inside = await connectAdministrator({ ...at(), database: name });
      return inside.run(text).finally(() => inside.close());
    },
    freeze: () => signal("SIGSTOP"),
    thaw: () => signal("SIGCONT"),
    kill9: async () => {
      const children = childrenOf(running.pid);
      signalHere(running, "SIGKILL");
      for (const pid of children) send(pid, "SIGKILL");
      await forget();
    },
    start: async () => {
      running = await start();
    },
    promote: async () => {
      await run("select pg_promote(true, 30)");
    },
    follow: async (leader) => {
      await run(followCommand(leader));
      await run("select pg_reload_conf()");
    },
    followNobody: async () => {
      await run("alter system set primary_conninfo = ''");
      await run("select pg_reload_conf()");
      await until(async () => (await run("select from pg_stat_wal_receiver")).length === 0);
    },
    restartAsFollower: async (leader) => {
      await run(followCommand(leader));
      await forget();
      await running.stop();
      await loopback.putFile(join(dataDir, "standby.signal"), "", {
        mode: 0o600,
        account: await serverAccount(loopback, dataDir),
      });
      running = await start();
    },
    holdBack: () => run("select pg_wal_replay_pause()"),
    letGo: () => run("select pg_wal_replay_resume()"),
    killNow: () => {
      signal("SIGKILL");
    },
    close: async () => {
      signal("SIGCONT");
      await forget();
      await running.stop();
    },
  };
}

function followCommand(leader: Node): string {
  const { socketDir, port, superuser } = leader.running;
  const source = `host=${socketDir} port=${port} user=${superuser.user} password=''${password}''`;
  return `alter system set primary_conninfo = '${source}'`;
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended meanwhile.
  }
}

/** By the number of their parent, which the system tells of every process. */
function childrenOf(parent: number): number[] {
  return readdirSync("/proc").flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    try {
      const [, rest = ""] = readFileSync(`/proc/${entry}/stat`, "utf8").split(") ");
      return Number(rest.split(" ")[1]) === parent ? [Number(entry)] : [];
    } catch {
      return [];
    }
  });
}

/** A request of somebody who has seen what `readToken` says. */
export const request = (readToken: ReadToken = new Map(), withinMs = 10_000): Context =>
  newContext({ deadline: systemClock.now() + withinMs, trace: "test", readToken });

const put = sql("mark_put", "insert into mark (bucket, id, value) values ($1, $2, $3)");
const get = sql("mark_get", "select value from mark where bucket = $1 and id = $2");
const getEach = sql(
  "mark_get_each",
  `select k.at::int as at, m.value from unnest($1::int[], $2::int[]) with ordinality as k (bucket, id, at)
   join mark m on m.bucket = k.bucket and m.id = k.id`,
);

/** Rows of `shop.mark` as a domain's store would have them. */
export function marksOf(database: Database) {
  const store = database.store("shop");
  return {
    put: (context: Context, id: number, value = id) => store.write(context, 1).all(put, [1, id, value]),
    get: async (context: Context, id: number) =>
      (await store.read(context, 1).one<{ value: number }>(get, [1, id]))?.value,
    getEach: async (context: Context, ids: readonly number[]) => {
      const rows = await store.readEach<number, { at: number; value: number }>(
        context,
        ids,
        () => 1,
        getEach,
        (buckets, keys) => [buckets, keys],
      );
      return rows.map(({ value }) => value);
    },
    inTransaction: (context: Context, id: number) =>
      store.write(context, 1).transaction((transaction) => transaction.all(put, [1, id, id])),
    sweep: (id: number) => store.sweep(allBuckets).all(put, [1, id, id]),
  };
}

export const stateOf = (database: Database, node: Node): ServerState => {
  const found = database.servers?.().find((server) => server.name === node.address);
  if (!found) throw new Error(`nobody knows ${node.address}`);
  return found;
};

/** Ends when the process sees these, and no others, as replicas that get reads. */
export const fit = (database: Database, ...nodes: readonly Node[]): Promise<void> =>
  until(async () => {
    const names = (database.servers?.() ?? [])
      .filter(({ role, leftOut }) => role === "replica" && !leftOut)
      .map((server) => server.name);
    return names.length === nodes.length && nodes.every(({ address }) => names.includes(address));
  });
