import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { loopback } from "./loopback.ts";
import { makeScratch } from "./scratch.ts";

const mode = (path: string) => statSync(path).mode & 0o777;

describe("this machine as a host", () => {
  test("puts whole files with their mode, over what was there", async () => {
    using scratch = makeScratch();
    const path = join(scratch.path, "file");
    await loopback.putFile(path, "old", { mode: 0o644 });
    await loopback.putFile(path, "new", { mode: 0o600 });
    assert.deepEqual([readFileSync(path, "utf8"), mode(path)], ["new", 0o600]);
    assert.deepEqual(readdirSync(scratch.path), ["file"]);
  });

  test("writes through no link that waits in a foreign directory", async () => {
    using scratch = makeScratch();
    const [target, link] = [join(scratch.path, "target"), join(scratch.path, "link")];
    writeFileSync(target, "untouched");
    symlinkSync(target, link);
    await loopback.putFile(link, "written", { mode: 0o600 });
    const command = { program: "/bin/echo", args: ["out"] };
    symlinkSync(target, join(scratch.path, "log"));
    await assert.rejects(loopback.start(command, join(scratch.path, "log")), { code: "ELOOP" });
    assert.equal(readFileSync(target, "utf8"), "untouched");
  });

  test("makes directories whose parents can be passed through, whatever the umask", async () => {
    using scratch = makeScratch();
    const before = process.umask(0o077);
    try {
      await loopback.putDirectory(join(scratch.path, "a/b/c"), { mode: 0o700 });
    } finally {
      process.umask(before);
    }
    const modes = ["a", "a/b", "a/b/c"].map((path) => mode(join(scratch.path, path)));
    assert.deepEqual(modes, [0o711, 0o711, 0o700]);
  });

  test("says at once that a directory can never be made", async () => {
    using scratch = makeScratch();
    writeFileSync(join(scratch.path, "file"), "");
    for (const path of ["/proc/storey", "/proc/storey/shop", "/proc/storey/a/b"])
      await assert.rejects(loopback.putDirectory(path, { mode: 0o700 }), { code: "EROFS" });
    for (const path of ["file", "file/shop"])
      await assert.rejects(loopback.putDirectory(join(scratch.path, path), { mode: 0o700 }), {
        code: "ENOTDIR",
      });
  });

  test("runs a command with exactly the environment it is given", async () => {
    const command = { program: "/usr/bin/env", args: [], environment: { ONLY: "this" } };
    assert.deepEqual(await loopback.run(command, 5_000), { exitCode: 0, stdout: "ONLY=this\n", stderr: "" });
    const failing = { program: "/bin/sh", args: ["-c", "echo bad >&2; exit 3"] };
    assert.deepEqual(await loopback.run(failing, 5_000), { exitCode: 3, stdout: "", stderr: "bad\n" });
    await assert.rejects(loopback.run({ program: "/no/such", args: [] }, 5_000), { code: "ENOENT" });
    await assert.rejects(loopback.run({ program: "/bin/sleep", args: ["60"] }, 20));
  });

  test("starts a process, sees it, and stops it and no other", async () => {
    using scratch = makeScratch();
    const output = join(scratch.path, "output");
    const command = { program: "/bin/sh", args: ["-c", "pwd; exec sleep 600"], directory: scratch.path };
    const started = await loopback.start(command, output);
    try {
      const another = { pid: started.pid, startMark: "another" };
      assert.equal(await loopback.stop(another, "SIGKILL", 1_000), true);
      const state = loopback.probe(started.pid);
      assert.equal(state?.startMark, started.startMark);
      assert.equal(await loopback.stop(started, "SIGCONT", 20), false);
    } finally {
      assert.equal(await loopback.stop(started, "SIGTERM", 5_000), true);
    }
    assert.equal(loopback.probe(started.pid), undefined);
    assert.equal(readFileSync(output, "utf8"), `${scratch.path}\n`);
  });

  test("ends what a killed process left behind, and nobody's else", async () => {
    using scratch = makeScratch();
    const output = join(scratch.path, "output");
    const script = `sleep 600 & echo $!; cd /; sleep 600 & echo $!; wait`;
    const command = { program: "/bin/sh", args: ["-c", script], directory: scratch.path };
    const leader = await loopback.start(command, output);
    const written = () => readFileSync(output, "utf8").trim().split("\n").map(Number);
    while (written().length < 2 || written()[1] === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const [ours = 0, elsewhere = 0] = written();
    try {
      assert.equal(await loopback.stop(leader, "SIGKILL", 1_000), true);
      await loopback.endGroup(leader.pid, scratch.path);
      assert.equal(loopback.probe(ours), undefined);
      assert.equal(loopback.probe(elsewhere)?.pid, elsewhere);
    } finally {
      process.kill(-leader.pid, "SIGKILL");
    }
  });

  test("says when a program cannot be started", async () => {
    using scratch = makeScratch();
    const output = join(scratch.path, "output");
    await assert.rejects(loopback.start({ program: "/no/such", args: [] }, output), { code: "ENOENT" });
    assert.ok(existsSync(output));
  });
});
