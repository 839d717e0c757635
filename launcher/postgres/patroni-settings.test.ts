import assert from "node:assert/strict";
import { test } from "node:test";
import { type PatroniPlace, patroniSettings, withTag } from "./patroni-settings.ts";

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

test("a tag is put in and taken out, and nothing else is touched", () => {
  const usual = patroniSettings(place);
  const tagged = withTag(usual, "replicatefrom", "database-2");
  const { tags, ...rest } = JSON.parse(tagged) as { tags: Record<string, unknown> };
  const { tags: tagsBefore, ...before } = JSON.parse(usual) as { tags: Record<string, unknown> };
  assert.deepEqual(rest, before);
  assert.deepEqual(tags, { ...tagsBefore, replicatefrom: "database-2" });
  assert.deepEqual(JSON.parse(withTag(tagged, "replicatefrom", undefined)), JSON.parse(usual));
});
