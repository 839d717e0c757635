import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";
import { loopback, signalHere } from "../loopback.ts";
import { LaunchRefused } from "../refused.ts";
import { findPostmaster, stopPostmaster } from "./postmaster.ts";
import { makeScratchServer, type ScratchServer, whySkip } from "./scratch-server.ts";
import { startPostgres } from "./start.ts";

const isRoot = process.getuid?.() === 0;
const noDistribution = await whySkip("distribution");

/** Asserts a refusal with that code, whose words match. */
async function refuses(start: Promise<unknown>, code: string, words: RegExp): Promise<void> {
  await assert.rejects(start, (error) => {
    assert.ok(error instanceof LaunchRefused, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, words);
    return true;
  });
}

describe("data of another version is refused:", () => {
  test("older, made by the distribution's server and met by the embedded one", {
    skip: noDistribution,
  }, async (t) => {
    await using place = makeScratchServer();
    const server = await place.start("distribution");
    await server.stop();
    if (server.version.startsWith("18.")) return t.skip("this distribution has the same major version");
    const words =
      /made by PostgreSQL 1[567], and this is 18\.\d+\. Make a backup with the version that made it/;
    await refuses(place.start("embedded"), "launch.data_older", words);
    await (await place.start("distribution")).stop();
  });

  test("newer", async () => {
    await using place = makeScratchServer();
    await (await place.start()).stop();
    writeFileSync(join(place.dataDir, "PG_VERSION"), "19\n");
    for (const from of noDistribution ? (["embedded"] as const) : (["embedded", "distribution"] as const)) {
      await refuses(place.start(from), "launch.data_newer", /made by PostgreSQL 19.*Start it with the newer/);
    }
  });
});

test("a directory that holds something else is refused and left alone", async () => {
  await using place = makeScratchServer();
  mkdirSync(place.dataDir);
  writeFileSync(join(place.dataDir, "letter.txt"), "dear");
  await refuses(place.start(), "launch.data_unknown", /files that are no database.*--data/);
  assert.deepEqual(readdirSync(place.dataDir), ["letter.txt"]);
});

test("secrets that do not belong to the data are refused, and no server is left running", async () => {
  await using place = makeScratchServer();
  await (await place.start()).stop();
  const other = startPostgres({
    host: loopback,
    dataDir: place.dataDir,
    from: "embedded",
    superuserPassword: "of another shop",
  });
  await refuses(other, "launch.secrets_mismatch", /secrets\.json.*backup/);
  assert.equal(await findPostmaster(loopback, place.dataDir), undefined);
});

test("settings that the server does not understand are told in its own words", async () => {
  await using place = makeScratchServer();
  await (await place.start()).stop();
  writeFileSync(join(place.dataDir, "local.conf"), "shared_bufers = 1\n");
  await refuses(
    place.start(),
    "launch.server_failed",
    /unrecognized configuration parameter "shared_bufers"/,
  );
});

test("a directory that the server's user cannot enter is refused, and nothing is left in it", async (t) => {
  if (!isRoot) return t.skip("an ordinary user's server runs as that user");
  await using place = makeScratchServer();
  chmodSync(place.scratch, 0o700);
  await refuses(place.start(), "launch.data_unreachable", /cannot be entered by nobody.*--data/);
  assert.deepEqual(readdirSync(place.scratch), []);
});

test("a directory that cannot be written is refused", async () => {
  await using place = makeScratchServer("file/postgres");
  writeFileSync(dirname(place.dataDir), "");
  await refuses(place.start(), "launch.unwritable", /cannot be written.*--data/);
});

describe("a full disk", () => {
  const reason = isRoot ? false : "only root can mount a small disk";

  test("is refused at the first start, and nothing is left on it", { skip: reason }, async () => {
    await using place = makeScratchServer("disk/postgres");
    await using disk = mountDisk(place, 24);
    await refuses(place.start(), "launch.disk_full", /Free some space/);
    assert.deepEqual(readdirSync(disk.path), []);
  });

  test("is refused at a later start, which works once there is room again", { skip: reason }, async () => {
    await using place = makeScratchServer("disk/postgres");
    await using disk = mountDisk(place, 256);
    await (await place.start()).stop();
    for (const leftBytes of [0, 4 << 20]) {
      fill(disk.path, leftBytes);
      await refuses(place.start(), "launch.disk_full", /Free some space/);
      rmSync(join(disk.path, "filler"));
      await (await place.start()).stop();
    }
  });

  test("on which the server was killed is refused, and recovers once there is room", {
    skip: reason,
  }, async () => {
    await using place = makeScratchServer("disk/postgres");
    await using disk = mountDisk(place, 256);
    const server = await place.start();
    fill(disk.path, 0);
    signalHere(server, "SIGKILL");
    await refuses(place.start(), "launch.disk_full", /Free some space/);
    rmSync(join(disk.path, "filler"));
    assert.equal((await place.start()).adopted, false);
  });
});

/** A small disk for the place's data; leaving the block stops the server on it first. */
function mountDisk(place: ScratchServer, megabytes: number): AsyncDisposable & { path: string } {
  const path = dirname(place.dataDir);
  mkdirSync(path);
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m,mode=755`, "tmpfs", path]);
  const unmount = async () => {
    const server = await findPostmaster(loopback, place.dataDir);
    if (server) await stopPostmaster(loopback, server);
    execFileSync("umount", ["--lazy", path]);
  };
  return { path, [Symbol.asyncDispose]: unmount };
}

function fill(path: string, leftBytes: number): void {
  const { bavail, bsize } = statfsSync(path);
  writeFileSync(join(path, "filler"), Buffer.alloc(bavail * bsize - leftBytes));
}
