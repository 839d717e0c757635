import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { serverAccount } from "../account.ts";
import { loopback, signalHere } from "../loopback.ts";
import { makeScratchServer, type ScratchServer, whySkip } from "./scratch-server.ts";
import { type RunningPostgres, startPostgres } from "./start.ts";

function connect(server: RunningPostgres): pg.Client {
  const client = new pg.Client({ host: server.socketDir, port: server.port, ...server.superuser });
  // What is killed under it is told by the query that was waiting.
  client.on("error", () => undefined);
  return client;
}

/** Another launcher, which prints the server's number once it runs. */
function startElsewhere({ dataDir, superuserPassword }: ScratchServer): ChildProcess {
  const options = JSON.stringify({ dataDir, superuserPassword, from: "embedded" });
  const program = `
    const { loopback: host } = await import(${JSON.stringify(import.meta.resolve("../loopback.ts"))});
    const { startPostgres } = await import(${JSON.stringify(import.meta.resolve("./start.ts"))});
    const server = await startPostgres({ host, ...${options} });
    console.log(server.pid);
    setInterval(() => {}, 1000);`;
  return spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

async function firstLine(child: ChildProcess): Promise<string> {
  assert.ok(child.stdout);
  const [line] = await once(createInterface(child.stdout), "line");
  return line;
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill("SIGKILL");
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}

/** A process that is none of ours, under the same user as the server. */
async function startBystander(dataDir: string): Promise<ChildProcess> {
  const account = await serverAccount(loopback, dataDir);
  return spawn("sleep", ["600"], { stdio: "ignore", uid: account?.uid, gid: account?.gid, cwd: "/" });
}

/** Makes the file of a killed server name another process, as if its number had been given anew. */
function claim(dataDir: string, pid: number | undefined): void {
  const path = join(dataDir, "postmaster.pid");
  const [, ...rest] = readFileSync(path, "utf8").split("\n");
  writeFileSync(path, [pid, ...rest].join("\n"));
}

const skips = { embedded: await whySkip("embedded"), distribution: await whySkip("distribution") };

describe("after a kill -9", () => {
  test("of the launcher, the server is adopted and can be stopped", async () => {
    await using place = makeScratchServer();
    const other = startElsewhere(place);
    const pid = Number(await firstLine(other));
    await kill(other);
    const adopted = await place.start();
    assert.deepEqual([adopted.adopted, adopted.pid], [true, pid]);
    assert.deepEqual(place.said, [`adopting the PostgreSQL that is running already (process ${pid})`]);
    await adopted.stop();
    assert.equal(await loopback.probe(pid), undefined);
    assert.equal((await place.start()).adopted, false);
  });

  test("of the launcher and then the server, a start right after works though init reaps late", async () => {
    await using place = makeScratchServer();
    const other = startElsewhere(place);
    await firstLine(other);
    await kill(other);
    const orphan = await place.start();
    assert.equal(orphan.adopted, true);
    signalHere(orphan, "SIGKILL");
    const server = await place.start();
    assert.deepEqual([server.adopted, server.pid === orphan.pid], [false, false]);
  });

  test("of the launcher in the middle of the first start, the next one starts afresh", async () => {
    for (const delayMs of [0, 150, 300]) {
      await using place = makeScratchServer();
      const other = startElsewhere(place);
      // A draft is there: initdb is about to run.
      while (readdirSync(place.scratch).length === 0) await pause(2);
      await pause(delayMs);
      await kill(other);
      await (await place.start()).stop();
    }
  });

  for (const from of ["embedded", "distribution"] as const) {
    test(`of the server (${from}), what was acknowledged is there, though a backend still worked`, {
      skip: skips[from],
    }, async () => {
      await using place = makeScratchServer();
      const server = await place.start(from);
      const [writer, worker] = [connect(server), connect(server)];
      await Promise.all([writer.connect(), worker.connect()]);
      await writer.query("CREATE TABLE kept (number int); INSERT INTO kept SELECT generate_series(1, 1000)");
      // Computes without waiting for anything, so it does not see that its server is gone.
      const ended = worker.query("SELECT sum(n) FROM generate_series(1, 5000000) n").catch(() => undefined);
      const busy = "SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'SELECT sum%'";
      while ((await writer.query(busy)).rowCount === 0);
      signalHere(server, "SIGKILL");
      const next = await place.start(from);
      assert.deepEqual([next.adopted, next.pid === server.pid], [false, false]);
      assert.ok(place.said.includes("waiting for what is left of the killed PostgreSQL to end"));
      const reader = connect(next);
      await reader.connect();
      assert.deepEqual((await reader.query("SELECT count(*)::int AS rows FROM kept")).rows, [{ rows: 1000 }]);
      await reader.end();
      await ended;
    });
  }
});

describe("a number in postmaster.pid that is not the server's", () => {
  test("is a process of somebody else: it is left alone, and the server starts", async () => {
    await using place = makeScratchServer();
    signalHere(await place.start(), "SIGKILL");
    const bystander = await startBystander(place.dataDir);
    try {
      claim(place.dataDir, bystander.pid);
      const server = await place.start();
      assert.equal(server.adopted, false);
      await server.stop();
      assert.ok(await loopback.probe(bystander.pid ?? 0));
    } finally {
      await kill(bystander);
    }
  });

  test("is the server of other data: it is left alone, and the right one starts", async () => {
    await using elsewhere = makeScratchServer();
    await using place = makeScratchServer();
    const other = await elsewhere.start();
    signalHere(await place.start(), "SIGKILL");
    claim(place.dataDir, other.pid);
    const server = await place.start();
    assert.deepEqual([server.adopted, server.pid === other.pid], [false, false]);
    await server.stop();
    assert.ok(await loopback.probe(other.pid));
  });
});

test("a server whose directory was moved while it ran is found and started anew", async () => {
  await using place = makeScratchServer("after");
  const { dataDir, superuserPassword } = place;
  const before = join(place.scratch, "before");
  const server = await startPostgres({
    host: loopback,
    dataDir: before,
    from: "embedded",
    superuserPassword,
  });
  renameSync(before, dataDir);
  assert.equal((await place.start()).adopted, false);
  assert.equal(await loopback.probe(server.pid), undefined);
});
