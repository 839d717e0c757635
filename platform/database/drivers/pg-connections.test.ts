import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { openTestDatabase, type TestDatabase } from "#tests/support/database";
import { testPassword } from "#tests/support/server";
import { until } from "#tests/support/until";
import { type Borrowed, type Connections, openConnections } from "./pg-connections.ts";

const most = 2;

describe("the connections of a role", () => {
  let db: TestDatabase;
  let connections: Connections;
  const told: string[] = [];
  before(async () => {
    db = await openTestDatabase();
    await db.admin(
      `create table shop.mark (id int primary key); grant select, insert, delete on shop.mark to storey_shop`,
    );
  });
  after(() => db.close());
  beforeEach(() => {
    told.length = 0;
    connections = openConnections(
      {
        host: db.server.host,
        port: db.server.port,
        database: db.name,
        user: "storey_shop",
        password: testPassword("shop"),
        application_name: "the test's",
      },
      most,
      (message) => told.push(message),
    );
  });
  afterEach(async () => {
    await connections.end();
    await db.admin("delete from shop.mark");
  });

  const echo = async (value: number, after = 0) => {
    const query = {
      name: "echo",
      text: "select $1::int as value, pg_sleep($2) is null as slept",
      values: [value, after],
    };
    return (await connections.send(query))[0]?.["value"];
  };
  const pidOf = async (on: Pick<Borrowed, "send">) =>
    (await on.send("select pg_backend_pid() as pid"))[0]?.["pid"];
  const insert = (id: number) => ({ name: "mark", text: "insert into mark values ($1)", values: [id] });
  const kill = () =>
    db.admin(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'the test''s'`);

  test("are none at first, and no more than allowed, however many ask; each gets its own answer", async () => {
    assert.deepEqual(connections.load(), { open: 0, idle: 0, waiting: 0 });
    const asked = Array.from({ length: 200 }, (_, i) => i);
    const answers = Promise.all(asked.map((i) => echo(i)));
    assert.deepEqual(connections.load(), { open: most, idle: 0, waiting: 200 - most });
    assert.deepEqual(await answers, asked);
    assert.deepEqual(connections.load(), { open: most, idle: most, waiting: 0 });
  });

  test("are not opened for a few statements that come together: they go behind each other", async () => {
    for (let i = 0; i < 5; i++) await Promise.all([echo(1), echo(2), echo(3)]);
    assert.deepEqual(connections.load(), { open: 1, idle: 1, waiting: 0 });
  });

  test("keep a quick statement from waiting behind a slow one", async () => {
    await echo(0);
    const slow = echo(1, 0.5);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const startedAt = performance.now();
    for (let i = 0; i < 5; i++) await Promise.all([echo(2), echo(3), echo(4)]);
    assert.ok(performance.now() - startedAt < 400);
    assert.equal(await slow, 1);
  });

  test("survive a statement that fails, and so do those sent behind it", async () => {
    const pid = await pidOf(connections);
    const outcomes = await Promise.allSettled([
      connections.send(insert(1)),
      connections.send(insert(1)),
      connections.send(insert(2)),
      connections.send("select nonsense"),
      echo(5),
    ]);
    assert.deepEqual(
      outcomes.map(({ status }) => status === "fulfilled"),
      [true, false, true, false, true],
    );
    const pids = await Promise.all([pidOf(connections), pidOf(connections)]);
    assert.ok(pids.includes(pid), "no connection was opened in place of one that was in order");
  });

  test("are lent for as long as wanted, also while others never stop sending", async () => {
    let sending = true;
    const senders = Array.from({ length: 20 }, async () => {
      while (sending) await echo(0);
    });
    const mine = await connections.borrow();
    await mine.send("begin");
    await mine.send(insert(7));
    const pid = await pidOf(mine);
    const others = await Promise.all(Array.from({ length: 20 }, () => pidOf(connections)));
    assert.ok(!others.includes(pid));
    await mine.send("rollback");
    mine.giveBack(false);
    sending = false;
    await Promise.all(senders);
    assert.equal((await connections.send("select from mark")).length, 0);
  });

  test("are lent in the order of asking, and statements wait while all are", async () => {
    const [first, second] = await Promise.all([connections.borrow(), connections.borrow()]);
    const order: string[] = [];
    const third = connections.borrow().then((line) => {
      order.push("third");
      return line;
    });
    const statement = echo(9).then(() => order.push("statement"));
    assert.equal(connections.load().waiting, 2);
    first.giveBack(false);
    (await third).giveBack(false);
    await statement;
    assert.deepEqual(order, ["third", "statement"]);
    second.giveBack(false);
  });

  test("that break fail what was sent, and are replaced", async () => {
    const lent = await connections.borrow();
    const sent = [echo(1, 5), echo(2)].map((answer) => answer.then(String, () => "failed"));
    await until(async () => connections.load().open === most);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await kill();
    assert.deepEqual(await Promise.all(sent), ["failed", "failed"]);
    await assert.rejects(lent.send("select 1"));
    lent.giveBack(true);
    assert.equal(await echo(3), 3);
    assert.deepEqual(told, []);
  });

  test("that break while nobody uses them are told of and forgotten", async () => {
    await echo(1);
    await kill();
    await until(async () => told.length === 1);
    assert.equal(connections.load().open, 0);
    assert.equal(await echo(2), 2);
  });

  test("that cannot be opened fail with what the machine said", async () => {
    const nowhere = openConnections(
      { host: "127.0.0.1", port: 1, user: "x", password: "x" },
      1,
      () => undefined,
    );
    await assert.rejects(nowhere.send("select 1"), { code: "ECONNREFUSED" });
    await assert.rejects(nowhere.borrow(), { code: "ECONNREFUSED" });
    assert.equal(nowhere.load().open, 0);
    await nowhere.end();
  });

  test("end when what was sent is answered and what was lent is back", async () => {
    const lent = await connections.borrow();
    const answer = echo(1, 0.1);
    let ended = false;
    const end = connections.end().then(() => {
      ended = true;
    });
    await assert.rejects(connections.send("select 1"), /closed/);
    assert.equal(await answer, 1);
    assert.equal(ended, false);
    await lent.send(insert(3));
    lent.giveBack(false);
    await end;
    assert.deepEqual(await db.admin("select id from shop.mark"), [{ id: 3 }]);
  });
});
