import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { loopback } from "./loopback.ts";
import { pathsLike } from "./paths-like.ts";
import { makeScratch } from "./scratch.ts";

test("a star stands for a part of one name; what is not there, or leads nowhere, is left out", async () => {
  using scratch = makeScratch();
  const at = (path: string) => join(scratch.path, path);
  for (const path of ["server@16/bin", "server@15/bin", "server@17", "other/bin"])
    await loopback.putDirectory(at(path), { mode: 0o700 });
  for (const path of ["server@16/bin/run", "server@15/bin/run", "other/bin/run", "server@file"])
    await loopback.putFile(at(path), "", { mode: 0o700 });
  symlinkSync(at("nowhere"), at("other/bin/lost"));
  const found = async (pattern: string) => pathsLike(loopback, at(pattern));
  assert.deepEqual(await found("server@*/bin/run"), [at("server@15/bin/run"), at("server@16/bin/run")]);
  assert.deepEqual(await found("*/bin/lost"), []);
  assert.deepEqual(await found("other/bin/run"), [at("other/bin/run")]);
  assert.deepEqual(await found("none/*/run"), []);
});
