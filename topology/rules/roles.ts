import { type Component, fillersOf, ofKind, outside, type Role, type Topology } from "../model.ts";
import { neverReady } from "../needs.ts";
import type { Finding, Rule } from "./rule.ts";

/** What a component cannot do without, and from which stage or number of others. */
function* rolesNeeded(topology: Topology, component: Component): Generator<readonly [Role, string]> {
  switch (component.kind) {
    case "application":
      yield ["database", "it keeps nothing itself"];
      if (ofKind(topology, "application").length > 1)
        yield ["files", "what one application takes in, another must be able to show"];
      break;
    case "postgres":
      if (component.guardian === "patroni") yield ["consensus", "Patroni asks it who leads"];
      break;
    case "nginx":
    case "haproxy":
      // A proxy before proxies leads to them by `entrance`.
      if (fillersOf(topology, component.name, "entrance").length === 0)
        yield ["http", "it only passes requests on"];
      break;
    case "prometheus":
      yield ["alerts", "somebody must be told"];
      break;
    default:
  }
}

const rolesAreFilled: Rule = {
  name: "roles-are-filled",
  check: (topology) =>
    topology.components.flatMap((component) =>
      [...rolesNeeded(topology, component)]
        .filter(([role]) => fillersOf(topology, component.name, role).length === 0)
        .map(([role, reason]) => ({
          message: `${component.name} has no road to ${role}: ${reason}.`,
          names: [component.name],
        })),
    ),
};

/** At stage 1 the application watches itself. */
const firstWatched = 2;

const someoneWatches: Rule = {
  name: "someone-watches",
  check: (topology) =>
    topology.stage < firstWatched || ofKind(topology, "prometheus").length > 0
      ? []
      : [{ message: "Nobody watches: from stage 2 on a topology has a prometheus.", names: [] }],
};

const someoneEnters: Rule = {
  name: "someone-enters",
  check: (topology) =>
    fillersOf(topology, outside, "entrance").length > 0
      ? []
      : [{ message: 'Nobody can come in: add a road "outside entrance …".', names: [outside] }],
};

/** Where there is a proxy, nobody comes in beside it: limits and client addresses are its word. */
const entranceIsTheProxy: Rule = {
  name: "entrance-is-the-proxy",
  check: (topology) => {
    const proxies = [...ofKind(topology, "nginx"), ...ofKind(topology, "haproxy")];
    const beside = fillersOf(topology, outside, "entrance").filter(({ kind }) => kind === "application");
    return proxies.length === 0
      ? []
      : beside.map(({ name }) => ({
          message: `Those who enter reach ${name} past the proxy. Route the entrance to ${proxies[0]?.name}.`,
          names: [name],
        }));
  },
};

/** Something that nobody leads to does nothing. Prometheus needs no road: it looks at everything. */
const everythingIsReached: Rule = {
  name: "everything-is-reached",
  check: (topology) => {
    // While nobody comes in at all, that is the thing to say.
    if (fillersOf(topology, outside, "entrance").length === 0) return [];
    const reached = new Set([outside, ...ofKind(topology, "prometheus").map(({ name }) => name)]);
    for (const name of reached) {
      for (const { from, role, to } of topology.roads) {
        if (from === name) reached.add(to);
        // These join equals: whoever knows one knows the other.
        if (to === name && (role === "follows" || role === "agrees")) reached.add(from);
      }
    }
    return topology.components
      .filter(({ name }) => !reached.has(name))
      .map(({ name }) => ({ message: `No road leads to ${name}. Add one, or remove it.`, names: [name] }));
  },
};

export const startsInOrder: Rule = {
  name: "starts-in-order",
  check: (topology): Finding[] => {
    const stuck = neverReady(topology);
    if (stuck.length === 0) return [];
    return [{ message: `None of ${stuck.join(", ")} can start before another of them.`, names: stuck }];
  },
};

export const roleRules: readonly Rule[] = [
  rolesAreFilled,
  someoneWatches,
  someoneEnters,
  entranceIsTheProxy,
  everythingIsReached,
];
