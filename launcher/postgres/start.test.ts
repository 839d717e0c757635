import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { appendFileSync, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import pg from "pg";
import type { Source } from "./binaries.ts";
import { makeScratchServer, whySkip } from "./scratch-server.ts";
import type { RunningPostgres } from "./start.ts";
import { askServer } from "./superuser.ts";

const sources: Source[] = ["embedded", "distribution"];

const query = ({ socketDir: host, port, superuser }: RunningPostgres, text: string) =>
  askServer<Record<string, string>>({ host, port }, superuser.password, text);

async function setting(server: RunningPostgres, name: string): Promise<string | undefined> {
  return (await query(server, `SELECT current_setting('${name}') AS value`))[0]?.["value"];
}

for (const from of sources) {
  describe(`PostgreSQL, ${from}`, { skip: await whySkip(from) }, () => {
    test("makes its data, keeps it over a restart, and leaves nothing running", async () => {
      await using place = makeScratchServer();
      const first = await place.start(from);
      assert.equal(first.adopted, false);
      assert.match(first.version, /^1[5-8]\.\d+$/);
      assert.deepEqual(place.said, [`making a database with PostgreSQL ${first.version}`]);
      await query(first, "CREATE TABLE kept (word text); INSERT INTO kept VALUES ('kept')");
      await first.stop();
      assert.throws(() => process.kill(first.pid, 0), { code: "ESRCH" });
      assert.ok(!existsSync(join(place.dataDir, "postmaster.pid")));

      const second = await place.start(from);
      assert.equal(second.adopted, false);
      assert.deepEqual(await query(second, "SELECT word FROM kept"), [{ word: "kept" }]);
      await second.stop();
      await second.stop();
    });

    test("is set up as the design says", async () => {
      await using place = makeScratchServer();
      const server = await place.start(from);
      const wanted = {
        fsync: "on",
        synchronous_commit: "on",
        wal_level: "logical",
        data_checksums: "on",
        listen_addresses: "",
        TimeZone: "UTC",
        jit: "off",
        server_encoding: "UTF8",
        password_encryption: "scram-sha-256",
        statement_timeout: "30s",
        idle_in_transaction_session_timeout: "30s",
        max_connections: "100",
      };
      for (const [name, value] of Object.entries(wanted))
        assert.equal(await setting(server, name), value, name);
      assert.ok(Number(await setting(server, "max_replication_slots")) > 0);
      assert.ok(Number(await setting(server, "max_wal_senders")) > 0);
      // Sorted by code point, the same on every machine; letters are letters in every script.
      const text = "SELECT 'Z' < 'a' AS bytes, lower('ÄÇ') AS lower, '鞋' ~ '\\w' AS word";
      assert.deepEqual(await query(server, text), [{ bytes: true, lower: "äç", word: true }]);
      assert.equal(readdirSync(join(place.dataDir, "log")).length, 1);
    });

    test("lets nobody in without the password, and nobody near its socket", async () => {
      await using place = makeScratchServer();
      const server = await place.start(from);
      assert.equal(statSync(server.socketDir).mode & 0o777, 0o700);
      for (const password of ["", "wrong"]) {
        const { socketDir: host, port, superuser } = server;
        await assert.rejects(new pg.Client({ host, port, ...superuser, password }).connect());
      }
      for (const table of ["tcp", "tcp6"].filter((name) => existsSync(`/proc/${server.pid}/net/${name}`))) {
        assert.deepEqual(listeningSockets(server.pid, table), []);
      }
    });

    test("works in a long path with spaces, quotes and other letters", async () => {
      await using place = makeScratchServer(`mein großer Laden, 'neu' [1] */${"x".repeat(120)}/post gres`);
      const server = await place.start(from);
      assert.ok(Buffer.byteLength(server.socketDir) < 90);
      assert.match(server.socketDir, /^[\w./-]+$/);
      assert.equal(statSync(server.socketDir).mode & 0o777, 0o700);
      const again = await place.start(from);
      assert.deepEqual([again.adopted, again.pid], [true, server.pid]);
      await again.stop();
      assert.ok(!existsSync(server.socketDir));
    });
  });
}

test("an operator's own settings win over ours, and are kept", async () => {
  await using place = makeScratchServer();
  await (await place.start()).stop();
  appendFileSync(join(place.dataDir, "local.conf"), "work_mem = '7MB'\njit = on\n");
  for (let round = 0; round < 2; round += 1) {
    const server = await place.start();
    assert.deepEqual([await setting(server, "work_mem"), await setting(server, "jit")], ["7MB", "on"]);
    await server.stop();
  }
});

test("the server hears no Ctrl-C of our terminal", async () => {
  await using place = makeScratchServer();
  const server = await place.start();
  const group = (pid: number) =>
    execFileSync("ps", ["-o", "pgid=", "-p", String(pid)], { encoding: "utf8" }).trim();
  assert.equal(group(server.pid), String(server.pid));
  assert.notEqual(group(server.pid), group(process.pid));
});

/** Listening sockets (state 0A) in the table that belong to the process, by inode. */
function listeningSockets(pid: number, table: string): string[] {
  const own = execFileSync("ls", ["-l", `/proc/${pid}/fd`], { encoding: "utf8" });
  const rows = readFileSync(`/proc/${pid}/net/${table}`, "utf8").trim().split("\n").slice(1);
  const fields = rows.map((row) => row.trim().split(/\s+/));
  return fields.flatMap((row) =>
    row[3] === "0A" && own.includes(`socket:[${row[9]}]`) ? [row.join(" ")] : [],
  );
}
