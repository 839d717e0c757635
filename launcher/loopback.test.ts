import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { conformsAsHost } from "./host.conformance.ts";
import { loopback, signalHere } from "./loopback.ts";
import { makeScratch } from "./scratch.ts";

describe("this machine as a host", () => {
  conformsAsHost(async () => {
    const scratch = makeScratch();
    return {
      host: loopback,
      path: scratch.path,
      [Symbol.asyncDispose]: async () => scratch[Symbol.dispose](),
    };
  });

  test("signals a process that is still the same, and no other", async () => {
    const started = await loopback.start({ program: "/bin/sleep", args: ["600"] }, "/dev/null");
    signalHere({ ...started, startMark: "another" }, "SIGKILL");
    assert.equal(await loopback.stop(started, "SIGCONT", 20), false);
    signalHere(started, "SIGKILL");
    assert.equal(await loopback.stop(started, "SIGCONT", 5_000), true);
    signalHere(started, "SIGKILL");
  });
});
