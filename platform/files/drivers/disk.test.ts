import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { test } from "node:test";
import { conformsAsFiles } from "../conformance.ts";
import { openDisk } from "./disk.ts";

conformsAsFiles("disk", async () => {
  const directory = await mkdtemp(join(tmpdir(), "storey files "));
  return {
    files: openDisk(directory),
    again: async () => openDisk(directory),
    close: () => rm(directory, { recursive: true, force: true }),
  };
});

test("a file that was cut short by something else is written again; nothing is left beside", async (t) => {
  const directory = await mkdtemp(join(tmpdir(), "storey-files-"));
  t.after(() => rm(directory, { recursive: true, force: true }));
  const files = openDisk(directory);
  const bytes = Buffer.from("whole");
  const name = (await files.put(bytes, "image/png")).replace("/files/", "");
  await writeFile(join(directory, name.slice(0, 2), name), "who");
  await files.put(bytes, "image/png");
  const file = await files.open(name);
  assert.deepEqual(file && (await buffer(file.stream)), bytes);
  assert.deepEqual(await readdir(join(directory, "incoming")), []);
});

test("a directory that cannot be written to fails aloud, and works once it can", async (t) => {
  const directory = await mkdtemp(join(tmpdir(), "storey-files-"));
  t.after(() => rm(directory, { recursive: true, force: true }));
  const inTheWay = join(directory, "files");
  await writeFile(inTheWay, "");
  const files = openDisk(inTheWay);
  await assert.rejects(files.put(Buffer.from("a"), "image/png"), /ENOTDIR|EEXIST/);
  await rm(inTheWay);
  await files.put(Buffer.from("a"), "image/png");
});
