import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import type { EmulatedHost, Hosts } from "./hosts.ts";
import { answerAt, heardAt, heardFrom, makeScratchHosts, small, whyNoHosts } from "./scratch-hosts.ts";

const busy = { program: process.execPath, args: ["-e", "for (;;);"] };

describe("what can be done to a host", { skip: await whyNoHosts() }, () => {
  test("its share of a processor is what it gets, and can be changed while it runs", async (t) => {
    await using scratch = await makeScratchHosts([small("a", { cpuPercent: 25 })]);
    const { hosts, directory } = scratch;
    const host = hosts.host("a");
    await hosts.limitAll(true);
    await host.start(busy, `${directory}/log`);
    const quarter = await shareOf(hosts, 25);
    t.diagnostic(`a quarter: ${quarter.toFixed(1)} %`);
    assert.ok(Math.abs(quarter - 25) <= 3, `${quarter} %`);
    await host.limit({ cpuPercent: 10 });
    const tenth = await shareOf(hosts, 10);
    t.diagnostic(`a tenth: ${tenth.toFixed(1)} %`);
    assert.ok(Math.abs(tenth - 10) <= 3, `${tenth} %`);
    assert.ok(((await hosts.consumption()).get("a")?.throttledMs ?? 0) > 1_000);
  });

  test("more memory than it has kills what wants it, and harms nobody else", async () => {
    await using scratch = await makeScratchHosts([
      small("a", { memoryMb: 96 }),
      small("b", { memoryMb: 96 }),
    ]);
    const { hosts, directory } = scratch;
    await answerAt(hosts.host("b"), directory);
    const greedy = "const kept = []; for (;;) kept.push(Buffer.alloc(8 << 20, 1));";
    const { stdout } = await hosts
      .host("a")
      .run({ program: "/bin/sh", args: ["-c", `"$0" -e '${greedy}'; echo $?`, process.execPath] }, 30_000);
    assert.equal(stdout.trim(), "137");
    assert.ok(((await hosts.consumption()).get("a")?.memoryKills ?? 0) > 0);
    assert.equal(await heardFrom(hosts.host("b")), "b");
  });

  test("frozen it says nothing, thawed it goes on, and frozen it can still be taken away", async () => {
    await using scratch = await makeScratchHosts([small("a")]);
    const { hosts, directory } = scratch;
    const host = hosts.host("a");
    await answerAt(host, directory);
    await host.freeze();
    assert.equal(await heardFrom(host, 500), "");
    await host.thaw();
    assert.equal(await heardFrom(host, 5_000), "a");
    await host.freeze();
    await hosts.remove();
    assert.deepEqual(scratch.left(), []);
  });

  test("cut off in both directions, in one, or slowed, and mended", async (t) => {
    await using scratch = await makeScratchHosts([small("a"), small("b")]);
    const { hosts, directory } = scratch;
    const [a, b] = [hosts.host("a"), hosts.host("b")];
    await answerAt(a, directory);
    await answerAt(b, directory);
    await a.cutOff();
    assert.equal(await heardFrom(a, 500), "");
    assert.equal(await heardAt(b, a, 500), "");
    assert.equal(await heardAt(a, a), "a", "what runs on it still talks to itself");
    assert.equal(await heardFrom(b), "b");
    await a.mend();
    assert.equal(await heardFrom(a, 5_000), "a");

    await a.cable({ says: "nothing" });
    const deaf = await packets(hosts, "a", () => heardFrom(a, 400));
    assert.ok(deaf.received > 0 && deaf.sent === 0, "it hears, and is not heard");
    await a.cable({ hears: "nothing" });
    const mute = await packets(hosts, "a", () => heardAt(a, b, 400));
    assert.ok(mute.sent > 0 && mute.received === 0, "it is heard, and does not hear");

    await a.cable({ says: { kilobits: 8_000 } });
    const seconds = await fetchMegabyte(a, b);
    t.diagnostic(`a megabyte at 8 Mbit/s took ${seconds.toFixed(2)} s`);
    assert.ok(seconds > 0.7 && seconds < 3, `${seconds} s`);
    await hosts.mendAll();
    assert.ok((await fetchMegabyte(a, b)) < 0.7);
  });

  test("two data centres are as far apart as they are told to be, and near again", async (t) => {
    await using scratch = await makeScratchHosts([small("a"), small("b", { dataCentre: "there" })]);
    const { hosts, directory } = scratch;
    const [a, b] = [hosts.host("a"), hosts.host("b")];
    await answerAt(a, directory);
    const near = await roundTripMs(b, a);
    const by = await hosts.delay("here", "there", 25);
    const far = await roundTripMs(b, a);
    t.diagnostic(`a round trip took ${near.toFixed(1)} ms, then ${far.toFixed(1)} ms by ${by}`);
    assert.ok(far >= 50 && far < near + 75, `${far} ms`);
    assert.equal(await hosts.delay("here", "there", 0), "nothing");
    assert.ok((await roundTripMs(b, a)) < 50);
    await hosts.delay("here", "there", 5);
    await hosts.remove();
    assert.deepEqual(scratch.left(), []);
  });

  test("its disk is as slow as it is told to be", async (t) => {
    await using scratch = await makeScratchHosts([small("a")]);
    const { hosts, directory } = scratch;
    const host = hosts.host("a");
    const write = async () => {
      const before = performance.now();
      const args = [`if=/dev/zero`, `of=${directory}/filled`, "bs=256k", "count=8", "oflag=direct"];
      const { exitCode, stderr } = await host.run({ program: "/bin/dd", args }, 60_000);
      assert.equal(exitCode, 0, stderr);
      return (performance.now() - before) / 1000;
    };
    const usual = await write();
    await host.slowDisk(directory, 1 << 20);
    const slow = await write();
    await host.slowDisk(directory, undefined);
    t.diagnostic(`2 MB took ${usual.toFixed(2)} s, and ${slow.toFixed(2)} s at 1 MB/s`);
    assert.ok(slow > 1.5, `${slow} s`);
    assert.ok((await write()) < 1.5);
    assert.ok(((await hosts.consumption()).get("a")?.diskWrittenBytes ?? 0) >= 6 << 20);
  });
});

