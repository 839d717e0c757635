import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { caches } from "#stages/03-caches";
import { readReplicas } from "#stages/05-read-replicas";
import { goesOn } from "./promise.ts";

const kill = (on: string) => ({ name: "kill", on }) as const;

describe("what a stage promises while something is away", () => {
  it("orders go on without what only helps", () => {
    for (const on of ["redis", "prometheus", "alertmanager"]) assert.ok(goesOn(caches, [kill(on)]), on);
  });

  it("nothing is promised while the only one of its kind is away", () => {
    for (const on of ["app", "database"]) assert.ok(!goesOn(caches, [kill(on)]), on);
  });

  it("one of several may be away, of those who agree less than half", () => {
    for (const on of ["app-1", "database-1", "zookeeper-3"]) assert.ok(goesOn(readReplicas, [kill(on)]), on);
    assert.ok(goesOn(readReplicas, [kill("app-1"), kill("database-2"), kill("zookeeper-1")]));
    for (const two of [
      ["app-1", "app-2"],
      ["database-1", "database-2"],
      ["zookeeper-1", "zookeeper-2"],
    ])
      assert.ok(!goesOn(readReplicas, two.map(kill)), two.join());
  });

  it("a host that goes takes along what stands on it", () => {
    assert.ok(goesOn(readReplicas, [{ name: "cut-off", on: "data" }]));
    assert.ok(!goesOn(readReplicas, [{ name: "cut-off", on: "web" }]));
    assert.ok(!goesOn(caches, [{ name: "freeze", on: "shop" }]));
  });

  it("nobody takes the place of one that only answers badly", () => {
    assert.ok(!goesOn(readReplicas, [{ name: "exhausted-connections", on: "database-1" }]));
    assert.ok(goesOn(readReplicas, [{ name: "lagging-replica", on: "database-2" }]));
    assert.ok(goesOn(caches, [{ name: "lost-cache", on: "redis" }]));
  });
});
