import assert from "node:assert/strict";
import { readdirSync, readFileSync, realpathSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import type { Host } from "./host.ts";

/** A host, and a directory of it that nobody else works in. */
export interface HostStage {
  readonly host: Host;
  readonly path: string;
}

type Check = (stage: HostStage) => Promise<void>;

const mode = (path: string) => statSync(path).mode & 0o777;

const files: Record<string, Check> = {
  "puts whole files with their mode, over what was there": async ({ host, path }) => {
    const file = join(path, "file");
    await host.putFile(file, "old", { mode: 0o644 });
    await host.putFile(file, "new", { mode: 0o600 });
    assert.deepEqual([readFileSync(file, "utf8"), mode(file)], ["new", 0o600]);
    assert.deepEqual(readdirSync(path), ["file"]);
  },

  "writes through no link that waits in a foreign directory": async ({ host, path }) => {
    const [target, link] = [join(path, "target"), join(path, "link")];
    writeFileSync(target, "untouched");
    symlinkSync(target, link);
    await host.putFile(link, "written", { mode: 0o600 });
    symlinkSync(target, join(path, "log"));
    const echo = { program: "/bin/echo", args: ["out"] };
    await assert.rejects(host.start(echo, join(path, "log")), { code: "ELOOP" });
    assert.equal(readFileSync(target, "utf8"), "untouched");
  },

  "makes directories whose parents can be passed through, whatever the umask": async ({ host, path }) => {
    const before = process.umask(0o077);
    try {
      await host.putDirectory(join(path, "a/b/c"), { mode: 0o700 });
    } finally {
      process.umask(before);
    }
    assert.deepEqual(
      ["a", "a/b", "a/b/c"].map((each) => mode(join(path, each))),
      [0o711, 0o711, 0o700],
    );
  },

  "says at once that a directory can never be made": async ({ host, path }) => {
    writeFileSync(join(path, "file"), "");
    for (const each of ["/proc/storey", "/proc/storey/shop", "/proc/storey/a/b"])
      await assert.rejects(host.putDirectory(each, { mode: 0o700 }), { code: "EROFS" });
    for (const each of ["file", "file/shop"])
      await assert.rejects(host.putDirectory(join(path, each), { mode: 0o700 }), { code: "ENOTDIR" });
  },

  "reads a text, or the end of it, and nothing where there is none": async ({ host, path }) => {
    const file = join(path, "log");
    await host.putFile(file, "grüße\nmore", { mode: 0o600 });
    assert.equal(await host.readFile(file), "grüße\nmore");
    assert.equal(await host.readFile(file, Buffer.byteLength("grüße\n")), "more");
    assert.equal(await host.readFile(file, 1_000), "");
    assert.equal(await host.readFile(join(path, "none")), undefined);
    await assert.rejects(host.readFile(path), { code: "EISDIR" });
  },

  "says what lies at a path, and where a link leads": async ({ host, path }) => {
    const file = join(path, "file");
    await host.putFile(file, "four", { mode: 0o640 });
    symlinkSync(file, join(path, "link"));
    symlinkSync(join(path, "none"), join(path, "lost"));
    const realPath = join(realpathSync(path), "file");
    const uid = host.uid ?? 0;
    assert.deepEqual(await host.look(file), { kind: "file", sizeBytes: 4, mode: 0o640, uid, realPath });
    const link = await host.look(join(path, "link"));
    assert.deepEqual([link?.kind, link?.realPath], ["link", realPath]);
    const lost = await host.look(join(path, "lost"));
    assert.deepEqual([lost?.kind, lost?.realPath], ["link", undefined]);
    assert.equal((await host.look(path))?.kind, "directory");
    assert.equal((await host.look("/dev/null"))?.kind, "other");
    assert.equal(await host.look(join(path, "none")), undefined);
    assert.equal(await host.look(join(file, "below")), undefined);
  },

  "lists a directory, and nothing where there is none": async ({ host, path }) => {
    for (const name of ["b", ".hidden", "a"]) await host.putFile(join(path, name), "", { mode: 0o600 });
    assert.deepEqual(await host.list(path), [".hidden", "a", "b"]);
    assert.deepEqual(await host.list(join(path, "none")), []);
    await assert.rejects(host.list(join(path, "a")), { code: "ENOTDIR" });
  },

  "moves what there is over what was there, and says when nothing is": async ({ host, path }) => {
    const [from, to] = [join(path, "log"), join(path, "log.1")];
    await host.putFile(to, "old", { mode: 0o600 });
    await host.putFile(from, "new", { mode: 0o600 });
    await host.move(from, to);
    assert.deepEqual([await host.list(path), await host.readFile(to)], [["log.1"], "new"]);
    await host.putDirectory(join(path, "draft/in"), { mode: 0o700 });
    await host.move(join(path, "draft"), join(path, "whole"));
    assert.deepEqual(await host.list(join(path, "whole")), ["in"]);
    await assert.rejects(host.move(from, to), { code: "ENOENT" });
  },

  "takes away a directory with all in it, what a link names never, and nothing where nothing is": async ({
    host,
    path,
  }) => {
    const kept = join(path, "kept");
    await host.putFile(kept, "kept", { mode: 0o600 });
    await host.putDirectory(join(path, "a/b"), { mode: 0o700 });
    symlinkSync(kept, join(path, "a/b/link"));
    await host.remove(join(path, "a"));
    await host.remove(join(path, "a"));
    assert.deepEqual(await host.list(path), ["kept"]);
  },

  "says how much room there is": async ({ host, path }) => {
    assert.ok((await host.roomBytes(path)) > 1 << 20);
    await assert.rejects(host.roomBytes(join(path, "none")), { code: "ENOENT" });
  },

  "has a place of its user for what need not last": async ({ host }) => {
    assert.equal(host.uid, process.getuid?.());
    const [best = ""] = host.temporaryDirectories;
    assert.equal((await host.look((await host.look(best))?.realPath ?? ""))?.kind, "directory");
  },
};

const processes: Record<string, Check> = {
  "runs a command with the environment it is given and none of ours": async ({ host }) => {
    const command = { program: "/usr/bin/env", args: [], environment: { ONLY: "this" } };
    const { exitCode, stdout, stderr } = await host.run(command, 5_000);
    // A shell on the way says where it is.
    const told = stdout.split("\n").filter((line) => line !== "" && !line.startsWith("PWD="));
    assert.deepEqual([exitCode, told, stderr], [0, ["ONLY=this"], ""]);
    const failing = { program: "/bin/sh", args: ["-c", "echo bad >&2; exit 3"] };
    assert.deepEqual(await host.run(failing, 5_000), { exitCode: 3, stdout: "", stderr: "bad\n" });
    await assert.rejects(host.run({ program: "/no/such", args: [] }, 5_000), { code: "ENOENT" });
    await assert.rejects(host.run({ program: "/bin/sleep", args: ["60"] }, 20));
  },

  "starts a process, sees it and what it takes, and stops it and no other": async ({ host, path }) => {
    const output = join(path, "output");
    const command = { program: "/bin/sh", args: ["-c", "pwd; exec sleep 600"], directory: path };
    const started = await host.start(command, output);
    try {
      const another = { pid: started.pid, startMark: "another" };
      assert.equal(await host.stop(another, "SIGKILL", 1_000), true);
      assert.equal((await host.probe(started.pid))?.startMark, started.startMark);
      while ((await host.readFile(output)) === "") await pause(5);
      if (process.platform === "linux") assert.ok(((await host.usage(started))?.memoryBytes ?? 0) > 0);
      assert.equal(await host.stop(started, "SIGCONT", 20), false);
    } finally {
      assert.equal(await host.stop(started, "SIGTERM", 5_000), true);
    }
    assert.equal(await host.probe(started.pid), undefined);
    assert.equal(await host.usage(started), undefined);
    assert.equal(readFileSync(output, "utf8"), `${path}\n`);
  },

  "ends what a killed process left behind, and nobody's else": async ({ host, path }) => {
    const output = join(path, "output");
    const script = `sleep 600 & echo $!; cd /; sleep 600 & echo $!; wait`;
    const command = { program: "/bin/sh", args: ["-c", script], directory: path };
    const leader = await host.start(command, output);
    const written = () => readFileSync(output, "utf8").trim().split("\n").map(Number);
    while (written().length < 2 || written()[1] === 0) await pause(5);
    const [ours = 0, elsewhere = 0] = written();
    try {
      assert.equal(await host.stop(leader, "SIGKILL", 1_000), true);
      await host.endGroup(leader.pid, path);
      assert.equal(await host.probe(ours), undefined);
      assert.equal((await host.probe(elsewhere))?.pid, elsewhere);
    } finally {
      process.kill(-leader.pid, "SIGKILL");
    }
  },

  "says when a program cannot be started": async ({ host, path }) => {
    const none = { program: "/no/such", args: [] };
    await assert.rejects(host.start(none, join(path, "output")), { code: "ENOENT" });
  },
};

/**
 * What every driver of a host does alike, one test for each; `open` gives a host whose files are this machine's, and a
 * new empty directory.
 */
export function conformsAsHost(open: () => Promise<HostStage & AsyncDisposable>): void {
  for (const [name, check] of Object.entries({ ...files, ...processes }))
    test(name, async () => {
      await using stage = await open();
      await check(stage);
    });
}
