// Before: every read and every write is the one database's work, and its death closes the shop.
// Now: a primary and two replicas under Patroni, which asks an ensemble of three ZooKeepers who leads.
// Costs: a replica is late; whoever wrote must be sent to one that knows it. A write waits for a second disk.
// Still: all business shares one database; stage 6 gives each its own.
import { add, host, nextStage, postgres, road, route, split, zookeeper } from "#topology/verbs";
import { reverseProxy } from "./04-reverse-proxy.ts";

const members = ["database-1", "database-2", "database-3"];
const ensemble = ["zookeeper-1", "zookeeper-2", "zookeeper-3"];

export const readReplicas = nextStage(5, "read-replicas", reverseProxy, [
  add(host("data-2"), host("data-3"), host("agree-1"), host("agree-2"), host("agree-3")),
  split("database", [
    postgres("database-1", { on: "data", guardian: "patroni" }),
    postgres("database-2", { on: "data-2", guardian: "patroni" }),
    postgres("database-3", { on: "data-3", guardian: "patroni" }),
  ]),
  add(
    zookeeper("zookeeper-1", { on: "agree-1" }),
    zookeeper("zookeeper-2", { on: "agree-2" }),
    zookeeper("zookeeper-3", { on: "agree-3" }),
    road("database-2", "follows", "database-1"),
    road("database-3", "follows", "database-1"),
    road("zookeeper-2", "agrees", "zookeeper-1"),
    road("zookeeper-3", "agrees", "zookeeper-1"),
  ),
  ...members.map((member) => route(member, "consensus", ensemble)),
]);
