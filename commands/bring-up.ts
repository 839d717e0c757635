import { schemas, setUpDatabase } from "#apps/server/set-up";
import { systemClock } from "#kernel/clock";
import type { Release } from "#launcher/application/release";
import { openControl } from "#launcher/control";
import type { Instance } from "#launcher/instance";
import { type Launched, launch } from "#launcher/launch";
import type { Outside } from "#launcher/outside";
import { findLeader } from "#launcher/postgres/leader";
import { superuserName } from "#launcher/postgres/settings";
import { makeSites, type SiteOf } from "#launcher/sites";
import { type InstanceStatus, statusOf } from "#launcher/status";
import { openTarget, type Target, type TargetChoice } from "#launcher/target";
import { watch } from "#launcher/watch";
import type { Alarm } from "#launcher/watching/alarm";
import { askForAlerts } from "#launcher/watching/asked";
import { hearAlerts } from "#launcher/watching/heard";
import { isWatched } from "#topology/alerts/down";
import { componentOf, entranceOf, fillersOf, ofKind, type Topology } from "#topology/model";
import type { Tracing } from "#topology/wiring";
import { scheduleBases } from "./base-schedule.ts";
import { endFaultsFirst, endLeftFaults } from "./end-faults.ts";
import { makeReady } from "./first-start.ts";
import { checkout, databaseName, directoriesOf, schemaPassword } from "./instance.ts";
import { versionOf } from "./release.ts";
import { openReleases, openRolling } from "./rolling.ts";
import type { ServeSettings } from "./serve.ts";
import { openTlsOutside, type TlsOutside } from "./tls-outside.ts";
import { publicUrlOf } from "./up-options.ts";

export interface BringUpOptions {
  readonly instance: Instance;
  readonly topology: Topology;
  readonly target: TargetChoice;
  /** Where the shop is to be entered; taken as it is. */
  readonly host: string;
  readonly port: number;
  readonly outside: Outside;
  readonly trace?: Tracing;
  readonly demoProducts: number;
  readonly settings: ServeSettings;
  readonly signal: AbortSignal;
  say(line: string): void;
}

/** An instance whose every component runs and is looked after. */
export interface BroughtUp {
  readonly url: string;
  readonly launched: Launched;
  status(): Promise<InstanceStatus>;
  stop(): Promise<void>;
}

/**
 * Starts every component of an instance in order, sets its database up before the first application needs it, and
 * then brings back whatever dies. Throws LaunchRefused, MigrationRefused and CommandRefused; nothing runs then.
 */
export async function bringUp(options: BringUpOptions): Promise<BroughtUp> {
  const { instance, topology, say } = options;
  const { directory } = instance;
  // Faults end with the supervisor under whom they were begun.
  await endLeftFaults(instance, say);
  const target = await openTarget({ directory, topology, choice: options.target, say });
  try {
    return await bringUpOn(target, options);
  } catch (error) {
    await target.close();
    throw error;
  }
}

async function bringUpOn(target: Target, options: BringUpOptions): Promise<BroughtUp> {
  const { instance, topology, say } = options;
  const entrance = entranceOf(topology);
  const tls = await openTlsOutside(instance.directory, options.outside, say);
  const { url, door } = doorOf(target, options, tls?.asSaid);
  const releases = openReleases(releaseOf(options, url));
  const given = { instance, topology, target, say };
  const { siteOf, endpoints } = await makeSites({ ...given, releaseOf: releases.of, entrance: door });
  const launched = await launchPrepared(options, siteOf);
  await target.settle();
  const alarm = alarmOf(options, siteOf);
  const status = async (): Promise<InstanceStatus> => ({
    instance: instance.name,
    stage: topology.stage,
    stageName: topology.name,
    url,
    supervisor: process.pid,
    components: await statusOf(launched, target, endpoints),
    alerts: await alarm.list(),
  });
  const watching = watch(launched, target, say);
  const bases = basesOf(options, launched);
  const renewing = tls?.renewFor(() => launched.find(entrance));
  const control = await openControl({
    ...(endpoints["supervisor control"] ?? { port: 0 }),
    token: instance.secret("supervisor"),
    directory: instance.directory,
    alarm,
    status,
    roll: openRolling({
      launched,
      watch: watching,
      releases,
      endpointOf: (name) => siteOf(componentOf(topology, name), new Map()).endpoint("http"),
      token: instance.secret("supervisor"),
      say,
    }),
  });
  return {
    url,
    launched,
    status,
    stop: () =>
      stopAll([
        ...[control, ...(renewing ? [renewing] : []), watching, ...bases],
        ...[
          { stop: () => endFaultsFirst(instance, say) },
          { stop: target.release },
          launched,
          { stop: target.close },
        ],
      ]),
  };
}

