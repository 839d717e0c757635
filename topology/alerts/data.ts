import { fillersOf, ofKind, type Topology } from "../model.ts";
import { isWatched } from "./down.ts";
import { above, below, gap, latest } from "./figure.ts";
import type { AlertRule } from "./rule.ts";
import type { AlertThresholds } from "./thresholds.ts";

/** What is stored: late, on too few disks, wrong, or soon not to be reached. */
export function data(topology: Topology, t: AlertThresholds): AlertRule[] {
  const followers = ofKind(topology, "postgres")
    .filter(({ name }) => fillersOf(topology, name, "follows").length > 0)
    .map(({ name }) => name);
  return [
    eventsLate(t),
    ...(followers.length > 0 && isWatched(topology) ? replication(topology, t) : []),
    ...(isWatched(topology) ? archive(topology, t) : []),
    ...audit(t),
    {
      name: "certificate_expiring",
      severity: "warning",
      by: ["component"],
      when: [below(t.certificateSeconds, latest("min", "storey_certificate_valid_seconds"))],
      forSeconds: 0,
      shows: "seconds",
      summary: "The certificate of {component} holds for {value} more.",
      next:
        "Put a new one in its place: it is shown within seconds. One that was made here is renewed by starting " +
        "{component} again. Once it is over nobody can connect.",
    },
  ];
}

/** The same boxes are told of by every application: of what they say of one box the worst counts. */
const eventsLate = (t: AlertThresholds): AlertRule => ({
  name: "events_late",
  severity: "warning",
  by: ["domain", "box"],
  when: [above(t.eventsLateSeconds, latest("max", "storey_events_oldest_seconds"))],
  forSeconds: t.eventsLateForSeconds,
  shows: "seconds",
  summary: "An event in the {box} of {domain} has waited for {value}.",
  next: "Something keeps refusing it, and all that follows it waits: the applications' logs name the event and the error.",
});

function replication(topology: Topology, t: AlertThresholds): AlertRule[] {
  const servers = ofKind(topology, "postgres");
  const members = servers.map(({ name }) => name);
  const isAccepted = servers.some(({ unconfirmedWrites }) => unconfirmedWrites === "accepted");
  const number = (name: string) => ({ component: members.join("|"), name });
  return [
    {
      name: "replica_late",
      severity: "warning",
      by: ["component"],
      when: [above(t.replicaLateBytes, gap("storey_component_number", number("position")))],
      forSeconds: t.replicaLateForSeconds,
      shows: "bytes",
      summary: "{component} is {value} behind its leader.",
      next: "Nobody reads from it meanwhile. Look whether its disk or a long statement on it is the reason.",
    },
    {
      // Only the leader tells this number: a standby that fails is missed there, not at itself.
      name: "no_synchronous_standby",
      severity: "critical",
      by: [],
      when: [below(1, latest("max", "storey_component_number", number("synchronousStandbys")))],
      forSeconds: t.standbyForSeconds,
      shows: "number",
      summary: isAccepted
        ? "No standby of the database confirms writes: one disk alone holds the newest orders."
        : "No standby of the database confirms writes: orders are refused, for they could be lost.",
      next: "Bring a standby back: ./storey status shows which of them does not run or does not follow.",
    },
  ];
}

/** Only the leader of a cluster archives, and tells of it. */
function archive(topology: Topology, t: AlertThresholds): AlertRule[] {
  const members = ofKind(topology, "postgres").filter(({ guardian }) => guardian === "patroni");
  if (members.length === 0) return [];
  const number = (name: string) => ({ component: members.map((each) => each.name).join("|"), name });
  return [
    {
      name: "archive_fails",
      severity: "critical",
      by: ["component"],
      when: [above(0, latest("max", "storey_component_number", number("archiveFails")))],
      forSeconds: t.archiveForSeconds,
      shows: "number",
      summary: "{component} cannot put its log into the archive: nothing from now on could be brought back.",
      next: "Its own log says why; a full disk is likely. The log is kept until it works, and fills its disk meanwhile.",
    },
    {
      name: "base_backup_overdue",
      severity: "warning",
      by: ["component"],
      when: [above(t.baseAgeSeconds, latest("max", "storey_component_number", number("baseAgeSeconds")))],
      forSeconds: t.archiveForSeconds,
      shows: "seconds",
      summary: "The newest copy of the database is {value} old: to bring a moment back takes ever longer.",
      next: "The supervisor's log says why none was made since (./storey logs supervisor); ./storey backup --base makes one.",
    },
  ];
}

const audit = (t: AlertThresholds): AlertRule[] => [
  {
    name: "audit_violated",
    severity: "critical",
    by: ["invariant"],
    when: [above(0, latest("max", "storey_audit_broken"))],
    forSeconds: 0,
    shows: "number",
    summary: "What must always be true is not: {invariant}, {value} times.",
    next: "./storey audit names every offender. Stop payouts until it is understood; do not repair rows by hand.",
  },
  {
    name: "audit_overdue",
    severity: "warning",
    by: [],
    when: [above(t.auditAgeSeconds, latest("min", "storey_audit_age_seconds"))],
    forSeconds: t.auditForSeconds,
    shows: "seconds",
    summary: "No audit has ended for {value}.",
    next: "The log of the first application says why it fails or how long it takes; ./storey audit runs one now.",
  },
];
