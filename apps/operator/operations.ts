import { type Clock, isoTime } from "#kernel/clock";
import { guarded } from "#kernel/door";
import { refuse } from "#kernel/refusal";
import { type FlagBoard, flagNames, isFlagName } from "#platform/flags/api";
import type { LoggedError } from "#platform/telemetry/errors";
import { type Health, type OperationsDoor, operationsDoor, type TopologyView } from "./api.ts";
import type { Audits } from "./audits.ts";
import type { Look } from "./look.ts";
import type { Monitor } from "./monitor.ts";
import type { Place } from "./sources.ts";

/** What operators' questions are answered from. */
export interface Watched {
  readonly place: Place;
  readonly clock: Clock;
  readonly monitor: Monitor;
  readonly audits: Audits;
  readonly flags: FlagBoard;
  errors(): readonly LoggedError[];
}

/** The operators' door: of all others this one hears of the topology. */
export const openOperations = (watched: Watched): OperationsDoor =>
  guarded(operationsDoor, {
    topology: async () => topologyView(watched.place),
    health: () => healthOf(watched),
    audit: () => watched.audits.run(),
    flags: async () => ({ items: [...watched.flags.all()], problem: watched.flags.problem() }),
    setFlag: async (_context, { name, on }) => {
      if (!isFlagName(name))
        return refuse(
          "operations.unknown_flag",
          `There is no flag ${name}. There are: ${flagNames.join(", ")}.`,
        );
      await watched.flags.set(name, on);
      const found = watched.flags.all().find((each) => each.name === name);
      if (!found) throw new Error(`the flag ${name} is not on the board`);
      return found;
    },
  });

function topologyView({ instance, topology, process }: Place): TopologyView {
  const { stage, name, hosts, components, roads } = topology;
  return {
    instance,
    stage,
    stageName: name,
    process,
    hosts: hosts.map(({ name, dataCentre }) => ({ name, dataCentre })),
    components: components.map(({ name, kind, host }) => ({ name, kind, host })),
    roads: roads.map(({ from, role, to }) => ({ from, role, to })),
  };
}

async function healthOf({ place, monitor, audits, errors }: Watched): Promise<Health> {
  const { look, moment } = await monitor.now();
  return {
    at: isoTime(moment.atMs),
    process: place.process,
    figures: moment.figures,
    components: [...moment.components],
    audit: verdictOf(look, audits),
    alerts: look.alerts.map(({ rule, severity, since, summary, next }) => ({
      rule,
      severity,
      since,
      summary,
      next,
    })),
    errors: errors().map(({ at, message, detail, trace }) => ({
      at: isoTime(at),
      process: place.process,
      message,
      detail,
      trace,
    })),
    errorsLogged: look.components.reduce((sum, { numbers }) => sum + (numbers["errorsLogged"] ?? 0), 0),
    problem: look.problem,
  };
}

const offendersMost = 20;

/** The last audit: of this process, or a later one that another application tells of in its numbers. */
function verdictOf({ components }: Look, audits: Audits): Health["audit"] {
  const own = audits.last();
  const heard = components.map(({ numbers: { auditedAtSeconds = 0, auditedBroken = 0 } }) => ({
    atMs: auditedAtSeconds * 1_000,
    broken: auditedBroken,
  }));
  const latest = heard.reduce((one, other) => (other.atMs > one.atMs ? other : one), { atMs: 0, broken: 0 });
  // Its own it knows sooner, and by name.
  if (latest.atMs > (own ? Date.parse(own.at) : 0)) {
    const { atMs, broken } = latest;
    return { at: isoTime(atMs), clean: broken === 0, broken, offenders: [] };
  }
  if (!own) return null;
  const { at, clean, broken } = own;
  return { at, clean, broken: broken.length, offenders: broken.slice(0, offendersMost) };
}