/** The shortest of several times to open a connection from one host to the server of another. */
async function roundTripMs(from: EmulatedHost, to: EmulatedHost): Promise<number> {
  const script = `const net = require("node:net"); let left = 8; let best = Infinity;
    const one = () => { const at = performance.now(); const s = net.connect(8000, "${to.address}", () => {
      best = Math.min(best, performance.now() - at); s.destroy(); if (--left) one(); else console.log(best); }); };
    one();`;
  const { stdout } = await from.run({ program: process.execPath, args: ["-e", script] }, 20_000);
  return Number(stdout);
}

/** What of a processor a host took over some seconds; tried again where a busy machine left it less than its share. */
async function shareOf(hosts: Hosts, wanted: number): Promise<number> {
  let share = 0;
  for (let attempt = 0; attempt < 4; attempt += 1) {
    // What was saved up before is spent first.
    await pause(500);
    const [from, before] = [performance.now(), (await hosts.consumption()).get("a")?.cpuMs ?? 0];
    await pause(3_000);
    const after = (await hosts.consumption()).get("a")?.cpuMs ?? 0;
    share = ((after - before) * 100) / (performance.now() - from);
    if (share > wanted - 3) return share;
  }
  return share;
}

/** What its cable carried meanwhile, in both directions, but for the questions who has which address. */
async function packets(hosts: Hosts, name: string, work: () => Promise<unknown>) {
  const read = async () => (await hosts.consumption()).get(name);
  const before = await read();
  await work();
  const after = await read();
  return {
    sent: (after?.networkSentBytes ?? 0) - (before?.networkSentBytes ?? 0),
    received: (after?.networkReceivedBytes ?? 0) - (before?.networkReceivedBytes ?? 0),
  };
}

/** Sends a megabyte from one host to another; seconds until it is there. */
async function fetchMegabyte(from: EmulatedHost, to: EmulatedHost): Promise<number> {
  const serve = `require("node:net").createServer((s) => s.end(Buffer.alloc(1 << 20)))
    .listen(8001, "${from.address}")`;
  const server = await from.start({ program: process.execPath, args: ["-e", serve] }, "/dev/null");
  const take = `const net = require("node:net"); const before = Date.now(); let had = 0;
    const again = () => { const s = net.connect(8001, "${from.address}"); const at = performance.now(); let n = 0;
      s.on("data", (c) => { n += c.length; }).on("error", () => setTimeout(again, 20))
       .on("end", () => { if (n === 1 << 20) console.log(performance.now() - at); }); }; again();`;
  const { stdout } = await to.run({ program: process.execPath, args: ["-e", take] }, 30_000);
  await from.stop(server, "SIGKILL", 5_000);
  return Number(stdout) / 1000;
}
