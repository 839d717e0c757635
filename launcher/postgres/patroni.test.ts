import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { type Component, ofKind } from "#topology/model";
import { add, zookeeper as ensembleMember, firstStage, host, postgres, road, route } from "#topology/verbs";
import type { Endpoint } from "#topology/wiring";
import type { Running, Site } from "../component.ts";
import { driverOf } from "../drivers.ts";
import { zookeeper as ensemble, java, patroni as need } from "../packages.ts";
import { whyMissing } from "../program.ts";
import { makeScratchSites, type ScratchSites } from "../scratch-site.ts";
import { dataDirectory } from "./data-directory.ts";
import { findLeader } from "./leader.ts";
import { findPostmaster } from "./postmaster.ts";
import { askServer } from "./superuser.ts";

const members = ["one", "two", "three"].map((name) => `database-${name}`);
const voters = ["a", "b", "c"].map((name) => `zookeeper-${name}`);
const topology = firstStage(5, "a cluster", [
  add(
    host("here"),
    ...members.map((name, slot) => postgres(name, { on: "here", slot, guardian: "patroni" })),
    ...voters.map((name, slot) => ensembleMember(name, { on: "here", slot })),
    road(members[1] ?? "", "follows", members[0] ?? ""),
    road(members[2] ?? "", "follows", members[0] ?? ""),
  ),
  ...members.map((name) => route(name, "consensus", voters)),
]);

const skip = whyMissing(need) || whyMissing(ensemble) || whyMissing(java);

describe("a cluster under Patroni", { skip }, () => {
  test("agrees on one leader; when its host dies another leads and has lost nothing; it rejoins", async (t) => {
    await using sites = await makeScratchSites(topology);
    const startAll = async (kind: "zookeeper" | "postgres") =>
      Promise.all(ofKind(topology, kind).map((component) => start(sites, component)));
    const voting = await startAll("zookeeper");
    assert.equal(await count(voting, "leads"), 1);
    const cluster = await startAll("postgres");
    assert.deepEqual(await Promise.all(cluster.map(({ running }) => running.ailment())), [
      undefined,
      undefined,
      undefined,
    ]);
    await until(async () => (await count(cluster, "synchronousStandbys")) >= 1);
    const password = sites.siteOf(topology.components[0] ?? { name: "" }).secret("superuser");
    const leader = await leaderOf(cluster, password);
    const others = cluster.filter((member) => member !== leader);

    await run(leader, password, "create table word (said text primary key)");
    await run(leader, password, "insert into word values ('acknowledged')");
    const killedAt = performance.now();
    await killHost(leader);
    const next = await leaderOf(others, password);
    t.diagnostic(`another leads after ${Math.round(performance.now() - killedAt)} ms`);
    assert.deepEqual(await run(next, password, "select said from word"), [{ said: "acknowledged" }]);
    await run(next, password, "insert into word values ('after')");
    t.diagnostic(`writes again after ${Math.round(performance.now() - killedAt)} ms`);

    const again = await start(sites, leader.component);
    await until(async () => {
      const rows = await run(again, password, "select said from word order by said").catch(() => []);
      return rows.length === 2;
    });
    assert.equal((await again.running.metrics())["leads"], 0);
    const members = [again, ...others];
    await until(async () => (await count(members, "synchronousStandbys")) >= 1);
    await Promise.all(members.map(({ running }) => running.stop()));
    await Promise.all(voting.map(({ running }) => running.stop()));
  });
});

interface Member {
  readonly component: Component;
  readonly site: Site;
  readonly running: Running;
}

async function start(sites: ScratchSites, component: Component): Promise<Member> {
  const site = sites.siteOf(component);
  return { component, site, running: await driverOf(component).start(component, site) };
}

const count = async (members: readonly Member[], number: string): Promise<number> => {
  const all = await Promise.all(members.map(({ running }) => running.metrics()));
  return all.reduce((sum, each) => sum + (each[number] ?? 0), 0);
};

async function leaderOf(members: readonly Member[], password: string): Promise<Member> {
  const local = members.map(({ running }) => running.local as Endpoint);
  const leader = await findLeader(local, password);
  return members.find(({ running }) => running.local === leader) as Member;
}

/** What happens when a machine loses its power: both are gone at once and say goodbye to nobody. */
async function killHost({ site, running }: Member): Promise<void> {
  const postmaster = await findPostmaster(site.host, dataDirectory(site, "distribution"));
  assert.ok(postmaster);
  process.kill(running.process.pid, "SIGKILL");
  process.kill(postmaster.pid, "SIGKILL");
}

/** A write waits for the server that confirms it. */
const run = ({ running }: Member, password: string, statement: string): Promise<object[]> =>
  askServer<object>(running.local as Endpoint, password, statement, { withinMs: 60_000 });

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (const deadline = performance.now() + 60_000; performance.now() < deadline; await pause(50)) {
    if (await isSo()) return;
  }
  assert.fail("it did not come about within a minute");
}
