import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { shiftClock, whyNoJump } from "./vdso.ts";

const dayMs = 86_400_000;

/** Answers each line with the time of day, and with a clock that only counts. */
const watcher = `require("node:readline").createInterface({ input: process.stdin })
  .on("line", () => console.log(JSON.stringify([Date.now(), performance.timeOrigin + performance.now()])))`;

test("the clock of one process jumps, forth and back, and is right again", async (t) => {
  const why = whyNoJump();
  if (why !== undefined) return t.skip(why);
  const child = spawn(process.execPath, ["-e", watcher], { stdio: ["pipe", "pipe", "inherit"] });
  try {
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const aheadMs = async () => {
      child.stdin.write("\n");
      const [now, counted] = JSON.parse(String((await lines.next()).value));
      assert.ok(Math.abs(counted - Date.now()) < 10_000, "what only counts does not jump");
      return now - Date.now();
    };
    assert.ok(child.pid);
    assert.ok(Math.abs(await aheadMs()) < 10_000);
    await shiftClock(child.pid, 86_400);
    assert.ok(Math.abs((await aheadMs()) - dayMs) < 10_000);
    await shiftClock(child.pid, -86_400);
    assert.ok(Math.abs((await aheadMs()) + dayMs) < 10_000);
    assert.ok(Math.abs(Date.now() - performance.timeOrigin - performance.now()) < 10_000, "ours stays");
    await shiftClock(child.pid, 0);
    assert.ok(Math.abs(await aheadMs()) < 10_000);
  } finally {
    child.kill("SIGKILL");
    await once(child, "exit");
  }
});
