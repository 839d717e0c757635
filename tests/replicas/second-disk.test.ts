import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Fault } from "#kernel/refusal";
import type { Database } from "#platform/database/api";
import { unknownPosition } from "#platform/database/position";
import { until } from "../support/until.ts";
import { fit, marksOf, type Node, openReplicas, type Replicas, request, skip } from "./cluster.ts";

/** What the driver sets; the wait for a second disk has to outlast it (PgSettings.statementTimeoutMs in cluster.ts). */
const statementTimeoutMs = 2_000;

describe("a commit that waits for a second disk", { skip }, () => {
  let replicas: Replicas;
  let database: Database;
  let marks: ReturnType<typeof marksOf>;
  let primary: Node;
  let standbys: readonly Node[];
  let ids = 0;
  before(async () => {
    replicas = await openReplicas();
    [primary, ...standbys] = replicas.nodes as [Node, Node, Node];
    database = await replicas.open();
    marks = marksOf(database);
    await fit(database, ...standbys);
    await primary.run("alter system set synchronous_standby_names = 'ANY 1 (*)'");
    await primary.run("select pg_reload_conf()");
    await until(async () => {
      const found = await primary.run("select from pg_stat_replication where sync_state = 'quorum'");
      return found.length === 2;
    });
    await marks.put(request(), ++ids);
  });
  after(() => replicas[Symbol.asyncDispose]());

  const waitingCommits = () =>
    primary.run("select pid from pg_stat_activity where wait_event = 'SyncRep' order by query_start");
  /** While both standbys stand still. */
  async function alone(work: () => Promise<void>): Promise<void> {
    for (const node of standbys) node.freeze();
    try {
      await work();
    } finally {
      for (const node of standbys) node.thaw();
    }
    await fit(database, ...standbys);
    await until(async () => (await waitingCommits()).length === 0);
  }
  const isDoubtful = (error: unknown, code: string) => {
    assert.ok(error instanceof Fault, String(error));
    assert.deepEqual([error.code, error.safeToRetry], [code, false]);
    return true;
  };

  it("is not ended by the statement's time, and nobody is told that it is done", async () => {
    await alone(async () => {
      const begunAt = performance.now();
      const withinMs = statementTimeoutMs + 1_000;
      await assert.rejects(marks.put(request(new Map(), withinMs), ++ids), (error) =>
        isDoubtful(error, "database.silent"),
      );
      assert.ok(performance.now() - begunAt >= withinMs - 50);
      assert.equal((await waitingCommits()).length, 1);
    });
    assert.equal(await marks.get(request(new Map([["shop", unknownPosition]])), ids), ids);
  });

  for (const [how, write] of [
    ["a statement", (id: number) => marks.put(request(), id)],
    ["a transaction", (id: number) => marks.inTransaction(request(), id)],
    ["a sweep", (id: number) => marks.sweep(id)],
  ] as const) {
    it(`is a fault where somebody cancels it, of ${how}, though the server calls it done`, async () => {
      await alone(async () => {
        const id = ++ids;
        const doubtful = assert.rejects(write(id), (error) => isDoubtful(error, "database.unconfirmed"));
        await until(async () => (await waitingCommits()).length > 0);
        await primary.run("select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'");
        await doubtful;
        // It stands on one disk, as it may after any fault.
        assert.equal((await primary.inside(`select from shop.mark where id = ${id}`)).length, 1);
      });
    });
  }

  it("leaves what was said to be unknown to the primary, and room for reads", async () => {
    await alone(async () => {
      const session = request(new Map(), 1_500);
      const id = ++ids;
      const first = assert.rejects(marks.put(session, id), (error) => isDoubtful(error, "database.silent"));
      const others = Array.from({ length: 30 }, () =>
        assert.rejects(marks.put(request(new Map(), 1_500), ++ids), Fault),
      );
      await Promise.all([first, ...others]);
      assert.equal(session.readToken.get("shop"), unknownPosition);
      const again = request(session.readToken);
      const begunAt = performance.now();
      // The primary shows it to nobody before it has stopped to wait.
      assert.equal(await marks.get(again, id), undefined);
      assert.ok(performance.now() - begunAt < 500);
    });
  });

  it("is acknowledged again as soon as a disk is there", async () => {
    const session = request();
    await marks.put(session, ++ids);
    assert.equal(await marks.get(session, ids), ids);
  });
});
