import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { tell } from "./cgroup-files.ts";
import { cgroupsTwo, cpuMax, usageOf } from "./cgroups-2.ts";
import { killAll } from "./processes.ts";

/** Where a machine of the first kind keeps the second kind's tree, without the controllers that the first has. */
const unified = ["/sys/fs/cgroup/unified", "/sys/fs/cgroup"].find((path) =>
  existsSync(`${path}/cgroup.controllers`),
);
const why =
  unified && process.getuid?.() === 0 ? false : "there is no tree of cgroups v2 here, or this is not root";

describe("groups of the second kind", () => {
  test("are told their share as the kernel writes it", () => {
    assert.equal(cpuMax(25), "25000 100000");
    assert.equal(cpuMax(undefined), "max 100000");
  });

  test("tell what they took", () => {
    const usage = usageOf({
      cpu: "usage_usec 2500000\nuser_usec 2000000\nthrottled_usec 700000\n",
      current: "20000\n",
      stat: "anon 9000\ninactive_file 5000\nactive_file 1\n",
      limit: "max\n",
      events: "low 0\noom 3\noom_kill 2\n",
      io: "254:0 rbytes=100 wbytes=200 rios=1 wios=2\n7:0 rbytes=1 wbytes=2 rios=1 wios=1\n",
    });
    assert.deepEqual(usage, {
      cpuMs: 2_500,
      throttledMs: 700,
      memoryBytes: 15_000,
      memoryLimitBytes: 0,
      memoryKills: 2,
      diskReadBytes: 101,
      diskWrittenBytes: 202,
    });
  });

  test("freeze what is in them, and go when it is gone", { skip: why }, async () => {
    const groups = cgroupsTwo(unified ?? "");
    const group = `storey-test-${process.pid}`;
    const [directory = ""] = groups.directories(group);
    mkdirSync(directory);
    const child = spawn("/bin/sleep", ["60"], { stdio: "ignore" });
    try {
      await tell(String(child.pid), directory, "cgroup.procs");
      assert.deepEqual(await groups.processes(group), [child.pid]);
      await groups.freeze(group, true);
      assert.match(readFileSync(`${directory}/cgroup.freeze`, "utf8"), /^1/);
      await groups.freeze(group, false);
    } finally {
      await killAll(() => groups.processes(group));
      await groups.remove(group);
    }
    assert.ok(!existsSync(directory));
  });
});
