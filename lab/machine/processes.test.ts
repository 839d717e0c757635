import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { test } from "node:test";
import { listeningUrl, processCpuMs, treeCpuMs, treeOf } from "./processes.ts";

const skip = process.platform === "linux" ? false : "reads /proc, which only Linux has";

test("the CPU of a child that has ended stays with its parent", { skip }, async () => {
  const before = treeCpuMs(process.pid);
  const child = spawn(process.execPath, ["-e", "while (process.cpuUsage().user < 300_000);"]);
  assert.ok(child.pid && treeOf(process.pid).includes(child.pid));
  await once(child, "exit");
  const used = treeCpuMs(process.pid) - before;
  assert.ok(used > 250, `${used} ms were counted of 300 used`);
  assert.throws(() => processCpuMs(child.pid ?? 0), /is gone/);
});

test("finds where a process listens", { skip }, async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  try {
    assert.equal(listeningUrl(process.pid), `http://127.0.0.1:${port}`);
  } finally {
    server.close();
  }
});
