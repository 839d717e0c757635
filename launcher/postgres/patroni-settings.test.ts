import assert from "node:assert/strict";
import { test } from "node:test";
import { type PatroniPlace, patroniSettings } from "./patroni-settings.ts";

const place: PatroniPlace = {
  cluster: "shop",
  name: "database-1",
  directory: "/somewhere",
  dataDir: "/somewhere/data",
  socketDir: "/somewhere/socket",
  binaries: { directory: "/usr/lib/postgresql/15/bin", major: 15 },
  listen: { host: "127.0.0.1", port: 5432 },
  rest: { host: "127.0.0.1", port: 8008 },
  consensus: [{ host: "127.0.0.1", port: 2181 }],
  certificate: { authorityFile: "/a.pem", certificateFile: "/c.pem", keyFile: "/k.pem" },
  archive: { wal: "/somewhere/archive/wal", base: "/somewhere/archive/base" },
  passwords: { superuser: "a", replication: "b", rest: "c" },
};

const promiseOf = (text: string) =>
  (JSON.parse(text) as { bootstrap: { dcs: Record<string, unknown> } }).bootstrap.dcs;

test("a write that no second disk holds is refused, unless the topology says otherwise", () => {
  const usual = promiseOf(patroniSettings(place));
  assert.deepEqual([usual["synchronous_mode"], usual["synchronous_mode_strict"]], [true, true]);
  const other = promiseOf(patroniSettings({ ...place, unconfirmedWrites: "accepted" }));
  assert.deepEqual([other["synchronous_mode"], other["synchronous_mode_strict"]], [true, false]);
});
