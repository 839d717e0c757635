import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatReadToken, parseReadToken } from "#apps/server/read-token";
import type { ReadToken } from "#kernel/context";
import { Fault } from "#kernel/refusal";
import type { Database } from "#platform/database/api";
import { testSeed } from "../support/test-seed.ts";
import { until } from "../support/until.ts";
import { marksOf, type Node, openReplicas, type Replicas, request, skip } from "./cluster.ts";

/** What may happen next; numbers choose whom it happens to. */
const step = fc.oneof(
  { weight: 12, arbitrary: fc.record({ does: fc.constant("write" as const), who: fc.nat(), at: fc.nat() }) },
  { weight: 24, arbitrary: fc.record({ does: fc.constant("read" as const), who: fc.nat(), at: fc.nat() }) },
  {
    weight: 3,
    arbitrary: fc.record({ does: fc.constant("hold back" as const), who: fc.nat(), at: fc.nat() }),
  },
  { weight: 3, arbitrary: fc.record({ does: fc.constant("let go" as const), who: fc.nat(), at: fc.nat() }) },
  {
    weight: 4,
    arbitrary: fc.record({ does: fc.constant("stranger" as const), who: fc.nat(), at: fc.nat() }),
  },
  { weight: 6, arbitrary: fc.record({ does: fc.constant("wait" as const), who: fc.nat(), at: fc.nat() }) },
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constant("failover" as const), who: fc.nat(), at: fc.nat() }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Steps before, between and after two failovers, so that each schedule has them all. */
const schedule = fc
  .tuple(...[0, 1, 2].map(() => fc.array(step, { minLength: 40, maxLength: 60 })))
  .map((parts) =>
    parts.flatMap((part): Step[] => [...part, { does: "failover", who: part.length, at: part.length }]),
  );

const sessionsAtOnce = 4;
const processes = 2;

class World {
  readonly #replicas: Replicas;
  readonly #marks: readonly ReturnType<typeof marksOf>[];
  readonly databases: readonly Database[];
  readonly #sessions = Array.from({ length: sessionsAtOnce }, () => ({ token: "", wrote: [] as number[] }));
  readonly #left: Node[] = [];
  #leader: Node;
  /** Of the leader; and those that still follow one that was left behind. */
  #followers: Node[];
  readonly #astray: Node[] = [];
  #ids = 0;
  rows = 0;
  byReplicas = 0;

  constructor(replicas: Replicas, databases: readonly Database[]) {
    this.#replicas = replicas;
    this.databases = databases;
    this.#marks = databases.map(marksOf);
    const [leader, ...followers] = replicas.nodes;
    if (!leader) throw new Error("no server");
    this.#leader = leader;
    this.#followers = followers;
  }

  async take({ does, who, at }: Step): Promise<void> {
    const session = this.#sessions[who % sessionsAtOnce];
    const marks = this.#marks[at % processes];
    const standbys = [...this.#followers, ...this.#astray];
    const follower = standbys[who % Math.max(1, standbys.length)];
    if (!session || !marks) throw new Error("nobody");
    // A cookie, as the browser sends it to whichever process.
    const seen = (): ReadToken => parseReadToken(session.token);
    if (does === "write") {
      const context = request(seen());
      const id = ++this.#ids;
      const write = who % 3 === 0 ? marks.inTransaction : marks.put;
      // What a failover catches half-way is acknowledged to nobody.
      const done = await write(context, id).then(
        () => true,
        (error: unknown) => {
          assert.ok(error instanceof Fault, String(error));
          return false;
        },
      );
      session.token = formatReadToken(context.readToken);
      if (done) session.wrote.push(id);
    } else if (does === "read") {
      const ids = session.wrote.slice(-1 - (who % 5));
      await this.#read(at, ids, session.token, at % 4 < 2);
    } else if (does === "hold back") await follower?.holdBack();
    else if (does === "let go") await follower?.letGo();
    else if (does === "stranger") await this.#strangers();
    else if (does === "wait") await new Promise((resolve) => setTimeout(resolve, at % 300));
    else await this.#failover(who, at);
  }

  async #read(at: number, ids: readonly number[], token: string, together: boolean): Promise<void> {
    const marks = this.#marks[at % processes];
    const database = this.databases[at % processes];
    if (!marks || !database) throw new Error("nobody");
    const before = readsOfReplicas(database);
    const seen = () => request(parseReadToken(token));
    const found = together
      ? await marks.getEach(seen(), ids)
      : await Promise.all(ids.map((id) => marks.get(seen(), id)));
    assert.deepEqual([...found].sort(), [...ids].sort());
    this.rows += ids.length;
    this.byReplicas += Math.max(0, readsOfReplicas(database) - before);
  }

