import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { uses } from "#domains/graph.mjs";
import { singleMachine } from "#stages/01-single-machine";
import { caches } from "#stages/03-caches";
import { readReplicas } from "#stages/05-read-replicas";
import type { Domain, Topology } from "./model.ts";
import { problemsOf, ruleNames } from "./validate.ts";
import {
  add,
  application,
  cacheServer,
  fileServer,
  host,
  move,
  nextStage,
  postgres,
  proxy,
  remove,
  replace,
  road,
  route,
  type Step,
  split,
  zookeeper,
} from "./verbs.ts";

const domains = Object.keys(uses) as Domain[];
const allBut = (...some: Domain[]) => domains.filter((domain) => !some.includes(domain));

/** Two applications and what they share, on a topology that needs no second one of anything. */
const apart = (first: Domain[], second: Domain[], on = caches): Topology =>
  nextStage(on.stage, "apart", on, [
    split("app", [
      application("app", { on: "shop", domains: first, connections: 30 }),
      application("other", { on: "shop", slot: 1, domains: second, connections: 30 }),
    ]),
    add(fileServer("files", { on: "shop" }), road("app", "files", "files"), road("other", "files", "files")),
  ]);

/** What breaks each rule: a topology that is right, and the steps that make it wrong. */
const samples: readonly [rule: string, why: string, good: Topology, ...steps: Step[]][] = [
  ["names-are-unique", "a host named as a component", readReplicas, add(host("redis"))],
  ["names-are-unique", "a host named as those outside", readReplicas, add(host("outside"))],
  ["names-are-plain", "a blank in a name", readReplicas, add(host("rack 1"))],
  ["hosts-exist", "a component on no host", readReplicas, move("redis", "nowhere")],
  ["roads-end-somewhere", "a road to nothing", readReplicas, add(road("app-1", "cache", "nothing"))],
  ["roads-end-somewhere", "a road from nothing", readReplicas, add(road("nothing", "cache", "redis"))],
  ["one-per-port", "two applications in one slot", readReplicas, move("app-2", "shop")],
  ["roads-fit", "a cache for a database", readReplicas, add(road("app-1", "database", "redis"))],
  ["roads-fit", "what is no database follows", readReplicas, add(road("app-1", "follows", "database-1"))],
  ["roads-fit", "a way out", readReplicas, add(road("proxy", "entrance", "outside"))],
  ["roles-are-filled", "no database", readReplicas, route("app-1", "database", [])],
  ["roles-are-filled", "several applications, no files", readReplicas, route("app-1", "files", [])],
  ["roles-are-filled", "Patroni asks nobody", readReplicas, route("database-1", "consensus", [])],
  ["roles-are-filled", "Prometheus tells nobody", readReplicas, remove("alertmanager")],
  [
    "roles-are-filled",
    "a proxy before nothing",
    readReplicas,
    add(host("web-2"), proxy("haproxy", "idle", { on: "web-2" }), road("outside", "entrance", "idle")),
  ],
  ["someone-watches", "nobody watches", readReplicas, remove("prometheus"), remove("alertmanager")],
  ["someone-enters", "no entrance", readReplicas, route("outside", "entrance", [])],
  ["entrance-is-the-proxy", "past it", readReplicas, route("outside", "entrance", ["proxy", "app-1"])],
  [
    "everything-is-reached",
    "a cache that nobody asks",
    readReplicas,
    add(cacheServer("redis", "spare", { on: "cache", slot: 1, memoryMb: 64 })),
  ],
  [
    "starts-in-order",
    "two proxies before each other",
    readReplicas,
    add(
      proxy("haproxy", "left", { on: "web" }),
      proxy("haproxy", "right", { on: "web", slot: 1 }),
      road("outside", "entrance", "left"),
      road("left", "entrance", "right"),
      road("right", "entrance", "left"),
    ),
  ],
  ["domains-are-hosted", "nobody hosts analytics", apart(allBut("analytics"), allBut("analytics"))],
  [
    "calls-have-roads",
    "orders cannot call back",
    apart(allBut("order"), ["order"]),
    add(road("app", "rpc", "other")),
  ],
  [
    "calls-have-roads",
    "a road for another domain only",
    apart(allBut("search"), ["search"]),
    add(road("other", "rpc", "app", ["shop"])),
  ],
  [
    "domains-have-databases",
    "only orders have tables",
    caches,
    route("app", "database", []),
    route("app", "database", ["database"], ["order"]),
  ],
  ["replicas-follow", "a replica follows nothing", readReplicas, route("database-2", "follows", [])],
  [
    "members-agree",
    "one member would promise less than the others",
    readReplicas,
    replace(
      "database-2",
      postgres("database-2", { on: "data-2", guardian: "patroni", unconfirmedWrites: "accepted" }),
    ),
  ],
  ["replicas-follow", "itself", readReplicas, route("database-2", "follows", ["database-2"])],
  ["replicas-follow", "in a circle", readReplicas, route("database-1", "follows", ["database-3"])],
  ["replicas-follow", "two", readReplicas, add(road("database-3", "follows", "database-2"))],
  ["embedded-stays-home", "on another host", singleMachine, add(host("data")), move("database", "data")],
  ["embedded-serves-one", "two applications", apart(domains, domains, singleMachine)],
  [
    "connections-suffice",
    "one application takes too many",
    readReplicas,
    replace("app-1", application("app-1", { on: "shop", connections: 180 })),
  ],
  ["one-more-than-needed", "one application", readReplicas, remove("app-2")],
  [
    "one-more-than-needed",
    "both on one host",
    readReplicas,
    replace("app-2", application("app-2", { on: "shop", slot: 1, connections: 80 })),
  ],
  ["one-more-than-needed", "one database", readReplicas, remove("database-2"), remove("database-3")],
  [
    "one-more-than-needed",
    "one in each of two data centres",
    readReplicas,
    add(host("far", "there")),
    move("app-2", "far"),
  ],
  ["ensembles-hold-a-majority", "two agree", readReplicas, remove("zookeeper-3")],
  [
    "ensembles-hold-a-majority",
    "two on one host",
    readReplicas,
    replace("zookeeper-3", zookeeper("zookeeper-3", { on: "agree-2", slot: 1 })),
  ],
];

describe("the rules of a topology", () => {
  for (const [rule, why, good, ...steps] of samples) {
    it(`${rule}: ${why}`, () => {
      const problems = problemsOf(nextStage(good.stage, "broken", good, steps));
      const found = problems.map((problem) => `${problem.rule}: ${problem.message}`).join("\n");
      assert.deepEqual([...new Set(problems.map((problem) => problem.rule))], [rule], found);
      for (const { message } of problems) assert.match(message, /^\S.*[.]$/);
    });
  }

  it("have each a sample that breaks them, and names of their own", () => {
    assert.deepEqual([...new Set(samples.map(([rule]) => rule))].sort(), [...ruleNames].sort());
    assert.equal(new Set(ruleNames).size, ruleNames.length);
  });

  it("let applications that call each other through", () => {
    const order = apart(allBut("order"), ["order"]);
    const both = [road("app", "rpc", "other"), road("other", "rpc", "app")];
    assert.deepEqual(problemsOf(nextStage(3, "apart", order, [add(...both)])), []);
  });
});
