import { componentOf, fills, outside, type Road, type Topology } from "../model.ts";
import { groupBy, type Rule, repeated } from "./rule.ts";

// What must hold before anything else can be asked. While one of these is broken no other rule is looked at.

const namesAreUnique: Rule = {
  name: "names-are-unique",
  check: ({ hosts, components }) =>
    repeated([outside, ...hosts.map(({ name }) => name), ...components.map(({ name }) => name)]).map(
      (name) => ({
        message: `Two things are called "${name}"; hosts and components share one set of names. Rename one.`,
        names: [name],
      }),
    ),
};

/** Names become file names, DNS labels and attributes of the picture. */
const namesArePlain: Rule = {
  name: "names-are-plain",
  check: ({ hosts, components }) =>
    [...hosts, ...components]
      .filter(({ name }) => !/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name) || name.length > 40)
      .map(({ name }) => ({
        message: `"${name}" is no name: small letters, digits and single dashes, 40 at most.`,
        names: [name],
      })),
};

const hostsExist: Rule = {
  name: "hosts-exist",
  check: ({ hosts, components }) =>
    components
      .filter((component) => !hosts.some((host) => host.name === component.host))
      .map(({ name, host }) => ({
        message: `${name} stands on "${host}", which is no host. Add host("${host}"), or move ${name}.`,
        names: [name, host],
      })),
};

const roadsEndSomewhere: Rule = {
  name: "roads-end-somewhere",
  check: ({ components, roads }) =>
    roads.flatMap((road) => {
      const known = [outside, ...components.map(({ name }) => name)];
      const missing = [road.from, road.to].filter((end) => !known.includes(end));
      return missing.map((end) => ({
        message: `The ${say(road)} ends at "${end}", which is no component. Add it, or remove the road.`,
        names: [end],
      }));
    }),
};

const onePerPort: Rule = {
  name: "one-per-port",
  check: ({ components }) =>
    groupBy(components, ({ kind, host, slot }) => `${kind} ${host} ${slot}`)
      .filter((group) => group.length > 1)
      .map((group) => ({
        message: `${list(group)} would take the same ports of ${group[0]?.host}. Give each a slot of its own.`,
        names: group.map(({ name }) => name),
      })),
};

/** Shape, part one: names and places. */
export const nameRules: readonly Rule[] = [
  namesAreUnique,
  namesArePlain,
  hostsExist,
  roadsEndSomewhere,
  onePerPort,
];

/** A road leads to what can fill its role; `follows` and `agrees` join two of one kind. */
export const roadsFit: Rule = {
  name: "roads-fit",
  check: (topology) =>
    topology.roads
      .filter((road) => !fits(topology, road))
      .map((road) => ({
        message: `The ${say(road)} leads to what cannot be that. It can be: ${canFill(road) || "nothing yet"}.`,
        names: [road.from, road.to],
      })),
};

function fits(topology: Topology, { from, role, to }: Road): boolean {
  if (to === outside) return false;
  const { kind } = componentOf(topology, to);
  if (!fills[kind].includes(role)) return false;
  if (role !== "follows" && role !== "agrees") return true;
  return from !== outside && componentOf(topology, from).kind === kind;
}

const canFill = ({ role }: Road) =>
  Object.entries(fills)
    .filter(([, roles]) => roles.includes(role))
    .map(([kind]) => kind)
    .join(", ");

const say = ({ from, role, to }: Road) => `road "${from} ${role} ${to}"`;

const list = (things: readonly { name: string }[]) => things.map(({ name }) => name).join(" and ");
