import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { promisify } from "node:util";
import { conformsAsHost } from "../host.conformance.ts";
import { makeScratch } from "../scratch.ts";
import { findHosts, openHosts, processesOf, removeHosts } from "./hosts.ts";
import { keyOf, rangesFor } from "./plan.ts";
import {
  answerAt,
  heardAt,
  heardFrom,
  leftOf,
  makeScratchHosts,
  small,
  whyNoHosts,
} from "./scratch-hosts.ts";

const run = promisify(execFile);

const skip = await whyNoHosts();

describe("a host of this machine's making as a host", { skip }, () => {
  conformsAsHost(async () => {
    const scratch = await makeScratchHosts([small("a")]);
    const path = join(scratch.directory, "own");
    await mkdir(path);
    return { host: scratch.hosts.host("a"), path, [Symbol.asyncDispose]: scratch[Symbol.asyncDispose] };
  });
});

describe("hosts on this machine", { skip }, () => {
  test("thirty of them in two data centres each answer, and leave nothing behind", async (t) => {
    const before = performance.now();
    const wanted = Array.from({ length: 30 }, (_, at) =>
      small(`h-${at}`, { dataCentre: at % 2 ? "there" : "here", cpuPercent: 5, memoryMb: 64 }),
    );
    await using scratch = await makeScratchHosts(wanted);
    const madeMs = performance.now() - before;
    const { hosts, directory } = scratch;
    await Promise.all(hosts.all().map((host) => answerAt(host, directory)));
    const answeredMs = performance.now() - before;
    await hosts.limitAll(true);
    assert.deepEqual(
      await Promise.all(hosts.all().map((host) => heardFrom(host, 10_000))),
      wanted.map(({ name }) => name),
    );
    const [first, , third] = hosts.all();
    assert.ok(first && third);
    await hosts.limitAll(false);
    assert.equal(await heardAt(first, third), third.name, "a neighbour is heard");
    assert.equal(await heardAt(first, hosts.host("h-1"), 5_000), "h-1", "and the other data centre");
    const used = (await hosts.consumption()).get("h-0");
    assert.ok(used && used.cpuMs > 0 && used.memoryBytes > 0 && used.networkSentBytes > 0);
    assert.equal(used.memoryLimitBytes, 64 * 1024 ** 2);
    const leaving = performance.now();
    await hosts.remove();
    assert.deepEqual(scratch.left(), []);
    const [made, answered] = [Math.round(madeMs), Math.round(answeredMs)];
    t.diagnostic(`made in ${made} ms, all answered after ${answered} ms`);
    t.diagnostic(`taken away in ${Math.round(performance.now() - leaving)} ms`);
  });

  test("outlive whoever made them, with what runs in them, and are taken up by the next", async () => {
    using scratch = makeScratch();
    const { path } = scratch;
    try {
      const script = `
        import { openHosts } from ${JSON.stringify(join(import.meta.dirname, "hosts.ts"))};
        import { answerAt, small } from ${JSON.stringify(join(import.meta.dirname, "scratch-hosts.ts"))};
        const hosts = await openHosts(${JSON.stringify(path)}, [small("a"), small("b")]);
        await answerAt(hosts.host("a"), ${JSON.stringify(path)});
        console.log("ready");
        setInterval(() => {}, 1000);`;
      const maker = spawn(process.execPath, ["--input-type=module", "-e", script], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      await once(maker.stdout, "data");
      maker.kill("SIGKILL");
      await once(maker, "exit");
      const [server] = await processesOf(path);
      const hosts = await openHosts(path, [small("a"), small("c")]);
      assert.equal(await heardFrom(hosts.host("a")), "a");
      assert.deepEqual(await processesOf(path), [server], "the same process as before");
      assert.equal(hosts.all().length, 2);
      assert.throws(() => hosts.host("b"), /no host "b"/);
      assert.equal(
        (await hosts.host("c").run({ program: "/bin/echo", args: ["well"] }, 5_000)).stdout,
        "well\n",
      );
    } finally {
      await removeHosts(path);
    }
    assert.deepEqual(leftOf(path), []);
    assert.equal(await findHosts(path), undefined);
  });

  test("of an instance whose directory is gone are taken away by the next one", async () => {
    const scratch = makeScratch();
    const hosts = await openHosts(scratch.path, [small("lost")]);
    await answerAt(hosts.host("lost"), scratch.path);
    scratch[Symbol.dispose]();
    await using _next = await makeScratchHosts([small("next")]);
    assert.deepEqual(leftOf(scratch.path), []);
  });

  test("leave alone what others made, and take other addresses than they", async () => {
    await using one = await makeScratchHosts([small("a")]);
    using place = makeScratch();
    const key = keyOf(place.path);
    const [own = ""] = rangesFor(key);
    const foreign = `stranger-${key}`;
    await run("ip", ["netns", "add", foreign]);
    await run("ip", ["link", "add", "stranger0", "type", "veth", "peer", "name", "stranger1"]);
    try {
      await run("ip", ["link", "set", "stranger0", "up"]);
      await run("ip", ["route", "add", `${own}.128/25`, "dev", "stranger0"]);
      const other = await openHosts(place.path, [small("a")]);
      assert.notEqual(other.plan.range, own, "somebody has a way to addresses of that range");
      assert.notEqual(other.plan.range, one.hosts.plan.range);
      assert.notEqual(other.host("a").namespace, one.hosts.host("a").namespace);
      await answerAt(one.hosts.host("a"), one.directory);
      await other.remove();
      assert.equal(await heardFrom(one.hosts.host("a")), "a");
      assert.match((await run("ip", ["netns"])).stdout, new RegExp(foreign));
      assert.match((await run("ip", ["link"])).stdout, /stranger0/);
    } finally {
      await removeHosts(place.path);
      await run("ip", ["link", "del", "stranger0"]);
      await run("ip", ["netns", "del", foreign]);
    }
  });

  test("are not made by who is not root, who is told so", async () => {
    const script = `
      const { lacks } = await import(${JSON.stringify(join(import.meta.dirname, "needs.ts"))});
      process.setgid(65534); process.setuid(65534);
      console.log((await lacks()).join());`;
    const { stdout } = await run(process.execPath, ["--input-type=module", "-e", script]);
    assert.match(stdout, /^root: start it with sudo/);
  });

  test("run a command as whom it is told, and say what they lack", async () => {
    await using scratch = await makeScratchHosts([small("a")]);
    const host = scratch.hosts.host("a");
    const account = { name: "nobody", uid: 65534, gid: 65534 };
    const said = await host.run({ program: "/usr/bin/id", args: ["-u"], account, directory: "/usr" }, 5_000);
    assert.equal(said.stdout, "65534\n");
    await assert.rejects(host.run({ program: "/no/such/program", args: [] }, 5_000), { code: "ENOENT" });
    const failed = await host.run({ program: "/bin/sh", args: ["-c", "echo no >&2; exit 3"] }, 5_000);
    assert.deepEqual(failed, { exitCode: 3, stdout: "", stderr: "no\n" });
  });
});
