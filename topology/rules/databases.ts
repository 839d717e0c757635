import { componentOf, fillersOf, ofKind, type Postgres, type Road, type Topology } from "../model.ts";
import { type Finding, groupBy, type Rule } from "./rule.ts";

/** The server a member follows in the end; itself when it follows nobody, undefined in a circle. */
export function headOf(topology: Topology, name: string, seen: readonly string[] = []): string | undefined {
  if (seen.includes(name)) return undefined;
  const [followed] = fillersOf(topology, name, "follows");
  return followed ? headOf(topology, followed.name, [...seen, name]) : name;
}

/** Of the servers that one application uses for the same domains, one takes writes and all others follow it. */
const replicasFollow: Rule = {
  name: "replicas-follow",
  check: (topology) => [
    ...ofKind(topology, "postgres").flatMap(({ name }) => followsOneOther(topology, name)),
    ...groupBy(topology.roads.filter(isDatabase), useOf).flatMap((roads) => oneHead(topology, roads)),
  ],
};

/** The promise of a cluster is one: whichever member leads keeps it. */
const membersAgree: Rule = {
  name: "members-agree",
  check: (topology) =>
    ofKind(topology, "postgres").flatMap((server) => {
      const head = ofKind(topology, "postgres").find(({ name }) => name === headOf(topology, server.name));
      if (!head || head.unconfirmedWrites === server.unconfirmedWrites) return [];
      return [
        {
          message: `${server.name} and ${head.name} are of one cluster and differ in \`unconfirmedWrites\`.`,
          names: [server.name, head.name],
        },
      ];
    }),
};

function followsOneOther(topology: Topology, name: string): Finding[] {
  const followed = fillersOf(topology, name, "follows").map((each) => each.name);
  if (followed.length > 1)
    return [{ message: `${name} follows ${followed.join(" and ")}; it can follow one.`, names: [name] }];
  if (headOf(topology, name) !== undefined) return [];
  const whom = followed[0] === name ? "itself" : `${followed[0]}, which follows it in a circle`;
  return [
    { message: `${name} follows ${whom}: nobody takes writes. One must follow nobody.`, names: [name] },
  ];
}

function oneHead(topology: Topology, roads: readonly Road[]): Finding[] {
  const heads = new Set(roads.map((road) => headOf(topology, road.to)).filter((head) => head !== undefined));
  const [first, ...others] = heads;
  return others.map((other) => ({
    message: `${roads[0]?.from} would write to ${first} and to ${other}. Add road("${other}", "follows", "${first}").`,
    names: [other],
  }));
}

const isDatabase = (road: Road) => road.role === "database";
const useOf = ({ from, domains }: Road) => `${from} ${domains?.join() ?? ""}`;

/** The embedded server listens on a socket only, and one process watches over it. */
const embeddedStaysHome: Rule = {
  name: "embedded-stays-home",
  check: (topology) =>
    embedded(topology).flatMap(({ server, users }) =>
      users
        .filter((user) => user.host !== server.host)
        .map((user) => ({
          message: `${server.name} is embedded, which needs ${user.name} on the same host. Replace its engine.`,
          names: [server.name, user.name],
        })),
    ),
};

const embeddedServesOne: Rule = {
  name: "embedded-serves-one",
  check: (topology) =>
    embedded(topology)
      .filter(({ users }) => users.length > 1)
      .map(({ server, users }) => ({
        message: `${server.name} is embedded and serves one application, not ${users.length}. Replace its engine.`,
        names: [server.name, ...users.map(({ name }) => name)],
      })),
};

const embedded = (topology: Topology) =>
  ofKind(topology, "postgres")
    .filter(({ engine }) => engine === "embedded")
    .map((server) => ({ server, users: usersOf(topology, server) }));

const usersOf = (topology: Topology, { name }: Postgres) =>
  topology.roads
    .filter((road) => road.role === "database" && road.to === name)
    .map((road) => componentOf(topology, road.from));

/** `max_connections` of servers that the launcher sets up, by engine; a backend holds about 5 MB. */
export const admittedBy = { embedded: 100, distribution: 200 } as const;
/**
 * Not for applications: 3 of the superuser, 5 of Patroni and whoever measures, 20 of operators, backups and moves, and
 * of the moment in which an old and a new process overlap.
 */
const keptBack = 28;

/** Every member of a cluster may come to lead, so each must admit all that the applications may open. */
const connectionsSuffice: Rule = {
  name: "connections-suffice",
  check: (topology) =>
    ofKind(topology, "postgres").flatMap((server) => {
      const users = new Set(usersOf(topology, server));
      const admitted = admittedBy[server.engine];
      const asked = [...users].reduce(
        (sum, user) => sum + (user.kind === "application" ? user.connections : 0),
        0,
      );
      if (asked <= admitted - keptBack) return [];
      return [
        {
          message:
            `Applications may open ${asked} connections to ${server.name}, which has ${admitted - keptBack} ` +
            `for them. Give each ${Math.floor((admitted - keptBack) / users.size)} with \`connections\`.`,
          names: [server.name],
        },
      ];
    }),
};

export const databaseRules: readonly Rule[] = [
  replicasFollow,
  membersAgree,
  embeddedStaysHome,
  embeddedServesOne,
  connectionsSuffice,
];
