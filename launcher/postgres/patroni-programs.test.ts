import assert from "node:assert/strict";
import { readlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { serverAccount } from "../account.ts";
import { loopback } from "../loopback.ts";
import { findBinaries } from "./binaries.ts";
import { putPrograms } from "./patroni-programs.ts";
import { makeScratchServer, whySkip } from "./scratch-server.ts";
import { askServer } from "./superuser.ts";

test("pg_controldata answers at once, and of a server that is being stopped when it is down", {
  skip: await whySkip("distribution"),
}, async () => {
  await using place = makeScratchServer();
  const server = await place.start("distribution");
  const account = await serverAccount(loopback, place.dataDir);
  const { directory: from } = await findBinaries(loopback, "distribution", account);
  const into = join(place.scratch, "programs");
  await putPrograms(loopback, { from, into, ...(account && { account }) });
  // As at the next start.
  await putPrograms(loopback, { from, into, ...(account && { account }) });
  assert.equal(readlinkSync(join(into, "postgres")), join(from, "postgres"));
  const program = join(into, "pg_controldata");
  const environment = { LC_ALL: "C", PATH: "/usr/bin:/bin" };
  const said = async () => {
    const { stdout } = await loopback.run({ program, args: [place.dataDir], environment, account }, 10_000);
    return /cluster state: +(.+)/.exec(stdout)?.[1];
  };
  assert.equal(await said(), "in production");

  const [checkpointer] = await askServer<{ pid: number }>(
    { host: server.socketDir, port: server.port },
    place.superuserPassword,
    "select pid from pg_stat_activity where backend_type = 'checkpointer'",
  );
  assert.ok(checkpointer);
  // It writes everything down at the end; held up, the end takes as long as we like.
  process.kill(checkpointer.pid, "SIGSTOP");
  process.kill(server.pid, "SIGINT");
  let isOver = false;
  const asked = said().finally(() => {
    isOver = true;
  });
  await pause(700);
  assert.equal(isOver, false, "it answered while the server was being stopped");
  process.kill(checkpointer.pid, "SIGCONT");
  assert.equal(await asked, "shut down");
  assert.equal(await said(), "shut down");
});
