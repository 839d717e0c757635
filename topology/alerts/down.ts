import { type Kind, ofKind, type Topology } from "../model.ts";
import { below, latest } from "./figure.ts";
import type { AlertRule, Severity } from "./rule.ts";
import type { AlertThresholds } from "./thresholds.ts";

/** Those without which the shop goes on: with less, or more slowly. */
const dispensable: readonly Kind[] = ["redis", "memcached", "prometheus", "alertmanager"];

/** What to do first about one that does not answer. */
const nextOf: Partial<Record<Kind, string>> = {
  redis: "The shop reads from its database meanwhile: watch that one too.",
  memcached: "The shop reads from its database meanwhile: watch that one too.",
  files: "Pictures are missing; nothing can be uploaded.",
  prometheus: "Until it is back, nobody looks for anything else.",
  alertmanager: "Until it is back, you hear of nothing else.",
};

/** Components that do not answer, and too few of a kind. */
export function down(topology: Topology, t: AlertThresholds): AlertRule[] {
  const kinds = [...new Set(topology.components.map(({ kind }) => kind))];
  return [...kinds.flatMap((kind) => downOfKind(topology, kind, t)), ...silent(topology, t)];
}

function downOfKind(topology: Topology, kind: Kind, t: AlertThresholds): AlertRule[] {
  const names = ofKind(topology, kind).map(({ name }) => name);
  // A process that does not run cannot say so: where it watches itself, the rules are about what it uses.
  if (kind === "application" && !isWatched(topology)) return [];
  const where = { component: names.join("|") };
  const severity: Severity = names.length > 1 || dispensable.includes(kind) ? "warning" : "critical";
  const others = names.length > 1 ? `The other ${kind === "postgres" ? "servers" : "ones"} carry on.` : "";
  const one: AlertRule = {
    name: `${kind}_down`,
    severity,
    by: ["component", "host"],
    when: [below(1, latest("min", "storey_component_up", where))],
    forSeconds: t.downForSeconds,
    shows: "number",
    summary: "{component} on {host} does not answer.",
    next: ["Read what it said last: ./storey logs {component}.", nextOf[kind] ?? others].join(" ").trim(),
  };
  return names.length > 1 ? [one, tooFew(kind, names, t)] : [one];
}

/** An ensemble needs a majority to agree on anything; of all others one is enough to serve. */
function tooFew(kind: Kind, names: readonly string[], t: AlertThresholds): AlertRule {
  const needed = kind === "zookeeper" ? Math.floor(names.length / 2) + 1 : 1;
  return {
    name: `${kind}_too_few`,
    severity: "critical",
    by: ["kind"],
    when: [below(needed, latest("sum", "storey_component_up", { component: names.join("|") }))],
    forSeconds: Math.ceil(t.downForSeconds / 2),
    shows: "number",
    summary: `Of ${names.join(", ")} only {value} answer; ${needed} must.`,
    next: "Start with one of them: ./storey status shows why it does not answer, ./storey logs what it said last.",
  };
}

/** Whose numbers nobody hears: whatever else is wrong with it goes unseen. */
function silent(topology: Topology, t: AlertThresholds): AlertRule[] {
  if (!isWatched(topology)) return [];
  return [
    {
      name: "target_silent",
      severity: "warning",
      by: ["job", "component"],
      when: [below(1, latest("min", "up"))],
      forSeconds: t.downForSeconds,
      shows: "number",
      summary: "{component} tells Prometheus no numbers.",
      next: "Nothing else about it can be seen until it does. ./storey status says whether it runs, ./storey logs {component} why not.",
    },
  ];
}

/** Whether somebody else than the application itself looks. */
export const isWatched = (topology: Topology): boolean => ofKind(topology, "prometheus").length > 0;
