import { type Component, type Kind, ofKind, type Topology } from "../model.ts";
import { headOf } from "./databases.ts";
import { hostedBy } from "./domains.ts";
import { type Finding, groupBy, type Rule } from "./rule.ts";

/** The stage that introduces a second one; from there on there is never only one. */
const redundantFrom: Partial<Readonly<Record<Kind, number>>> = {
  application: 4,
  postgres: 5,
  nginx: 8,
  haproxy: 8,
};

/** In each data centre where it stands, on different hosts: the death of a machine leaves one that does the same. */
const oneMoreThanNeeded: Rule = {
  name: "one-more-than-needed",
  check: (topology) =>
    (Object.entries(redundantFrom) as [Kind, number][])
      .filter(([, from]) => topology.stage >= from)
      .flatMap(([kind]) => alone(topology, ofKind(topology, kind))),
};

function alone(topology: Topology, components: readonly Component[]): Finding[] {
  const groups = groupBy(components, (each) => `${dataCentreOf(topology, each)} ${workOf(topology, each)}`);
  return groups
    .filter((group) => new Set(group.map(({ host }) => host)).size < 2)
    .map((group) => ({
      message:
        `In data centre "${dataCentreOf(topology, group[0])}" only host ${group[0]?.host} carries ` +
        `${group.map(({ name }) => name).join(" and ")}. Add another on a host of its own.`,
      names: group.map(({ name }) => name),
    }));
}

const dataCentreOf = ({ hosts }: Topology, component?: Component): string | undefined =>
  hosts.find((host) => host.name === component?.host)?.dataCentre;

/** What a component does that another could do in its place. */
function workOf(topology: Topology, component: Component): string {
  if (component.kind === "application")
    return `hosts ${[...hostedBy(component)].sort()} opens ${[...component.opens].sort()}`;
  if (component.kind === "postgres") return `follows ${headOf(topology, component.name)}`;
  return component.kind;
}

/** Half of an even number is no majority; of one or two, none may be lost. */
const fewestAgree = 3;
const ensemblesFrom = 5;

const ensemblesHoldAMajority: Rule = {
  name: "ensembles-hold-a-majority",
  check: (topology) =>
    topology.stage < ensemblesFrom
      ? []
      : ensemblesOf(topology).flatMap((names) => {
          const hosts = topology.components
            .filter(({ name }) => names.includes(name))
            .map(({ host }) => host);
          if (names.length < fewestAgree || names.length % 2 === 0)
            return [
              {
                message: `${names.join(", ")}: ${names.length} agree, and an ensemble has 3, 5 or 7 members.`,
                names,
              },
            ];
          if (new Set(hosts).size === hosts.length) return [];
          return [{ message: `${names.join(", ")} share a host: its death may take the majority.`, names }];
        }),
};

/** Members of an ensemble are those that roads `agrees` join, in whatever direction. */
function ensemblesOf(topology: Topology): string[][] {
  const joins = topology.roads.filter(({ role }) => role === "agrees");
  const ensembles: string[][] = [];
  for (const { name } of ofKind(topology, "zookeeper")) {
    if (ensembles.some((members) => members.includes(name))) continue;
    const members = new Set([name]);
    for (const member of members) {
      for (const { from, to } of joins) {
        if (from === member) members.add(to);
        if (to === member) members.add(from);
      }
    }
    ensembles.push([...members]);
  }
  return ensembles;
}

export const redundancyRules: readonly Rule[] = [oneMoreThanNeeded, ensemblesHoldAMajority];
