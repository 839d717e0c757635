import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, globSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { freePort } from "#lab/shop/free-port";
import { lookAtInstance } from "#launcher/instance";
import { loopback } from "#launcher/loopback";
import { superuserName } from "#launcher/postgres/settings";
import type { ComponentStatus, InstanceStatus } from "#launcher/status";
import { askSupervisor } from "#launcher/supervised";
import { connectAdministrator } from "#platform/database/drivers/pg-administrator";
import { singleMachine } from "#stages/01-single-machine";
import { separateDatabase } from "#stages/02-separate-database";
import { until } from "../support/until.ts";
import { whyNot } from "./why-not.ts";

const program = join(import.meta.dirname, "../../storey");
const usual = ["--demo-products", "0", "--install"];

/** Two shops on one machine, as somebody has them who types commands. */
describe("the commands around running shops", { skip: whyNot(separateDatabase) }, () => {
  let dataRoot: string;
  let one: readonly string[];
  let two: readonly string[];
  let foreign: ChildProcess;
  /** What the first start of `one` said. */
  let told: string;

  const storey = (...args: readonly string[]) =>
    new Promise<{ code: number; out: string; said: string }>((resolve) => {
      execFile(program, [...args, "--data", dataRoot], { maxBuffer: 16 << 20 }, (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code) : 0, out: stdout, said: stdout + stderr });
      });
    });
  /** As its supervisor says it; of one that nobody looks after it is not known. */
  const statusOf = async (name: string): Promise<InstanceStatus> => {
    const facts = await lookAtInstance({ name, dataRoot });
    const status = facts && (await askSupervisor(facts));
    assert.ok(status, name);
    return status;
  };
  const partOf = ({ components }: InstanceStatus, name: string): ComponentStatus => {
    const found = components.find((each) => each.name === name);
    assert.ok(found, name);
    return found;
  };
  const well = (name: string) =>
    until(async () => (await statusOf(name)).components.every(({ ailment }) => ailment === null), 60_000);
  /** Living processes that have to do with a directory: they work in it, or name it. */
  const livingIn = (directory: string): string[] =>
    globSync("/proc/[0-9]*").flatMap((path) => {
      try {
        const command = readFileSync(`${path}/cmdline`, "utf8").replaceAll("\0", " ").trim();
        const place = readlinkSync(`${path}/cwd`);
        return `${place} ${command}`.includes(directory) ? [command] : [];
      } catch {
        // It has ended.
        return [];
      }
    });
  const killSupervisor = async (name: string) => {
    const { supervisor } = await statusOf(name);
    process.kill(supervisor, "SIGKILL");
    await until(async () => (await loopback.probe(supervisor)) === undefined);
  };

  before(async () => {
    dataRoot = await mkdtemp(join(tmpdir(), "storey-typed-"));
    await chmod(dataRoot, 0o711);
    foreign = spawn("sleep", ["600"], { stdio: "ignore" });
    one = ["--name", "one", "--port", String(await freePort()), ...usual];
    two = ["--name", "two", "--port", String(await freePort()), ...usual];
    const [first, second] = await Promise.all([
      storey("up", "--stage", "2", ...one),
      storey("up", "--stage", "1", ...two),
    ]);
    told = first.said;
    assert.deepEqual([first.code, second.code], [0, 0], told + second.said);
  });
  after(async () => {
    for (const name of ["one", "two"]) await storey("down", "--name", name);
    foreign?.kill("SIGKILL");
    await rm(dataRoot, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  });

  it("up says what it does in the order in which it can be done, and then what runs where", () => {
    const at = (pattern: RegExp) => {
      const found = told.search(pattern);
      assert.ok(found >= 0, `${pattern} in ${told}`);
      return found;
    };
    const takes = at(/^Stage 2 takes about \d+ MB; \d+ MB are available\.$/m);
    const database = at(/^database: postgres 1[5-8]\.\d+ is ready \(\d+\.\d s\)$/m);
    const app = at(/^app: application \S+ is ready/m);
    const table = at(/^component +is +host +at +memory +processor +health$/m);
    assert.ok(takes < database && database < app && app < table, told);
    assert.ok(at(/^alertmanager: \S+ \S+ is ready/m) < at(/^prometheus: \S+ \S+ is ready/m), told);
    for (const { name, kind, host } of separateDatabase.components) {
      const line = told.split("\n").find((each) => each.startsWith(`${name} `) && each.includes(kind));
      assert.match(line ?? "", new RegExp(`^${name} +${kind} \\d.* ${host} +127\\.0\\.0\\.1:\\d+`), told);
    }
    assert.match(told, /^Ready in \d+\.\d s\. .*storey down --name one/m);
  });

  it("status shows of each its health, address, memory, processor time and version", async () => {
    const shown = async (name: string): Promise<InstanceStatus> => {
      const { code, out, said } = await storey("status", "--name", name, "--json");
      assert.equal(code, 0, said);
      return JSON.parse(out);
    };
    const [here, there] = await Promise.all([shown("one"), shown("two")]);
    for (const { components } of [here, there]) {
      for (const { name, ailment, addresses, memoryBytes, cpuMs, version } of components) {
        assert.equal(ailment, null, name);
        assert.ok(Object.values(addresses).length > 0, name);
        assert.ok(memoryBytes > 1e6 && cpuMs > 0, `${name}: ${memoryBytes} bytes, ${cpuMs} ms`);
        assert.match(version, /^\d+\./, name);
      }
    }
    const shared = (what: (each: ComponentStatus) => readonly unknown[]) => {
      const ofOne = here.components.flatMap(what);
      return there.components.flatMap(what).filter((each) => ofOne.includes(each));
    };
    const addresses = shared(({ addresses }) => Object.values(addresses).filter((each) => /\d/.test(each)));
    assert.deepEqual([addresses, shared(({ pid }) => [pid])], [[], []]);
    assert.equal(there.components.length, singleMachine.components.length);
  });

  it("logs shows what a component wrote last, and says which there are", async () => {
    const lines = await storey("logs", "database", "--name", "one", "--lines", "100", "--json");
    const said = lines.out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { component: string; line: string });
    assert.ok(said.every(({ component }) => component === "database"));
    assert.ok(
      said.some(({ line }) => line.includes("ready to accept connections")),
      lines.said,
    );
    assert.match((await storey("logs", "--name", "one")).out, /database: postgres .* is ready/);
    const unknown = await storey("logs", "cache", "--name", "one", "--json");
    assert.equal(unknown.code, 1);
    assert.match(unknown.said, /logs\.no_such_component.*supervisor, app, database/);
  });

  it("the database on a machine of its own lets in who has the password and speaks TLS, and nobody else", async () => {
    const facts = await lookAtInstance({ name: "one", dataRoot });
    const { addresses } = partOf(await statusOf("one"), "database");
    const [host = "", port] = (addresses["postgres"] ?? "").split(":");
    const at = { host, port: Number(port), user: superuserName, database: "postgres" };
    const password = facts?.superuserPassword ?? "";
    await assert.rejects(connectAdministrator({ ...at, password }), /no encryption/);
    // What carries the password is asked for only behind TLS, whose authority is the instance's own.
    const ca = readFileSync(join(facts?.directory ?? "", "certificates/authority.crt"), "utf8");
    const secured = { ...at, host: "localhost", ssl: { ca, minVersion: "TLSv1.3" } };
    const inside = await connectAdministrator({ ...secured, password });
    const [row] = await inside.run("select ssl, version from pg_stat_ssl where pid = pg_backend_pid()");
    await inside.close();
    assert.deepEqual(row, { ssl: true, version: "TLSv1.3" });
    await assert.rejects(
      connectAdministrator({ ...secured, password: "guessed" }),
      /password authentication/,
    );
  });

  it("up takes up everything that a killed supervisor left running, as it runs", async () => {
    const was = await statusOf("one");
    await killSupervisor("one");
    const gone = await storey("status", "--name", "one", "--json");
    assert.match(gone.said, /instance\.not_up/);
    const again = await storey("up", ...one);
    assert.equal(again.code, 0, again.said);
    assert.match(again.said, /^database: postgres .* was running/m);
    const is = await statusOf("one");
    assert.notEqual(is.supervisor, was.supervisor);
    for (const { name, pid } of was.components) assert.equal(partOf(is, name).pid, pid, name);
    await well("two");
  });

  it("down leaves nothing of it, also after a kill of its supervisor, and touches nobody else's", async () => {
    const { components } = await statusOf("one");
    const prometheus = partOf({ components } as InstanceStatus, "prometheus");
    await killSupervisor("one");
    // One of them dies as well, and its number is given to a process of somebody else.
    process.kill(prometheus.pid, "SIGKILL");
    await until(async () => (await loopback.probe(prometheus.pid)) === undefined);
    const record = join(dataRoot, "one/run/prometheus.json");
    const known = JSON.parse(readFileSync(record, "utf8")) as { pid: number };
    assert.equal(known.pid, prometheus.pid);
    writeFileSync(record, JSON.stringify({ ...known, pid: foreign.pid }));

    const stopped = await storey("down", "--name", "one", "--json");
    assert.equal(stopped.code, 0, stopped.said);
    const { stopped: names } = JSON.parse(stopped.out) as { stopped: string[] };
    assert.deepEqual(names.sort(), ["alertmanager", "app", "database"]);
    assert.deepEqual(livingIn(join(dataRoot, "one")), []);
    assert.ok(await loopback.probe(foreign.pid ?? 0), "a process of somebody else was ended");
    await well("two");
    assert.match((await storey("down", "--name", "one")).out, /Nothing of it was running/);
    assert.ok(existsSync(join(dataRoot, "one/instance.json")), "its data stays");
  });

  it("down ends a supervisor with all that it looks after", async () => {
    assert.notDeepEqual(livingIn(join(dataRoot, "two")), []);
    const stopped = await storey("down", "--name", "two");
    assert.equal(stopped.code, 0, stopped.said);
    assert.deepEqual(livingIn(dataRoot), []);
  });
});
