import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Database } from "#platform/database/api";
import { holdChannel, watchName } from "#platform/database/drivers/pg-watch";
import { until } from "../support/until.ts";
import { fit, marksOf, type Node, openReplicas, type Replicas, request, skip, stateOf } from "./cluster.ts";

describe("writes that are held while the lead moves", { skip }, () => {
  let replicas: Replicas;
  let database: Database;
  let marks: ReturnType<typeof marksOf>;
  let one: Node;
  let two: Node;
  let ids = 0;
  before(async () => {
    replicas = await openReplicas(1);
    [one, two] = replicas.nodes as [Node, Node];
    database = await replicas.open(10_000);
    marks = marksOf(database);
    await fit(database, two);
    await marks.put(request(), ++ids);
    // Whoever has seen nothing may be shown what the follower has.
    await replicas.caughtUp(one, [two]);
  });
  after(() => replicas[Symbol.asyncDispose]());

  const ask = (node: Node, ms: number) => node.inside(`select pg_notify('${holdChannel}', '${ms}')`);
  const watchesCalled = async (name: string) =>
    (await one.run(`select from pg_stat_activity where application_name = '${name}'`)).length;
  /** As whoever moves the lead waits for every process: asked again until it says so. */
  const hold = (ms: number) =>
    until(async () => {
      await ask(one, ms);
      return (await watchesCalled(watchName.held)) === 1;
    });
  /** A write that has begun by now, and whether it has ended. */
  const begin = (write: () => Promise<unknown>) => {
    const begun = { isOver: false, ended: Promise.resolve<unknown>(undefined) };
    begun.ended = write().finally(() => {
      begun.isOver = true;
    });
    return begun;
  };

  it("wait until they are let go, each of their kinds; reads go on", async () => {
    await hold(5_000);
    const held = [
      begin(() => marks.put(request(), ++ids)),
      begin(() => marks.inTransaction(request(), ++ids)),
      begin(() => marks.sweep(++ids)),
    ];
    for (let i = 0; i < 20; i++) assert.equal(await marks.get(request(), 1), 1);
    assert.deepEqual(
      held.map(({ isOver }) => isOver),
      [false, false, false],
    );
    await ask(one, 0);
    await Promise.all(held.map(({ ended }) => ended));
    await until(async () => (await watchesCalled(watchName.usual)) === 1);
  });

  it("go on where a transaction that is under way waits for them", async () => {
    const store = database.store("shop");
    await store.write(request(), 1).transaction(async () => {
      await hold(5_000);
      await marks.put(request(), ++ids);
    });
    await ask(one, 0);
  });

  it("go on by themselves where nobody lets them go", async () => {
    await hold(300);
    await marks.put(request(), ++ids);
  });

  it("go on at the next leader, none of them refused, and what they wrote is there", async () => {
    await hold(5_000);
    const written = Array.from({ length: 20 }, () => ++ids);
    const held = written.map((id) => begin(() => marks.put(request(), id)));
    await replicas.caughtUp(one, [two]);
    await one.run("select pg_switch_wal()");
    await one.restartAsFollower(two);
    await two.promote();
    await Promise.all(held.map(({ ended }) => ended));
    assert.equal(stateOf(database, two).role, "primary");
    for (const id of written)
      assert.equal((await two.inside(`select from shop.mark where id = ${id}`)).length, 1);
  });
});
