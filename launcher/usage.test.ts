import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { until } from "#tests/support/until";
import { loopback } from "./loopback.ts";
import { makeScratch } from "./scratch.ts";
import { usage } from "./usage.ts";

const skip = process.platform !== "linux" && "reads /proc";

test("a process that has ended takes nothing, also while nobody has asked after it", { skip }, async () => {
  using scratch = makeScratch();
  const output = join(scratch.path, "output");
  // What it becomes never asks after its child.
  const script = "sleep 0 & echo $!; exec sleep 600";
  const started = await loopback.start({ program: "/bin/sh", args: ["-c", script] }, output);
  try {
    const stateOf = (pid: number) => readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.[0];
    await until(async () => readFileSync(output, "utf8").endsWith("\n"));
    const child = Number(readFileSync(output, "utf8"));
    await until(async () => stateOf(child) === "Z");
    assert.equal(usage({ pid: child, startMark: "" }), undefined);
    await until(async () => (usage(started)?.memoryBytes ?? 0) > 0);
  } finally {
    await loopback.stop(started, "SIGKILL", 5_000);
  }
});
