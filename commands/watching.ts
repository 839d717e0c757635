import type { ServerSettings } from "#apps/server/settings";
import { driverOf } from "#launcher/drivers";
import { isWatched } from "#topology/alerts/down";
import { alertRules } from "#topology/alerts/rules";
import { componentOf, fillersOf, ofKind, type Topology } from "#topology/model";

/** What an application of a topology has to watch: itself where nobody else does, and the data if it is the first. */
export function watchingOf(topology: Topology, name: string): Pick<ServerSettings, "watch" | "audits"> {
  const isFirst = ofKind(topology, "application")[0]?.name === name;
  return {
    ...(isFirst ? { audits: {} } : {}),
    ...(isWatched(topology) ? {} : { watch: ofOneself(topology, name) }),
  };
}

function ofOneself(topology: Topology, name: string): NonNullable<ServerSettings["watch"]> {
  const own = componentOf(topology, name);
  const [database] = fillersOf(topology, name, "database");
  if (!database) throw new Error(`${name} has no database`);
  return {
    rules: alertRules(topology),
    labels: { component: name, host: own.host },
    database: { component: database.name, host: database.host },
    memoryBudgetBytes: driverOf(own).memoryMb(own) * 1024 ** 2,
  };
}
