import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { beginFault, endFaults, faultKind, faultsOn } from "#lab/faults/api";
import type { WantedFault } from "#lab/faults/fault";
import { isMounted } from "#lab/faults/small-disk";
import { dataOf, serverDirectory } from "#lab/faults/victims";
import { freePort } from "#lab/shop/free-port";
import { type StagedShop, startStage } from "#lab/shop/staged";
import { converse } from "#launcher/converse";
import { readEndpoints } from "#launcher/endpoints";
import { type InstanceFacts, lookAtInstance } from "#launcher/instance";
import { loopback } from "#launcher/loopback";
import { findPostgres } from "#launcher/postgres/start";
import { askServer } from "#launcher/postgres/superuser";
import { readReplicas } from "#stages/05-read-replicas";
import { until } from "../support/until.ts";
import { whyNot } from "./why-not.ts";

const checkout = join(import.meta.dirname, "../..");

describe("faults of a running stage 5", { skip: whyNot(readReplicas) }, () => {
  let dataRoot: string;
  let shop: StagedShop;
  let facts: InstanceFacts;
  before(async () => {
    dataRoot = await mkdtemp(join(tmpdir(), "storey-faults-"));
    await chmod(dataRoot, 0o711);
    shop = await startStage({ stage: 5, name: "faulty", dataRoot, port: await freePort() });
    const found = await lookAtInstance({ name: "faulty", dataRoot });
    assert.ok(found);
    facts = found;
  });
  after(async () => {
    await shop?.stop();
    await rm(dataRoot, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  });

  const addressOf = async (component: string, port: string) => {
    const at = (await readEndpoints(facts.directory))[`${component} ${port}`];
    assert.ok(at);
    return at;
  };
  const answerOf = async (application: string) => {
    const { host, port } = await addressOf(application, "http");
    return fetch(`http://${host}:${port}/healthz`, { signal: AbortSignal.timeout(1_000) });
  };
  const askDatabase = async (name: string, statement: string) => {
    const { superuserPassword } = facts;
    const dataDir = serverDirectory(facts, name);
    const found = await findPostgres({ host: loopback, dataDir, superuserPassword });
    assert.ok(found, `${name} runs`);
    const server = { host: found.socketDir, port: found.port };
    return askServer<Record<string, unknown>>(server, superuserPassword, statement, { database: "storey" });
  };
  const leaderName = async () => {
    const { components } = await shop.status();
    return components.find(({ metrics }) => metrics["leads"] === 1)?.name ?? "";
  };

  it("refuses what there is not, in words, and does nothing then", async () => {
    const refused = async (wanted: object) => {
      const code = await beginFault(facts, wanted as WantedFault).then(
        () => "begun",
        (error: { code: string }) => error.code,
      );
      return code;
    };
    assert.equal(await refused({ name: "earthquake", on: "app-1" }), "fault.unknown");
    assert.equal(await refused({ name: "kill", on: "app-9" }), "fault.no_target");
    assert.equal(await refused({ name: "lost-cache", on: "app-1" }), "fault.no_target");
    assert.equal(await refused({ name: "cut-off", on: "data" }), "fault.needs_hosts");
    assert.equal(await refused({ name: "errors", on: "app-1" }), "fault.needs_hosts");
    assert.equal(await refused({ name: "clock-jump", on: "app-1", grade: 1e9 }), "fault.grade");
    assert.equal(await refused({ name: "freeze", on: "app-1", grade: 1 }), "fault.grade");
    assert.deepEqual(await faultsOn(facts), []);
  });

  it("freezes an application, is known to every process, and thaws it", async () => {
    const begun = await beginFault(facts, { name: "freeze", on: "app-2" });
    await assert.rejects(answerOf("app-2"), { name: "TimeoutError" });
    assert.deepEqual(
      (await faultsOn(facts)).map(({ wanted }) => wanted),
      [begun.wanted],
    );
    const twice = beginFault(facts, { name: "freeze", on: "app-2" });
    await assert.rejects(twice, { code: "fault.on_already" });
    await begun.end();
    assert.equal((await answerOf("app-2")).status, 200);
    assert.deepEqual(await faultsOn(facts), []);
    await begun.end();
  });

  it("puts the clock of one application an hour ahead, and right again", async () => {
    const aheadMs = async (application: string) =>
      Date.parse((await answerOf(application)).headers.get("date") ?? "") - Date.now();
    const begun = await beginFault(facts, { name: "clock-jump", on: "app-1", grade: 3_600 });
    // Node writes the same date for up to a second.
    await until(async () => Math.abs((await aheadMs("app-1")) - 3_600_000) < 5_000, 3_000);
    assert.ok(Math.abs(await aheadMs("app-2")) < 5_000);
    await begun.end();
    await until(async () => Math.abs(await aheadMs("app-1")) < 5_000, 3_000);
  });

  it("makes a cache forget everything", async () => {
    const redis = await addressOf("redis", "redis");
    const ask = (line: string) =>
      converse(redis, [`AUTH ${facts.secret("redis")}`, line, "QUIT"], 2_000).then(
        (said) => said.split("\r\n")[1],
      );
    await ask("SET a-test 1");
    assert.equal(await ask("EXISTS a-test"), ":1");
    await beginFault(facts, { name: "lost-cache", on: "redis" });
    assert.equal(await ask("EXISTS a-test"), ":0");
  });

  it("takes every connection that a database and a cache admit, and gives them back", async () => {
    const leader = await leaderName();
    const tryDatabase = async () => {
      const at = await addressOf(leader, "postgres");
      const ssl = { rejectUnauthorized: false };
      const password = facts.secret("database account");
      const client = new pg.Client({ ...at, database: "storey", user: "storey_account", password, ssl });
      client.on("error", () => undefined);
      return client.connect().then(
        () => client.end().then(() => "admitted"),
        (error: { code: string }) => error.code,
      );
    };
    const tryCache = async () => {
      const said = converse(
        await addressOf("redis", "redis"),
        [`AUTH ${facts.secret("redis")}`, "QUIT"],
        2_000,
      );
      return said.then(
        (text) => text.split("\r\n")[0],
        () => "refused",
      );
    };
    assert.equal(await tryDatabase(), "admitted");
    await beginFault(facts, { name: "exhausted-connections", on: leader });
    await beginFault(facts, { name: "exhausted-connections", on: "redis" });
    assert.equal(await tryDatabase(), "53300");
    assert.notEqual(await tryCache(), "+OK");
    // Its superuser still comes in: what is kept for it was left.
    assert.equal((await askDatabase(leader, "select 1 as one"))[0]?.["one"], 1);
    const ended = await endFaults(facts, { name: "exhausted-connections" });
    assert.deepEqual(ended.sort(), [`exhausted-connections ${leader}`, "exhausted-connections redis"].sort());
    await until(async () => (await tryDatabase()) === "admitted" && (await tryCache()) === "+OK");
  });

  it("keeps a replica from applying what it receives, until it may again", async () => {
    const [leader, replicas] = [await leaderName(), await faultKind("lagging-replica").targets(facts)];
    assert.equal(replicas.length, 2);
    assert.ok(!replicas.includes(leader));
    const [late = "", other = ""] = replicas;
    const begun = await beginFault(facts, { name: "lagging-replica", on: late });
    await askDatabase(leader, "create table public.lately as select 1 as one");
    const sees = async (name: string) =>
      (await askDatabase(name, "select to_regclass('public.lately') is not null as is"))[0]?.["is"] === true;
    await until(() => sees(other));
    // Longer than its guardian takes to look at it, and to set right what it finds.
    for (const end = Date.now() + 4_000; Date.now() < end; await pause(100)) {
      assert.equal(await sees(late), false);
    }
    await begun.end();
    await until(() => sees(late));
  });

  it("fills up a disk under a component, and keeps what was written to it", async () => {
    const data = dataOf(facts, "files");
    const begun = await beginFault(facts, { name: "full-disk", on: "files", grade: 2 });
    assert.equal(await isMounted(data), true);
    await writeFile(join(data, "small"), "fits");
    await assert.rejects(writeFile(join(data, "large"), Buffer.alloc(4 << 20)), { code: "ENOSPC" });
    await begun.end();
    assert.equal(await isMounted(data), false);
    assert.equal(await readFile(join(data, "small"), "utf8"), "fits");
    await writeFile(join(data, "large"), Buffer.alloc(4 << 20));
    await shop.whole();
  });

  it("kills a component, which is brought back", async () => {
    const pidOf = async () => (await shop.status()).components.find(({ name }) => name === "app-1")?.pid;
    const before = await pidOf();
    await beginFault(facts, { name: "kill", on: "app-1" });
    await until(async () => (await pidOf()) !== before, 20_000);
    await shop.whole();
  });

  it("ends with the command that began it, and with the supervisor", async () => {
    const where = ["--name", "faulty", "--data", dataRoot];
    const args = ["fault", "freeze", "alertmanager", "--for", "600", "--json", ...where];
    const command = spawn(join(checkout, "storey"), args, { stdio: ["ignore", "pipe", "inherit"] });
    try {
      const isSaid = once(command.stdout, "data", { signal: AbortSignal.timeout(60_000) });
      assert.deepEqual(JSON.parse(String(await isSaid)).begun, {
        name: "freeze",
        on: "alertmanager",
        grade: 0,
      });
      assert.equal((await faultsOn(facts)).length, 1);
      command.kill("SIGINT");
      assert.deepEqual(await once(command, "exit"), [0, null]);
    } finally {
      command.kill("SIGKILL");
    }
    assert.deepEqual(await faultsOn(facts), []);
    await beginFault(facts, { name: "freeze", on: "app-2" });
    await shop.stop();
    assert.deepEqual(await faultsOn(facts), []);
  });
});