/** How the shop is reached, and where its entrance listens: a host of our making has one address. */
function doorOf(
  target: Target,
  { topology, outside, host, port }: BringUpOptions,
  tls?: TlsOutside["asSaid"],
) {
  const component = entranceOf(topology);
  const { address } = target.hostOf(componentOf(topology, component).host);
  const { publicUrl } = publicUrlOf(outside);
  return {
    url: publicUrl ?? `${tls ? "https" : "http"}://${address}:${port}`,
    door: {
      component,
      host: target.kind === "hosts" ? address : host,
      port,
      ...(tls ? { tls: { ...tls, ...(publicUrl ? { publicUrl } : {}) } } : {}),
    },
  };
}

async function launchPrepared(options: BringUpOptions, siteOf: SiteOf): Promise<Launched> {
  const { topology, say } = options;
  let prepared: Promise<void> | undefined;
  return launch({
    topology,
    siteOf,
    say,
    beforeStart: async ({ name, kind }, running) => {
      if (kind !== "application") return;
      const servers = fillersOf(topology, name, "database").flatMap(
        (each) => running.get(each.name)?.local ?? [],
      );
      prepared ??= prepare(options, servers);
      await prepared;
    },
  });
}

/** From stage 2 on Prometheus judges and Alertmanager tells; before that applications judge themselves. */
function alarmOf({ topology, instance, say }: BringUpOptions, siteOf: SiteOf): Alarm {
  if (isWatched(topology)) return hearAlerts({ say, nowMs: systemClock.now });
  const applications = ofKind(topology, "application").map((each) => ({
    name: each.name,
    endpoint: siteOf(each, new Map()).endpoint("http"),
  }));
  return askForAlerts(applications, instance.secret("supervisor"));
}

/** One after the other, in this order. */
async function stopAll(parts: readonly { stop(): Promise<void> }[]): Promise<void> {
  for (const part of parts) await part.stop();
}

/** Copies of a cluster's database, a day apart; of one that is alone nobody keeps the log. */
function basesOf({ topology, instance, say }: BringUpOptions, launched: Launched) {
  const servers = ofKind(topology, "postgres");
  if (servers.every(({ guardian }) => guardian === "none")) return [];
  const { directory, superuserPassword: password } = instance;
  const local = () => servers.flatMap(({ name }) => launched.find(name)?.local ?? []);
  return [scheduleBases({ directory, password, servers: local, say })];
}

function releaseOf({ settings, instance, trace }: BringUpOptions, publicUrl: string): Release {
  return {
    directory: checkout,
    version: versionOf(checkout),
    publicUrl,
    settings,
    ...(trace ? { trace } : {}),
    directories: directoriesOf(instance.paths),
    secrets: [...schemas.map((schema) => `database ${schema}`), "sandbox", "redis", "files", "supervisor"],
  };
}

async function prepare(
  { instance, settings, demoProducts, say, signal }: BringUpOptions,
  servers: readonly { host: string; port: number }[],
): Promise<void> {
  const server = await findLeader(servers, instance.superuserPassword);
  const owner = { user: superuserName, password: instance.superuserPassword };
  await setUpDatabase({ ...server, ...owner }, databaseName, schemaPassword(instance));
  await makeReady(instance, settings.demo ? demoProducts : undefined, say, signal);
}
