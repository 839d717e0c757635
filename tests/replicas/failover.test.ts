import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Fault } from "#kernel/refusal";
import type { Database } from "#platform/database/api";
import { until } from "../support/until.ts";
import { fit, marksOf, type Node, openReplicas, type Replicas, request, skip, stateOf } from "./cluster.ts";

describe("a primary that another server takes over from", { skip }, () => {
  let replicas: Replicas;
  let database: Database;
  let marks: ReturnType<typeof marksOf>;
  /** In the order in which they lead. */
  let one: Node;
  let two: Node;
  let three: Node;
  let ids = 0;
  before(async () => {
    replicas = await openReplicas();
    [one, two, three] = replicas.nodes as [Node, Node, Node];
    database = await replicas.open();
    marks = marksOf(database);
    await fit(database, two, three);
  });
  after(() => replicas[Symbol.asyncDispose]());

  it("is left for the new one within a second of its promotion; what was acknowledged is read", async () => {
    const session = request();
    await marks.put(session, ++ids);
    await replicas.caughtUp(one, [two, three]);
    await one.kill9();
    // Before it has noticed, it would send, and nobody could say what became of it.
    const open = () =>
      database.load().reduce((sum, { domain, open }) => sum + (domain === "shop" ? open : 0), 0);
    await until(async () => !stateOf(database, one).answers && open() === 0);
    const early = request();
    const waiting = marks.put(early, 1_000_000);
    await two.promote();
    const promotedAt = performance.now();
    await marks.put(session, ++ids);
    assert.ok(performance.now() - promotedAt < 1_000, `after ${performance.now() - promotedAt} ms`);
    await waiting;
    assert.equal(await marks.get(early, 1_000_000), 1_000_000);
    for (const id of [ids - 1, ids]) assert.equal(await marks.get(session, id), id);
    assert.equal(stateOf(database, two).role, "primary");
    assert.equal(stateOf(database, two).failovers, 1);
    // It still follows the one that is gone, on the old timeline: what is new is not there.
    await three.follow(two);
    await fit(database, three);
    assert.equal(await marks.get(session, ids), ids);
  });

  it("fails what was under way as something that may have happened, and repeats what was not sent", async () => {
    await two.run("alter system set synchronous_standby_names = '*'");
    await two.run("select pg_reload_conf()");
    const outcomes = await duringRestart(two, three);
    for (const { error } of outcomes) {
      if (error === undefined) continue;
      assert.ok(error instanceof Fault, String(error));
      assert.equal(error.safeToRetry, false, error.message);
    }
    const { length: done } = outcomes.filter(({ error }) => error === undefined);
    assert.ok(done > outcomes.length / 2, `${done} of ${outcomes.length}`);
    for (const { id, error } of outcomes) {
      if (error === undefined) assert.equal(await marks.get(request(), id), id);
    }
  });

  /** Writes without pause while `from` is killed and `to` takes over. */
  async function duringRestart(from: Node, to: Node) {
    const outcomes: { id: number; error: unknown }[] = [];
    let over = false;
    const writer = async () => {
      while (!over) {
        const id = ++ids;
        const error = await marks.put(request(), id).then(
          () => undefined,
          (failed: unknown) => failed,
        );
        outcomes.push({ id, error });
      }
    };
    const writers = Promise.all(Array.from({ length: 4 }, writer));
    await new Promise((resolve) => setTimeout(resolve, 300));
    await from.kill9();
    await to.promote();
    await new Promise((resolve) => setTimeout(resolve, 500));
    over = true;
    await writers;
    return outcomes;
  }
});

describe("a process that believes in the wrong primary", { skip }, () => {
  let replicas: Replicas;
  before(async () => {
    replicas = await openReplicas();
  });
  after(() => replicas[Symbol.asyncDispose]());

  it("repeats what a server refused that follows by now, and two processes see each other's writes", async () => {
    const [one, two, three] = replicas.nodes as [Node, Node, Node];
    const [here, there] = [await replicas.open(), await replicas.open()];
    await fit(here, two, three);
    const [mine, others] = [marksOf(here), marksOf(there)];
    await mine.put(request(), 1);
    await replicas.caughtUp(one, [two, three]);
    // Between two looks the roles are exchanged, under the same addresses: connections break, beliefs stay.
    await one.run("select pg_switch_wal()");
    await one.restartAsFollower(two);
    const context = request();
    const refused = mine.put(context, 2);
    await two.promote();
    await refused;
    assert.equal(stateOf(here, two).role, "primary");
    const token = new Map(context.readToken);
    assert.match(token.get("shop") ?? "", /^[0-9a-f]{8}[.]2[.]/);
    // The other process may not have heard of the new timeline yet.
    assert.equal(await others.get(request(token), 2), 2);
    await three.follow(two);
    await fit(there, one, three);
    await others.put(request(token), 3);
    assert.equal(await mine.get(request(token), 2), 2);
  });

  it("takes no write to one that was left behind and still takes them", async () => {
    const [one, two, three] = replicas.nodes as [Node, Node, Node];
    const here = await replicas.open();
    const mine = marksOf(here);
    await fit(here, one, three);
    // Two leads on timeline 2; three is promoted beside it, as if two were cut off.
    await three.promote();
    await mine.put(request(), 10);
    const deadline = performance.now() + 1_000;
    while (stateOf(here, three).role !== "primary" && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.equal(stateOf(here, three).role, "primary");
    const session = request();
    await mine.put(session, 11);
    assert.equal((await two.inside("select id from shop.mark where id = 11")).length, 0);
    // What follows the old one goes on there, and nobody is sent to it.
    await two.inside("insert into shop.mark select 2, n, n from generate_series(1, 5000) as n");
    await replicas.caughtUp(two, [one]);
    await fit(here);
    assert.equal(await mine.get(session, 11), 11);
    assert.equal(stateOf(here, one).leftOut, true);
  });
});
