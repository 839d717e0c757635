import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, stat, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { conformance } from "../conformance.ts";
import { openFileConfig } from "./file.ts";

describe("settings in files", () => {
  let directory: string;
  const open = () => openFileConfig(join(directory, "settings"), () => undefined);
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "storey-settings-"));
  });
  after(() => rm(directory, { recursive: true, force: true }));

  conformance(() => ({ here: open(), there: open() }));

  it("leaves nothing beside the documents, and lets nobody else read them", async () => {
    await open().change("flags", () => "{}");
    const names = await readdir(join(directory, "settings"));
    assert.ok(
      names.every((name) => /^\w+[.]json$/.test(name)),
      names.join(", "),
    );
    const { mode } = await stat(join(directory, "settings", "flags.json"));
    assert.equal(mode & 0o777, 0o600);
  });

  it("goes on after whoever held the lock was killed", async () => {
    await open().change("held", () => "1");
    await writeFile(join(directory, "settings", "held.json.lock"), "");
    await open().change("held", (text) => `${text}2`);
    const texts: (string | undefined)[] = [];
    const following = await open().follow("held", (text) => texts.push(text));
    await unlink(join(directory, "settings", "held.json"));
    const until = performance.now() + 1_000;
    while (texts.length < 2 && performance.now() < until) await new Promise((done) => setTimeout(done, 5));
    following.stop();
    assert.deepEqual(texts, ["12", undefined]);
  });
});