  /** At the end, with those that follow the leader let go: everything is read again, at every process. */
  async settle(): Promise<void> {
    for (const node of this.#followers) await node.letGo();
    await this.take({ does: "write", who: 0, at: 0 });
    for (const [at, database] of this.databases.entries()) {
      await until(async () =>
        (database.servers?.() ?? []).some((each) => each.role === "replica" && !each.leftOut),
      );
      for (const { wrote, token } of this.#sessions) {
        for (const together of [true, false]) await this.#read(at, wrote, token, together);
      }
    }
  }

  /** Others write, to the primary and to those left behind: these come to higher positions than the new one. */
  async #strangers(): Promise<void> {
    const from = this.#ids + 1;
    this.#ids += 200;
    for (const node of [this.#leader, ...this.#left]) {
      await node.inside(`begin read write;
        insert into shop.mark select 2, n, n from generate_series(${from}, ${from + 199}) as n; commit`);
    }
  }

  /** A standby that has everything takes over; the old one is left running, with or without those that follow it. */
  async #failover(who: number, at: number): Promise<void> {
    const next = this.#followers[who % Math.max(1, this.#followers.length)];
    // One that follows is left, to be read from.
    if (!next || this.#followers.length === 1) return;
    const old = this.#leader;
    // Whoever asks it is refused; strangers who insist are not.
    await old.run("alter system set default_transaction_read_only = on");
    await old.run("select pg_reload_conf()");
    await next.letGo();
    const writing = this.take({ does: "write", who, at });
    writing.catch(() => undefined);
    await this.#quiet(old);
    const others = this.#followers.filter((node) => node !== next);
    // What servers write by themselves must not come to one that then follows a leader without it: it never could.
    for (const other of others) {
      await other.letGo();
      await other.followNobody();
    }
    await this.#replicas.caughtUp(old, [next]);
    await next.promote();
    this.#leader = next;
    this.#left.push(old);
    this.#followers = [];
    for (const [i, other] of others.entries()) {
      const follows = i === 0 || i < others.length - 1 || at % 2 === 0;
      await other.follow(follows ? next : old);
      (follows ? this.#followers : this.#astray).push(other);
    }
    await writing;
    await this.#strangers();
  }

  /**
   * Ends when no connection can write any more, so that nothing is acknowledged and then lost: the server tells those
   * it has of a change before it takes new ones, and what began earlier has ended.
   */
  async #quiet(node: Node): Promise<void> {
    await until(async () => {
      const [row] = await node.inside(`
        select current_setting('default_transaction_read_only') = 'on' and not exists (
          select from pg_stat_activity
          where backend_type = 'client backend' and xact_start is not null and pid <> pg_backend_pid()) as quiet`);
      return row?.["quiet"] === true;
    });
  }
}

const readsOfReplicas = (database: Database): number =>
  (database.servers?.() ?? []).reduce((sum, { role, reads }) => sum + (role === "replica" ? reads : 0), 0);

test("a session never misses its own writes, whatever the order of writes, failovers and reads", {
  skip,
}, async (t) => {
  let rows = 0;
  let byReplicas = 0;
  await fc.assert(
    fc.asyncProperty(schedule, async (steps) => {
      await using replicas = await openReplicas(4);
      const databases = await Promise.all(Array.from({ length: processes }, () => replicas.open(10_000)));
      const world = new World(replicas, databases);
      for (const each of steps) await world.take(each);
      await world.settle();
      rows += world.rows;
      byReplicas += world.byReplicas;
    }),
    { seed: testSeed, numRuns: 1, endOnFailure: true },
  );
  t.diagnostic(`seed ${testSeed}: ${rows} rows read again, ${byReplicas} reads by replicas`);
  assert.ok(rows > 20 && byReplicas > 0);
});
